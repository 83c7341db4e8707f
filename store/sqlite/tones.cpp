// How a brand's issue types are spoken of, and who speaks of them.
#include "core/model/identity.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {

// As in the rollups: without the brand's own posts and spam, deleted mentions stay counted.
std::string tones_sql() {
  return "SELECT v.polarity,v.issues,count(*) FROM verdict v INDEXED BY verdict_brand "
         "WHERE v.brand_id=? AND v.mention_id>=? AND v.mention_id<? AND v.polarity<>" +
         std::to_string(static_cast<int>(Polarity::unscored)) + " AND v.match<>" +
         std::to_string(static_cast<int>(MatchKind::own)) + " AND (v.intents&" +
         std::to_string(std::uint64_t{1} << static_cast<unsigned>(Intent::spam)) +
         ")=0 GROUP BY v.polarity,v.issues ORDER BY 3 DESC,1,2";
}

Result<std::vector<ToneCount>> SqliteReader::tones(BrandId brand, Timestamp since, Timestamp until) {
  return rows_of<ToneCount>(
      database_, tones_sql(),
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(identity::make_id(since, 0).value).bind(identity::make_id(until, 0).value);
      },
      [](const Statement::Use& use) {
        return ToneCount{.polarity = static_cast<Polarity>(use.integer(0)),
                         .issues = static_cast<std::uint64_t>(use.integer(1)),
                         .mentions = use.integer(2)};
      });
}

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
