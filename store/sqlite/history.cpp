// What the insight jobs read: a brand's history backwards, in pages, with the rows that no finding may rest
// on left out.
#include "core/model/identity.hpp"
#include "store/sqlite/reader.hpp"

namespace earshot::store::sqlite {
namespace {

std::string bit(Intent intent) { return std::to_string(std::uint64_t{1} << static_cast<unsigned>(intent)); }
std::string bit(IssueType type) { return std::to_string(std::uint64_t{1} << static_cast<unsigned>(type)); }

constexpr const char* range = "WHERE v.brand_id=? AND v.mention_id>=? AND v.mention_id<? ";
constexpr const char* newest = "ORDER BY v.mention_id DESC LIMIT ?";
const std::string not_own = "AND v.match<>" + std::to_string(static_cast<int>(MatchKind::own)) + " ";
const std::string not_spam = "AND (v.intents&" + bit(Intent::spam) + ")=0 ";
const std::string heard = not_own + not_spam + "AND m.deleted_at IS NULL ";

}  // namespace

void bind(Statement::Use& use, const HistoryPage& page) {
  auto until = identity::make_id(page.until, 0);
  if (page.before && *page.before < until) until = *page.before;
  use.bind(page.brand.value).bind(identity::make_id(page.since, 0).value).bind(until.value);
  use.bind(static_cast<std::int64_t>(page.limit));
}

std::string troubles_sql() {
  return "SELECT v.mention_id,m.source_id,m.author_key,m.fingerprint,v.issues,length(m.text) "
         "FROM verdict v INDEXED BY verdict_brand CROSS JOIN mention m ON m.mention_id=v.mention_id " +
         std::string(range) + "AND (v.polarity=-1 OR v.complaint) " + heard + newest;
}

std::string questions_sql() {
  return mention_columns() + "FROM verdict v INDEXED BY verdict_brand " + mention_joins + range +
         "AND (v.question OR (v.intents&" + bit(Intent::question) + ")<>0 OR (v.issues&" +
         bit(IssueType::how_to) + ")<>0) " + heard + newest;
}

std::string concerns_sql() {
  return mention_columns() + "FROM verdict v INDEXED BY verdict_brand " + mention_joins + range +
         "AND (v.polarity=-1 OR v.complaint OR v.question OR (v.intents&" + bit(Intent::question) +
         ")<>0 OR (v.issues&" + bit(IssueType::expectation_gap) + ")<>0) " + heard + newest;
}

Result<std::vector<TroubleRow>> SqliteReader::troubles(const HistoryPage& page) {
  auto statement = Statement::prepare(database_, troubles_sql());
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use, page);
  std::vector<TroubleRow> rows;
  while (use.step())
    rows.push_back(TroubleRow{.id = MentionId{use.integer(0)},
                              .source = SourceId{use.integer(1)},
                              .author_key = static_cast<std::uint64_t>(use.integer(2)),
                              .fingerprint = static_cast<std::uint64_t>(use.integer(3)),
                              .issues = static_cast<std::uint64_t>(use.integer(4)),
                              .text_bytes = use.integer(5)});
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

Result<std::vector<MentionRow>> SqliteReader::questions(const HistoryPage& page) {
  auto statement = Statement::prepare(database_, questions_sql());
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use, page);
  return read_mentions(use);
}

Result<std::vector<MentionRow>> SqliteReader::concerns(const HistoryPage& page) {
  auto statement = Statement::prepare(database_, concerns_sql());
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use, page);
  return with_products(read_mentions(use));
}

}  // namespace earshot::store::sqlite
