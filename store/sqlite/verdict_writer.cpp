#include "store/sqlite/verdict_writer.hpp"

#include <algorithm>
#include <cmath>

#include "core/model/identity.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* save_verdict_sql =
    "INSERT INTO "
    "verdict(mention_id,brand_id,match,polarity,score,p_negative,p_positive,issues,top_issue,intents,emotion,"
    "question,complaint,lang,lexicon_version,urgency,severity) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
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

/// The columns from `polarity` to `severity`, in the tables' order.
void bind_verdict(Statement::Use& use, const Verdict& v) {
  std::uint32_t intents = 0;
  for (const auto& intent : v.intents) intents |= 1U << static_cast<unsigned>(intent.intent);
  use.bind(static_cast<std::int64_t>(v.sentiment.polarity)).bind(per_mille(v.sentiment.score));
  use.bind(per_mille(v.sentiment.negative)).bind(per_mille(v.sentiment.positive));
  use.bind(static_cast<std::int64_t>(issue_mask(v)));
  v.issues.empty() ? use.bind_null() : use.bind(static_cast<std::int64_t>(v.issues.front().type));
  use.bind(static_cast<std::int64_t>(intents)).bind(static_cast<std::int64_t>(v.emotion));
  use.bind(static_cast<std::int64_t>(v.question)).bind(static_cast<std::int64_t>(v.complaint));
  use.bind(v.lang).bind(static_cast<std::int64_t>(v.lexicon_version));
  use.bind(per_mille(v.urgency)).bind(per_mille(v.severity));
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
  const std::pair<Statement*, const char*> all[] = {{&out.save_, save_verdict_sql},
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
    Statement::Use use(save_);
    use.bind(id.value).bind(brand.value).bind(static_cast<std::int64_t>(match));
    bind_verdict(use, verdict);
    if (auto status = use.run(); !status) return status;
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
