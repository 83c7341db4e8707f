#include "store/sqlite/fresh_rows.hpp"

#include "core/base/assert.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {

Result<FreshRows> FreshRows::create(Database& database, const std::string& table) {
  FreshRows out;
  out.database_ = &database;
  out.table_ = table;
  out.fresh_ = "fresh_" + table;
  auto columns = rows_of<std::pair<std::string, bool>>(
      database, "SELECT name,pk FROM pragma_table_info('" + table + "') ORDER BY cid", [](Statement::Use&) {},
      [](const Statement::Use& use) { return std::pair(std::string(use.text(0)), use.integer(1) != 0); });
  if (!columns) return unexpected(columns.error());
  EARSHOT_ASSERT(!columns->empty());
  out.columns_ = std::move(*columns);
  std::string key, places;
  for (const auto& [name, in_key] : out.columns_) {
    if (in_key) key += (key.empty() ? "" : ",") + name;
    places += places.empty() ? "?" : ",?";
  }
  auto made = database.execute(("CREATE TEMP TABLE IF NOT EXISTS " + out.fresh_ + " AS SELECT * FROM main." +
                                table + " WHERE 0;CREATE UNIQUE INDEX IF NOT EXISTS temp." + out.fresh_ +
                                "_key ON " + out.fresh_ + "(" + key + ");DELETE FROM temp." + out.fresh_)
                                   .c_str());
  if (!made) return unexpected(made.error());
  out.add_sql_ = "INSERT OR REPLACE INTO temp." + out.fresh_ + " VALUES(" + places + ")";
  return out;
}

std::string FreshRows::same(bool all) const {
  std::string out;
  for (const auto& [name, in_key] : columns_)
    if (in_key || all) out += (out.empty() ? "t." : " AND t.") + name + (in_key ? "=" : " IS ") + "f." + name;
  return out;
}

Status FreshRows::drop_if(const std::string& condition) {
  return database_->execute(("DELETE FROM temp." + fresh_ + " WHERE " + condition).c_str());
}

Status FreshRows::replace(const std::string& scope, BrandId brand, std::int64_t since) {
  const auto drop = "DELETE FROM main." + table_ + " AS t WHERE " + scope +
                    " AND NOT EXISTS (SELECT 1 FROM temp." + fresh_ + " f WHERE " + same(false) + ")";
  auto status =
      run(*database_, drop.c_str(), [&](Statement::Use& use) { use.bind(brand.value).bind(since); });
  if (status)
    status = database_->execute(("INSERT OR REPLACE INTO main." + table_ + " SELECT * FROM temp." + fresh_ +
                                 " f WHERE NOT EXISTS (SELECT 1 FROM main." + table_ + " t WHERE " +
                                 same(true) + ");DELETE FROM temp." + fresh_)
                                    .c_str());
  return status;
}

}  // namespace earshot::store::sqlite
