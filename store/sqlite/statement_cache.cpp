#include "store/sqlite/statement_cache.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "core/base/hash.hpp"

namespace earshot::store::sqlite {

sqlite3_stmt* StatementCache::take(std::string_view sql) {
  const auto text = hash64(sql);
  const auto found = std::ranges::find_if(
      idle_, [&](const Idle& idle) { return idle.text == text && sqlite3_sql(idle.statement.get()) == sql; });
  if (found == idle_.end()) return nullptr;
  auto* const statement = found->statement.release();
  idle_.erase(found);
  return statement;
}

void StatementCache::give_back(sqlite3_stmt* statement) noexcept {
  if (idle_.size() == kept_max) idle_.erase(idle_.begin());
  idle_.push_back({.text = hash64(sqlite3_sql(statement)), .statement = StatementHandle(statement)});
}

void ReleaseStatement::operator()(sqlite3_stmt* statement) const noexcept {
  if (cache)
    cache->give_back(statement);
  else
    sqlite3_finalize(statement);
}

}  // namespace earshot::store::sqlite
