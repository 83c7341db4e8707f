#include "store/sqlite/verdict_writer.hpp"

#include <algorithm>
#include <cmath>

#include "core/model/identity.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* new_verdicts = "new_verdict";
constexpr std::size_t verdict_columns_fed = 17;
constexpr const char* save_verdicts_sql =
    "INSERT INTO "
    "verdict(mention_id,brand_id,match,polarity,score,p_negative,p_positive,issues,top_issue,intents,emotion,"
    "question,complaint,lang,lexicon_version,urgency,severity) SELECT * FROM new_verdict";
constexpr const char* update_sql =
    "UPDATE verdict SET polarity=?,score=?,p_negative=?,p_positive=?,issues=?,top_issue=?,intents=?,"
    "emotion=?,question=?,complaint=?,lang=?,lexicon_version=?,urgency=?,severity=? "
    "WHERE mention_id=? AND brand_id=?";
constexpr const char* drop_verdict_sql = "DELETE FROM verdict WHERE mention_id=?";
constexpr const char* brands_sql = "SELECT brand_id FROM verdict WHERE mention_id=?";

std::int64_t per_mille(float value) { return std::lround(static_cast<double>(value) * 1000); }

bool is_spam(const Verdict& verdict) {
  return std::ranges::any_of(verdict.intents, [](const ScoredIntent& i) { return i.intent == Intent::spam; });
}

std::uint64_t issue_mask(const Verdict& verdict) {
  std::uint64_t mask = 0;
  for (const auto& issue : verdict.issues) mask |= std::uint64_t{1} << static_cast<unsigned>(issue.type);
  return mask;
}

/// The columns from `polarity` to `severity`, in the tables' order, to a statement or a row of a feed.
template <typename Row>
void bind_verdict(Row& row, const Verdict& v) {
  std::uint32_t intents = 0;
  for (const auto& intent : v.intents) intents |= 1U << static_cast<unsigned>(intent.intent);
  row.bind(static_cast<std::int64_t>(v.sentiment.polarity)).bind(per_mille(v.sentiment.score));
  row.bind(per_mille(v.sentiment.negative)).bind(per_mille(v.sentiment.positive));
  row.bind(static_cast<std::int64_t>(issue_mask(v)));
  v.issues.empty() ? row.bind_null() : row.bind(static_cast<std::int64_t>(v.issues.front().type));
  row.bind(static_cast<std::int64_t>(intents)).bind(static_cast<std::int64_t>(v.emotion));
  row.bind(static_cast<std::int64_t>(v.question)).bind(static_cast<std::int64_t>(v.complaint));
  row.bind(v.lang).bind(static_cast<std::int64_t>(v.lexicon_version));
  row.bind(per_mille(v.urgency)).bind(per_mille(v.severity));
}

Contribution contribution_of(const VerdictRow& v, std::uint64_t author_key, std::int64_t reach) {
  Contribution out{.match = v.match,
                   .polarity = v.polarity,
                   .score = std::lround(v.score * 1000),
                   .issues = v.issues,
                   .spam = v.has(Intent::spam),
                   .question = v.question,
                   .complaint = v.complaint,
                   .author_key = author_key,
                   .reach = reach,
                   .lang = v.lang,
                   .products = {}};
  for (const auto& row : v.products) out.products.emplace_back(row.product, row.polarity);
  return out;
}

}  // namespace

Contribution contribution_of(const BrandVerdict& v, std::uint64_t author_key, std::int64_t reach) {
  Contribution out{.match = v.match,
                   .polarity = v.verdict.sentiment.polarity,
                   .score = per_mille(v.verdict.sentiment.score),
                   .issues = issue_mask(v.verdict),
                   .spam = is_spam(v.verdict),
                   .question = v.verdict.question,
                   .complaint = v.verdict.complaint,
                   .author_key = author_key,
                   .reach = reach,
                   .lang = v.verdict.lang,
                   .products = {}};
  for (const auto& row : v.verdict.products) out.products.emplace_back(row.product, row.sentiment.polarity);
  return out;
}

Result<VerdictWriter> VerdictWriter::prepare(Database& database) {
  VerdictWriter out;
  auto rows = RowFeed::create(database, new_verdicts, verdict_columns_fed);
  if (!rows) return unexpected(rows.error());
  out.rows_ = *rows;
  const std::pair<Statement*, const char*> all[] = {{&out.save_, save_verdicts_sql},
                                                    {&out.update_, update_sql},
                                                    {&out.drop_, drop_verdict_sql},
                                                    {&out.brands_, brands_sql}};
  for (const auto& [statement, sql] : all) {
    auto prepared = Statement::prepare(database, sql);
    if (!prepared) return unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  auto products = ProductWriter::prepare(database);
  if (!products) return unexpected(products.error());
  out.products_ = std::move(*products);
  auto labels = LabelWriter::prepare(database);
  if (!labels) return unexpected(labels.error());
  out.labels_ = std::move(*labels);
  return out;
}

Status VerdictWriter::add(MentionId id, std::span<const BrandVerdict> verdicts) {
  for (const auto& [brand, match, verdict] : verdicts) {
    rows_.bind(id.value).bind(brand.value).bind(static_cast<std::int64_t>(match));
    bind_verdict(rows_, verdict);
    if (auto status = products_.save(id, brand, verdict.products); !status) return status;
  }
  return Done{};
}

Status VerdictWriter::replace(MentionId id, std::span<const BrandVerdict> verdicts) {
  if (auto status = products_.drop(id); !status) return status;
  {
    Statement::Use use(drop_);
    use.bind(id.value);
    if (auto status = use.run(); !status) return status;
  }
  if (auto status = add(id, verdicts); !status) return status;
  if (auto status = flush(); !status) return status;
  for (const auto& verdict : verdicts)
    if (auto label = labels_.reapply(id, verdict.brand); !label) return unexpected(label.error());
  return Done{};
}

Status VerdictWriter::update(MentionId id, const BrandVerdict& verdict) {
  Statement::Use use(update_);
  bind_verdict(use, verdict.verdict);
  use.bind(id.value).bind(verdict.brand.value);
  if (auto status = use.run(); !status) return status;
  return products_.save(id, verdict.brand, verdict.verdict.products);
}

Status VerdictWriter::rescore(const StoredMention& item, Rollups& rollups) {
  const auto hour = to_ms(identity::hour_of(item.id));
  if (!item.rescored.empty())
    if (auto status = products_.drop(item.id); !status) return status;
  for (const auto& old : item.verdicts) {
    const BucketKey key{old.brand.value, hour, item.source.value};
    const auto now = std::ranges::find(item.rescored, old.brand, &BrandVerdict::brand);
    if (now == item.rescored.end()) {  // its words are gone: what was thought of it stays
      auto stays = old;
      auto products = products_.read(item.id, old.brand);
      if (!products) return unexpected(products.error());
      stays.products = std::move(*products);
      rollups.put(key, contribution_of(stays, item.author_key, item.reach));
      continue;
    }
    if (auto status = update(item.id, *now); !status) return status;
    auto label = labels_.reapply(item.id, old.brand);
    if (!label) return unexpected(label.error());
    auto contribution = contribution_of(*now, item.author_key, item.reach);
    if (*label && (*label)->polarity) {
      contribution.polarity = *(*label)->polarity;
      contribution.score = labelled_score(contribution.polarity);
    }
    if (*label && (*label)->issues) contribution.issues = *(*label)->issues;
    rollups.put(key, contribution);
  }
  return Done{};
}

Status VerdictWriter::mark_buckets(MentionId id, std::int64_t source, Rollups& rollups) {
  Statement::Use use(brands_);
  use.bind(id.value);
  while (use.step()) rollups.recompute(BucketKey{use.integer(0), to_ms(identity::hour_of(id)), source});
  return use.finish();
}

}  // namespace earshot::store::sqlite
