#pragma once
#include <catch2/catch.hpp>
#include <string>

#include "store/sqlite/database.hpp"

namespace earshot::test {

/// How SQLite would answer a query, a step per line.
inline std::string plan(store::sqlite::Database& database, const std::string& sql) {
  auto statement = store::sqlite::Statement::prepare(database, "EXPLAIN QUERY PLAN " + sql);
  REQUIRE(statement);
  store::sqlite::Statement::Use use(*statement);
  std::string out;
  while (use.step()) out += std::string(use.text(3)) + "\n";
  return out;
}

}  // namespace earshot::test
