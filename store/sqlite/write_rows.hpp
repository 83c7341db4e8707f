#pragma once
#include "core/model/ids.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Runs one statement whose parameters `bind` sets.
template <typename Bind>
Status run(Database& database, const char* sql, Bind&& bind) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use);
  return use.run();
}

/// Saves one row of a brand after another; `bind` sets the parameters behind the brand.
template <typename Rows, typename Bind>
Status save_all(Database& database, const char* sql, BrandId brand, const Rows& rows, Bind bind) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  for (const auto& row : rows) {
    Statement::Use use(*statement);
    use.bind(brand.value);
    bind(use, row);
    if (auto status = use.run(); !status) return status;
  }
  return Done{};
}

}  // namespace earshot::store::sqlite
