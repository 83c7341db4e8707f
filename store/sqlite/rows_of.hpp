#pragma once
#include <vector>

#include "core/base/clock.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Runs `sql`, binds with `bind`, and turns each row into one element.
template <typename Row, typename Bind, typename Read>
Result<std::vector<Row>> rows_of(Database& database, std::string_view sql, Bind&& bind, Read&& read) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use);
  std::vector<Row> rows;
  while (use.step()) rows.push_back(read(use));
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

inline std::optional<Timestamp> optional_time(const Statement::Use& use, int column) {
  if (const auto ms = use.optional_integer(column)) return from_ms(*ms);
  return std::nullopt;
}

}  // namespace earshot::store::sqlite
