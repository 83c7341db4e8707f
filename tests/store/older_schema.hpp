#pragma once
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "store/sqlite/database.hpp"

namespace earshot::test {

/// Takes from a database what came after schema 6, and its views, which the next start makes anew.
inline void undo_to_schema_6(store::sqlite::Database& database) {
  std::vector<std::string> views;
  {
    auto statement =
        store::sqlite::Statement::prepare(database, "SELECT name FROM sqlite_schema WHERE type='view'");
    REQUIRE(statement);
    store::sqlite::Statement::Use use(*statement);
    while (use.step()) views.emplace_back(use.text(0));
  }
  for (const auto& view : views) REQUIRE(database.execute(("DROP VIEW " + view).c_str()));
  REQUIRE(database.execute(
      "ALTER TABLE source DROP COLUMN quota_limit; ALTER TABLE source DROP COLUMN quota_remaining;"
      "ALTER TABLE source DROP COLUMN quota_resets_at;"
      "ALTER TABLE source DROP COLUMN hydrated_at; ALTER TABLE source DROP COLUMN hydrate_asked;"
      "ALTER TABLE source DROP COLUMN hydrate_gone; ALTER TABLE source DROP COLUMN hydrate_overdue;"
      "ALTER TABLE source DROP COLUMN hydrate_oldest_at; ALTER TABLE source DROP COLUMN poll_rate;"
      "ALTER TABLE gap DROP COLUMN rate;"
      "DROP TABLE erasure;"
      "DROP TABLE misled_mention; DROP TABLE misled; DROP TABLE misled_told; DROP TABLE claim;"
      "DROP TABLE campaign; DROP TABLE idea_day; DROP TABLE idea_answer;"
      "ALTER TABLE idea DROP COLUMN published_at;"
      "DROP TABLE person_role; DROP TABLE person; DROP TABLE stance_step; DROP TABLE defence;"
      "DROP TABLE person_event; DROP TABLE promise; DROP TABLE praise; DROP TABLE conduct;"
      "DROP TABLE conduct_day; ALTER TABLE waiting DROP COLUMN due_at;"
      "ALTER TABLE response_day DROP COLUMN open_median_s;"
      "ALTER TABLE response_day DROP COLUMN open_slow_s;"
      "ALTER TABLE response_day DROP COLUMN late;"
      "DROP TABLE rollup_product; DROP TABLE rollup_day; DROP TABLE rollup_day_issue;"
      "DROP TABLE rollup_day_language; DROP TABLE rollup_day_product; DROP TABLE journey_day;"
      "DROP INDEX journey_outcome; DROP INDEX waiting_priority;"
      "ALTER TABLE waiting DROP COLUMN at_risk;"
      "DROP TABLE delivery; DROP TABLE destination; DROP TABLE rollup_language;"
      "DROP TABLE label; DROP TABLE incident_decision; DROP TABLE waiting_decision;"
      "ALTER TABLE idea DROP COLUMN owner; ALTER TABLE idea DROP COLUMN due;"
      "ALTER TABLE idea DROP COLUMN url; ALTER TABLE idea DROP COLUMN note;"
      "ALTER TABLE idea DROP COLUMN decided_at; ALTER TABLE verdict DROP COLUMN labelled;"
      "DELETE FROM baseline WHERE issue_id<>-1;"
      "CREATE TABLE baseline_before AS SELECT brand_id,source_id,metric,hour_of_week,centre,"
      "spread,weeks,computed_at FROM baseline;"
      "DROP TABLE baseline;"
      "CREATE TABLE baseline(brand_id INTEGER NOT NULL,source_id INTEGER NOT NULL,"
      "metric TEXT NOT NULL,hour_of_week INTEGER NOT NULL,centre REAL NOT NULL,"
      "spread REAL NOT NULL,weeks INTEGER NOT NULL,computed_at INTEGER NOT NULL,"
      "PRIMARY KEY(brand_id,source_id,metric,hour_of_week)) STRICT, WITHOUT ROWID;"
      "INSERT INTO baseline SELECT * FROM baseline_before; DROP TABLE baseline_before;"
      "PRAGMA user_version=6"));
}

}  // namespace earshot::test
