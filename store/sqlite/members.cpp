#include "store/sqlite/members.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {

Status replace_members(Database& database, const MemberSql& sql, std::int64_t owner,
                       std::span<const MentionId> members) {
  std::vector<MentionId> wanted(members.begin(), members.end()), came, went;
  std::ranges::sort(wanted);
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  const auto there = rows_of<MentionId>(
      database, sql.list, [&](Statement::Use& use) { use.bind(owner); },
      [](const Statement::Use& use) { return MentionId{use.integer(0)}; });
  if (!there) return unexpected(there.error());
  std::ranges::set_difference(wanted, *there, std::back_inserter(came));
  std::ranges::set_difference(*there, wanted, std::back_inserter(went));
  for (const auto& [statement_sql, changed] : {std::pair(sql.drop, &went), std::pair(sql.save, &came)}) {
    if (changed->empty()) continue;
    auto statement = Statement::prepare(database, statement_sql);
    if (!statement) return unexpected(statement.error());
    for (const auto member : *changed) {
      Statement::Use use(*statement);
      use.bind(owner).bind(member.value);
      if (auto status = use.run(); !status) return status;
    }
  }
  return Done{};
}

}  // namespace earshot::store::sqlite
