// The one list query people use all day: mentions by brand, time, polarity, issue, source and words, newest
// first.
#include <filesystem>

#include "core/model/identity.hpp"
#include "core/model/names.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/search_index.hpp"

namespace earshot::store::sqlite {

const char* const verdict_columns =
    "v.brand_id,v.match,v.polarity,v.score,v.issues,v.top_issue,v.intents,v.question,v.complaint,v.lang,"
    "v.lexicon_version,v.urgency,v.severity,v.labelled ";

std::string mention_columns() {
  return "SELECT m.mention_id,p.name,s.name,m.native_id,m.author_handle,m.url,m.title,m.text,m.in_reply_to,"
         "m.conversation,m.author_key,m.fingerprint,m.reach,m.created_at,m.deleted_at," +
         std::string(verdict_columns);
}

const char* const mention_joins =
    "CROSS JOIN mention m ON m.mention_id=v.mention_id JOIN platform p ON p.platform_id=m.platform_id "
    "JOIN source s ON s.source_id=m.source_id ";

VerdictRow read_verdict(const Statement::Use& use, int first) {
  VerdictRow v{.brand = BrandId{use.integer(first)},
               .match = static_cast<MatchKind>(use.integer(first + 1)),
               .polarity = static_cast<Polarity>(use.integer(first + 2)),
               .score = static_cast<double>(use.integer(first + 3)) / 1000,
               .issues = static_cast<std::uint64_t>(use.integer(first + 4)),
               .intents = static_cast<std::uint32_t>(use.integer(first + 6)),
               .question = use.integer(first + 7) != 0,
               .complaint = use.integer(first + 8) != 0,
               .urgency = static_cast<double>(use.integer(first + 11)) / 1000,  // 0 where it is NULL
               .severity = static_cast<double>(use.integer(first + 12)) / 1000,
               .lang = std::string(use.text(first + 9)),
               .lexicon_version = static_cast<std::uint32_t>(use.integer(first + 10))};
  const auto labelled = use.integer(first + 13);  // 0 where it is NULL
  v.labelled = labelled != 0;
  v.polarity_labelled = (labelled & 1) != 0;
  v.issues_labelled = (labelled & 2) != 0;
  if (const auto top = use.optional_integer(first + 5)) v.top_issue = static_cast<std::uint8_t>(*top);
  return v;
}

namespace {

MentionRow read_row(const Statement::Use& use) {
  MentionRow row;
  row.id = MentionId{use.integer(0)};
  std::string* const texts[] = {&row.platform, &row.source, &row.native_id,   &row.author_handle, &row.url,
                                &row.title,    &row.text,   &row.in_reply_to, &row.conversation};
  for (int i = 0; i < 9; ++i) *texts[i] = use.text(i + 1);
  row.author_key = static_cast<std::uint64_t>(use.integer(10));
  row.fingerprint = static_cast<std::uint64_t>(use.integer(11));
  row.reach = use.integer(12);
  row.created_at = from_ms(use.integer(13));
  row.deleted = !use.is_null(14);
  row.verdict = read_verdict(use, 15);
  return row;
}

}  // namespace

Result<std::vector<MentionRow>> read_mentions(Statement::Use& use) {
  std::vector<MentionRow> rows;
  while (use.step()) rows.push_back(read_row(use));
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

std::string mentions_sql(const MentionFilter& filter) {
  auto sql = mention_columns();
  // Words: walk the index newest first. Product: walk the mentions that name it. Brand: walk its verdicts
  // newest first. None: walk the verdicts by id.
  const bool by_product = filter.product && filter.search.empty();
  if (!filter.search.empty()) {
    sql += "FROM mention_fts f CROSS JOIN verdict v ON v.mention_id=f.rowid ";
  } else if (by_product) {
    sql +=
        "FROM verdict_products n INDEXED BY verdict_products_product CROSS JOIN verdict v ON "
        "v.mention_id=n.mention_id AND v.brand_id=n.brand_id ";
  } else {
    sql += filter.brand ? "FROM verdict v INDEXED BY verdict_brand " : "FROM verdict v ";
  }
  sql += mention_joins;
  sql += "WHERE 1 ";
  // The index may lag behind: what was deleted meanwhile is not found.
  if (!filter.search.empty()) sql += "AND m.text IS NOT NULL ";
  const std::string id = !filter.search.empty() ? "f.rowid" : by_product ? "n.mention_id" : "v.mention_id";
  if (!filter.search.empty()) sql += "AND mention_fts MATCH ? ";
  if (filter.brand) sql += "AND v.brand_id=? ";
  if (filter.since) sql += "AND " + id + ">=? ";
  if (filter.until) sql += "AND " + id + "<? ";
  if (filter.before) sql += "AND " + id + "<? ";
  if (filter.polarity) sql += "AND v.polarity=? ";
  if (filter.issue) sql += "AND (v.issues>>?)&1 ";
  if (filter.no_issue) sql += "AND v.issues=0 ";
  if (filter.contact) {
    std::uint64_t asking = 0;
    for (const auto intent : {Intent::request, Intent::churn_threat})
      asking |= std::uint64_t{1} << static_cast<unsigned>(intent);
    sql += "AND (v.complaint OR v.question OR (v.intents&" + std::to_string(asking) + ")<>0) AND m.kind<>" +
           std::to_string(static_cast<int>(MentionKind::article)) + " ";
  }
  if (filter.counted)
    sql += "AND v.match<>" + std::to_string(static_cast<int>(MatchKind::own)) + " AND (v.intents&" +
           std::to_string(std::uint64_t{1} << static_cast<unsigned>(Intent::spam)) + ")=0 ";
  if (filter.own) sql += "AND v.match=" + std::to_string(static_cast<int>(MatchKind::own)) + " ";
  if (filter.intent) sql += "AND (v.intents>>?)&1 ";
  if (filter.source) sql += "AND s.name=? ";
  if (filter.lang) sql += "AND v.lang=? ";
  if (filter.product)
    sql += by_product ? "AND n.product_id=? "
                      : "AND EXISTS(SELECT 1 FROM verdict_products n WHERE n.mention_id=v.mention_id AND "
                        "n.brand_id=v.brand_id AND n.product_id=?) ";
  sql += "ORDER BY " + id + " DESC LIMIT ?";
  return sql;
}

Result<std::vector<MentionRow>> SqliteReader::with_products(Result<std::vector<MentionRow>> rows) {
  if (!rows) return rows;
  auto statement = Statement::prepare(
      database_,
      "SELECT p.name,d.polarity,d.score FROM verdict_products d JOIN product p USING(product_id) "
      "WHERE d.mention_id=? AND d.brand_id=? ORDER BY p.name");
  if (!statement) return unexpected(statement.error());
  for (auto& row : *rows) {
    Statement::Use use(*statement);
    use.bind(row.id.value).bind(row.verdict.brand.value);
    while (use.step())
      row.verdict.products.push_back(ProductRow{.product = std::string(use.text(0)),
                                                .polarity = static_cast<Polarity>(use.integer(1)),
                                                .score = static_cast<double>(use.integer(2)) / 1000});
    if (auto status = use.finish(); !status) return unexpected(status.error());
  }
  return rows;
}

Status SqliteReader::need_search() {
  if (searches_) return Done{};
  const auto file = search_path(path_);
  if (!std::filesystem::exists(file))
    return unexpected(ErrorKind::invalid, "there is no search index yet: the daemon makes it when it starts");
  auto status = database_.attach(file, "search");
  searches_ = status.has_value();
  return status;
}

Result<std::vector<MentionRow>> SqliteReader::mentions(const MentionFilter& filter) {
  if (!filter.search.empty())
    if (auto status = need_search(); !status) return unexpected(status.error());
  auto statement = Statement::prepare(database_, mentions_sql(filter));
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  if (!filter.search.empty()) use.bind(filter.search);
  if (filter.brand) use.bind(filter.brand->value);
  if (filter.since) use.bind(identity::make_id(*filter.since, 0).value);
  if (filter.until) use.bind(identity::make_id(*filter.until, 0).value);
  if (filter.before) use.bind(filter.before->value);
  if (filter.polarity) use.bind(static_cast<std::int64_t>(*filter.polarity));
  if (filter.issue) use.bind(static_cast<std::int64_t>(*filter.issue));
  if (filter.intent) use.bind(static_cast<std::int64_t>(*filter.intent));
  if (filter.source) use.bind(*filter.source);
  if (filter.lang) use.bind(*filter.lang);
  if (filter.product) use.bind(filter.product->value);
  use.bind(static_cast<std::int64_t>(filter.limit));
  auto rows = read_mentions(use);
  if (!rows && !filter.search.empty() && rows.error().kind == ErrorKind::internal)
    return unexpected(
        ErrorKind::invalid,
        "the search does not parse: use words, \"a phrase\", prefix*, AND OR NOT, NEAR(a b, 5)");
  return with_products(std::move(rows));
}

Result<std::vector<MentionRow>> SqliteReader::mention(MentionId id) {
  auto statement = Statement::prepare(
      database_, mention_columns() + "FROM verdict v " + mention_joins + "WHERE v.mention_id=?");
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(id.value);
  auto rows = read_mentions(use);
  if (rows && rows->empty())
    return unexpected(ErrorKind::invalid, "there is no mention " + std::to_string(id.value));
  return with_products(std::move(rows));
}

}  // namespace earshot::store::sqlite
