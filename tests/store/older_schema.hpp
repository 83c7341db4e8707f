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
      "DROP TABLE misled_mention; DROP TABLE misled; DROP TABLE misled_told; DROP TABLE claim;"
      "DROP TABLE campaign; DROP TABLE idea_day; DROP TABLE idea_answer;"
      "ALTER TABLE idea DROP COLUMN published_at;"
      "DROP TABLE delivery; DROP TABLE destination; DROP TABLE rollup_language;"
      "DROP TABLE label; DROP TABLE incident_decision; DROP TABLE waiting_decision;"
      "ALTER TABLE idea DROP COLUMN owner; ALTER TABLE idea DROP COLUMN due;"
      "ALTER TABLE idea DROP COLUMN url; ALTER TABLE idea DROP COLUMN note;"
      "ALTER TABLE idea DROP COLUMN decided_at; ALTER TABLE verdict DROP COLUMN labelled;"
      "PRAGMA user_version=6"));
}

}  // namespace earshot::test
