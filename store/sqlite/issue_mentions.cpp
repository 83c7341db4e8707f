// Who speaks of a brand's issue types.
#include "core/model/identity.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {

std::string issue_mentions_sql() {
  return "SELECT v.mention_id,v.issues,m.author_key FROM verdict v INDEXED BY verdict_brand "
         "CROSS JOIN mention m ON m.mention_id=v.mention_id "
         "WHERE v.brand_id=? AND v.mention_id>=? AND v.mention_id<? AND v.issues<>0 AND v.match<>" +
         std::to_string(static_cast<int>(MatchKind::own)) + " AND (v.intents&" +
         std::to_string(std::uint64_t{1} << static_cast<unsigned>(Intent::spam)) +
         ")=0 ORDER BY v.mention_id DESC LIMIT ?";
}

Result<std::vector<IssueRow>> SqliteReader::issue_mentions(const HistoryPage& page) {
  return rows_of<IssueRow>(
      database_, issue_mentions_sql(), [&](Statement::Use& use) { sqlite::bind(use, page); },
      [](const Statement::Use& use) {
        return IssueRow{.id = MentionId{use.integer(0)},
                        .issues = static_cast<std::uint64_t>(use.integer(1)),
                        .author_key = static_cast<std::uint64_t>(use.integer(2))};
      });
}

}  // namespace earshot::store::sqlite
