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
      "DROP TABLE person_role; DROP TABLE person; DROP TABLE stance_step; DROP TABLE defence;"
      "DROP TABLE person_event; DROP TABLE promise; DROP TABLE praise; DROP TABLE conduct;"
      "DROP TABLE conduct_day; ALTER TABLE waiting DROP COLUMN due_at;"
      "ALTER TABLE response_day DROP COLUMN open_median_s;"
      "ALTER TABLE response_day DROP COLUMN open_slow_s;"
      "ALTER TABLE response_day DROP COLUMN late;"
      "DROP TABLE delivery; DROP TABLE destination; DROP TABLE rollup_language;"
      "DROP TABLE label; DROP TABLE incident_decision; DROP TABLE waiting_decision;"
      "ALTER TABLE idea DROP COLUMN owner; ALTER TABLE idea DROP COLUMN due;"
      "ALTER TABLE idea DROP COLUMN url; ALTER TABLE idea DROP COLUMN note;"
      "ALTER TABLE idea DROP COLUMN decided_at; ALTER TABLE verdict DROP COLUMN labelled;"
      "PRAGMA user_version=6"));
}

}  // namespace earshot::test
