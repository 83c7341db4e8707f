// What the insight jobs read: a brand's history backwards, in pages, with the rows that no finding may rest
// on left out.
#include "core/model/identity.hpp"
#include "store/sqlite/reader.hpp"

namespace earshot::store::sqlite {
namespace {

std::string bit(Intent intent) { return std::to_string(std::uint64_t{1} << static_cast<unsigned>(intent)); }
std::string bit(IssueType type) { return std::to_string(std::uint64_t{1} << static_cast<unsigned>(type)); }

constexpr const char* range = "WHERE v.brand_id=? AND v.mention_id>=? AND v.mention_id<? ";
constexpr const char* languages_sql =
    "SELECT lang,sum(mentions),sum(unscored) FROM rollup_language WHERE brand_id=? AND hour_at>=? AND "
    "hour_at<? "
    "GROUP BY lang ORDER BY 2 DESC,1 LIMIT 100";
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

std::string products_sql() {
  return "SELECT p.name,count(*),sum(d.polarity=1),sum(d.polarity=0),sum(d.polarity=-1),sum(d.polarity=2) "
         "FROM product p CROSS JOIN verdict_products d ON d.product_id=p.product_id "
         "CROSS JOIN verdict v ON v.mention_id=d.mention_id AND v.brand_id=d.brand_id "
         "WHERE p.brand_id=? AND d.mention_id>=? AND d.mention_id<? " +
         not_own + not_spam + "GROUP BY p.name ORDER BY 2 DESC,1 LIMIT ?";
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

Result<std::vector<LanguageCount>> SqliteReader::languages(BrandId brand, Timestamp since, Timestamp until) {
  auto statement = Statement::prepare(database_, languages_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until));
  std::vector<LanguageCount> rows;
  while (use.step())
    rows.push_back(LanguageCount{
        .lang = std::string(use.text(0)), .mentions = use.integer(1), .unscored = use.integer(2)});
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

Result<std::vector<ProductCount>> SqliteReader::products(BrandId brand, Timestamp since, Timestamp until) {
  auto statement = Statement::prepare(database_, products_sql());
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use, HistoryPage{.brand = brand, .since = since, .until = until, .limit = 100});
  std::vector<ProductCount> rows;
  while (use.step())
    rows.push_back(ProductCount{.product = std::string(use.text(0)),
                                .mentions = use.integer(1),
                                .positive = use.integer(2),
                                .neutral = use.integer(3),
                                .negative = use.integer(4),
                                .unscored = use.integer(5)});
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

}  // namespace earshot::store::sqlite
