#include "store/sqlite/rollups.hpp"

#include "core/model/identity.hpp"
#include "store/sqlite/changed_days.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr std::int64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms;
constexpr const char* load_hour_sql =
    "SELECT "
    "mentions,positive,neutral,negative,unscored,score_sum,questions,complaints,reach,own,spam,author_sketch,"
    "negative_sketch FROM rollup_hour WHERE brand_id=? AND hour_at=? AND source_id=?";
constexpr const char* load_issues_sql =
    "SELECT issue_id,mentions,negative FROM rollup_issue WHERE brand_id=? AND hour_at=? AND source_id=?";
constexpr const char* load_languages_sql =
    "SELECT lang,mentions,unscored FROM rollup_language WHERE brand_id=? AND hour_at=? AND source_id=?";
constexpr const char* load_products_sql =
    "SELECT p.name,r.mentions,r.positive,r.neutral,r.negative FROM rollup_product r JOIN product p "
    "USING(product_id) WHERE r.brand_id=? AND r.hour_at=? AND r.source_id=?";
constexpr const char* rows_sql =
    "SELECT v.match,v.polarity,v.score,v.issues,v.intents,v.question,v.complaint,m.author_key,m.reach,v.lang "
    "FROM verdict v INDEXED BY verdict_brand JOIN mention m ON m.mention_id=v.mention_id "
    "WHERE v.brand_id=? AND v.mention_id>=? AND v.mention_id<? AND m.source_id=?";
constexpr const char* product_rows_sql =
    "SELECT v.match,v.intents,p.name,d.polarity "
    "FROM verdict v INDEXED BY verdict_brand CROSS JOIN verdict_products d "
    "ON d.mention_id=v.mention_id AND d.brand_id=v.brand_id "
    "CROSS JOIN product p ON p.product_id=d.product_id CROSS JOIN mention m ON m.mention_id=v.mention_id "
    "WHERE v.brand_id=? AND v.mention_id>=? AND v.mention_id<? AND m.source_id=?";
constexpr const char* save_hour_sql =
    "INSERT OR REPLACE INTO rollup_hour VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
constexpr const char* save_issue_sql = "INSERT OR REPLACE INTO rollup_issue VALUES(?,?,?,?,?,?)";
constexpr const char* save_language_sql = "INSERT INTO rollup_language VALUES(?,?,?,?,?,?)";
constexpr const char* save_product_sql =
    "INSERT INTO rollup_product SELECT ?1,?2,?3,product_id,?5,?6,?7,?8 FROM product WHERE brand_id=?1 AND "
    "name=?4";
constexpr const char* drop_products_sql =
    "DELETE FROM rollup_product WHERE brand_id=? AND hour_at=? AND source_id=?";
constexpr const char* drop_languages_sql =
    "DELETE FROM rollup_language WHERE brand_id=? AND hour_at=? AND source_id=?";
constexpr const char* drop_hour_sql =
    "DELETE FROM rollup_hour WHERE brand_id=? AND hour_at=? AND source_id=?";
constexpr const char* drop_issues_sql =
    "DELETE FROM rollup_issue WHERE brand_id=? AND hour_at=? AND source_id=?";

constexpr const char* load_tones_sql =
    "SELECT polarity,issues,mentions FROM rollup_tone WHERE brand_id=? AND hour_at=? AND source_id=?";
constexpr const char* save_tone_sql = "INSERT INTO rollup_tone VALUES(?,?,?,?,?,?)";
constexpr const char* drop_tones_sql =
    "DELETE FROM rollup_tone WHERE brand_id=? AND hour_at=? AND source_id=?";

/// First id of the hour that starts at `at`; ids before 2000 all lie in the first hour.
std::int64_t first_id(std::int64_t at) { return identity::make_id(from_ms(at), 0).value; }

void bind(Statement::Use& use, const BucketKey& key) {
  use.bind(key.brand).bind(key.hour_at).bind(key.source);
}

bool same(const Bucket& a, const Bucket& b) {
  return a.hour == b.hour && a.issues == b.issues && a.languages == b.languages && a.products == b.products &&
         a.tones == b.tones;
}

bool is_spam(std::int64_t intents) {
  return (static_cast<std::uint64_t>(intents) >> static_cast<unsigned>(Intent::spam) & 1U) != 0;
}

}  // namespace

Result<Rollups> Rollups::prepare(Database& database) {
  Rollups out;
  out.database_ = &database;
  const std::pair<Statement*, const char*> all[] = {{&out.load_hour_, load_hour_sql},
                                                    {&out.load_issues_, load_issues_sql},
                                                    {&out.load_languages_, load_languages_sql},
                                                    {&out.load_products_, load_products_sql},
                                                    {&out.rows_, rows_sql},
                                                    {&out.product_rows_, product_rows_sql},
                                                    {&out.save_hour_, save_hour_sql},
                                                    {&out.save_issue_, save_issue_sql},
                                                    {&out.save_language_, save_language_sql},
                                                    {&out.save_product_, save_product_sql},
                                                    {&out.drop_hour_, drop_hour_sql},
                                                    {&out.drop_issues_, drop_issues_sql},
                                                    {&out.drop_languages_, drop_languages_sql},
                                                    {&out.drop_products_, drop_products_sql},
                                                    {&out.load_tones_, load_tones_sql},
                                                    {&out.save_tone_, save_tone_sql},
                                                    {&out.drop_tones_, drop_tones_sql},
                                                    {&out.day_changed_, day_changed_sql}};
  for (const auto& [statement, sql] : all) {
    auto prepared = Statement::prepare(database, sql);
    if (!prepared) return unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  auto days = DayRollups::prepare(database);
  if (!days) return unexpected(days.error());
  out.days_ = std::move(*days);
  return out;
}

void Rollups::add(const BucketKey& key, const Contribution& contribution) { added_[key].add(contribution); }

void Rollups::discard() {
  added_.clear();
  renewed_.clear();
  dirty_.clear();
}

Result<Bucket> Rollups::load(const BucketKey& key) {
  Bucket bucket;
  {
    Statement::Use use(load_hour_);
    bind(use, key);
    if (use.step()) {
      std::int64_t* const fields[] = {&bucket.hour.mentions,  &bucket.hour.positive,   &bucket.hour.neutral,
                                      &bucket.hour.negative,  &bucket.hour.unscored,   &bucket.hour.score_sum,
                                      &bucket.hour.questions, &bucket.hour.complaints, &bucket.hour.reach,
                                      &bucket.hour.own,       &bucket.hour.spam};
      for (int i = 0; i < 11; ++i) *fields[i] = use.integer(i);
      if (!DistinctSketch::decode(use.text(11), bucket.hour.authors) ||
          !DistinctSketch::decode(use.text(12), bucket.hour.negative_authors))
        return unexpected(ErrorKind::corrupt, "an author sketch in rollup_hour cannot be read");
    }
    if (auto status = use.finish(); !status) return unexpected(status.error());
  }
  Statement::Use use(load_issues_);
  bind(use, key);
  while (use.step()) {
    const auto issue = static_cast<std::uint8_t>(use.integer(0));
    bucket.issues[issue] = IssueCount{.issue = issue, .mentions = use.integer(1), .negative = use.integer(2)};
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  if (auto status = load_languages(key, bucket); !status) return unexpected(status.error());
  if (auto status = load_products(key, bucket); !status) return unexpected(status.error());
  if (auto status = load_tones(key, bucket); !status) return unexpected(status.error());
  return bucket;
}

Status Rollups::load_tones(const BucketKey& key, Bucket& bucket) {
  Statement::Use use(load_tones_);
  bind(use, key);
  while (use.step())
    bucket.tones[{static_cast<Polarity>(use.integer(0)), static_cast<std::uint64_t>(use.integer(1))}] =
        use.integer(2);
  return use.finish();
}

Status Rollups::load_products(const BucketKey& key, Bucket& bucket) {
  Statement::Use use(load_products_);
  bind(use, key);
  while (use.step()) {
    ProductCount count{.product = std::string(use.text(0)),
                       .mentions = use.integer(1),
                       .positive = use.integer(2),
                       .neutral = use.integer(3),
                       .negative = use.integer(4)};
    count.unscored = count.mentions - count.positive - count.neutral - count.negative;
    bucket.products[count.product] = std::move(count);
  }
  return use.finish();
}

Status Rollups::load_languages(const BucketKey& key, Bucket& bucket) {
  Statement::Use use(load_languages_);
  bind(use, key);
  while (use.step()) {
    std::string lang(use.text(0));
    bucket.languages[lang] =
        LanguageCount{.lang = lang, .mentions = use.integer(1), .unscored = use.integer(2)};
  }
  return use.finish();
}

Result<Bucket> Rollups::compute(const BucketKey& key) {
  Bucket bucket;
  Statement::Use use(rows_);
  use.bind(key.brand).bind(first_id(key.hour_at)).bind(first_id(key.hour_at + hour_ms)).bind(key.source);
  while (use.step()) {
    bucket.add(Contribution{.match = static_cast<MatchKind>(use.integer(0)),
                            .polarity = static_cast<Polarity>(use.integer(1)),
                            .score = use.integer(2),
                            .issues = static_cast<std::uint64_t>(use.integer(3)),
                            .spam = is_spam(use.integer(4)),
                            .question = use.integer(5) != 0,
                            .complaint = use.integer(6) != 0,
                            .author_key = static_cast<std::uint64_t>(use.integer(7)),
                            .reach = use.integer(8),
                            .lang = use.text(9),
                            .products = {}});
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  if (auto status = compute_products(key, bucket); !status) return unexpected(status.error());
  return bucket;
}

Status Rollups::compute_products(const BucketKey& key, Bucket& bucket) {
  Statement::Use use(product_rows_);
  use.bind(key.brand).bind(first_id(key.hour_at)).bind(first_id(key.hour_at + hour_ms)).bind(key.source);
  while (use.step())
    if (static_cast<MatchKind>(use.integer(0)) != MatchKind::own && !is_spam(use.integer(1)))
      bucket.add_product(use.text(2), static_cast<Polarity>(use.integer(3)));
  return use.finish();
}

Status Rollups::save(const BucketKey& key, const Bucket& bucket) {
  const auto& h = bucket.hour;
  for (auto* statement : {&drop_issues_, &drop_languages_, &drop_products_, &drop_tones_}) {
    Statement::Use drop(*statement);
    bind(drop, key);
    if (auto status = drop.run(); !status) return status;
  }
  if (h.mentions == 0 && h.own == 0 && h.spam == 0) {
    Statement::Use drop(drop_hour_);
    bind(drop, key);
    return drop.run();
  }
  const auto authors = h.authors.encode();
  const auto negative = h.negative_authors.encode();
  {
    Statement::Use use(save_hour_);
    bind(use, key);
    use.bind(h.mentions).bind(h.positive).bind(h.neutral).bind(h.negative).bind(h.unscored).bind(h.score_sum);
    use.bind(h.questions).bind(h.complaints).bind(h.reach).bind(h.own).bind(h.spam);
    use.bind(h.authors.estimate()).bind(h.negative_authors.estimate()).bind_blob(authors).bind_blob(negative);
    if (auto status = use.run(); !status) return status;
  }
  return save_parts(key, bucket);
}

Status Rollups::save_parts(const BucketKey& key, const Bucket& bucket) {
  for (const auto& [issue, count] : bucket.issues) {
    Statement::Use use(save_issue_);
    bind(use, key);
    use.bind(static_cast<std::int64_t>(issue)).bind(count.mentions).bind(count.negative);
    if (auto status = use.run(); !status) return status;
  }
  for (const auto& [lang, count] : bucket.languages) {
    Statement::Use use(save_language_);
    bind(use, key);
    use.bind(lang).bind(count.mentions).bind(count.unscored);
    if (auto status = use.run(); !status) return status;
  }
  for (const auto& [name, count] : bucket.products) {
    Statement::Use use(save_product_);
    bind(use, key);
    use.bind(name).bind(count.mentions).bind(count.positive).bind(count.neutral).bind(count.negative);
    if (auto status = use.run(); !status) return status;
  }
  for (const auto& [tone, count] : bucket.tones) {
    Statement::Use use(save_tone_);
    bind(use, key);
    use.bind(static_cast<std::int64_t>(tone.first)).bind(static_cast<std::int64_t>(tone.second)).bind(count);
    if (auto status = use.run(); !status) return status;
  }
  return Done{};
}

Status Rollups::flush() {
  std::set<BucketKey> days;
  const auto save_hour = [&](const BucketKey& key, const Bucket& bucket) {
    days.insert({key.brand, key.hour_at - key.hour_at % day_ms, key.source});
    return save(key, bucket);
  };
  for (const auto& [key, bucket] : added_) {
    if (dirty_.contains(key)) continue;
    auto whole = load(key);
    if (!whole) return unexpected(whole.error());
    whole->merge(bucket);
    if (auto status = save_hour(key, *whole); !status) return status;
  }
  for (const auto& [key, bucket] : renewed_)
    if (auto status = save_hour(key, bucket); !status) return status;
  for (const auto& key : dirty_) {
    auto whole = compute(key);
    if (!whole) return unexpected(whole.error());
    if (auto status = save_hour(key, *whole); !status) return status;
  }
  std::set<std::pair<std::int64_t, std::int64_t>> changed;
  for (const auto& [brand, day_at, source] : days) {
    if (auto status = days_.refresh(brand, day_at, source); !status) return status;
    changed.emplace(brand, day_at);
  }
  for (const auto& [brand, day_at] : changed) {
    Statement::Use use(day_changed_);
    use.bind(brand).bind(day_at);
    if (auto status = use.run(); !status) return status;
  }
  discard();
  return Done{};
}

Result<std::vector<std::string>> Rollups::verify() {
  std::set<BucketKey> keys;
  auto collect = [&](const char* sql, bool by_id) -> Status {
    auto statement = Statement::prepare(*database_, sql);
    if (!statement) return unexpected(statement.error());
    Statement::Use use(*statement);
    while (use.step()) {
      const auto at = by_id ? to_ms(identity::time_of(MentionId{use.integer(1)})) : use.integer(1);
      keys.insert(BucketKey{use.integer(0), at - at % hour_ms, use.integer(2)});
    }
    return use.finish();
  };
  auto status = collect("SELECT brand_id,hour_at,source_id FROM rollup_hour", false);
  if (status) status = collect("SELECT brand_id,hour_at,source_id FROM rollup_issue", false);
  if (status) status = collect("SELECT brand_id,hour_at,source_id FROM rollup_language", false);
  if (status) status = collect("SELECT brand_id,hour_at,source_id FROM rollup_product", false);
  if (status) status = collect("SELECT brand_id,hour_at,source_id FROM rollup_tone", false);
  if (status)
    status = collect(
        "SELECT v.brand_id,v.mention_id,m.source_id FROM verdict v JOIN mention m USING(mention_id)", true);
  if (!status) return unexpected(status.error());

  auto differences = DayRollups::verify(*database_);
  if (!differences) return differences;
  for (const auto& key : keys) {
    if (key.hour_at < fixed_before_) continue;
    auto stored = load(key);
    if (!stored) return unexpected(stored.error());
    auto fresh = compute(key);
    if (!fresh) return unexpected(fresh.error());
    if (!same(*stored, *fresh))
      differences->push_back("brand " + std::to_string(key.brand) + " hour " + std::to_string(key.hour_at) +
                             " source " + std::to_string(key.source) + ": stored " +
                             std::to_string(stored->hour.mentions) + " mentions, recomputed " +
                             std::to_string(fresh->hour.mentions));
  }
  return differences;
}

}  // namespace earshot::store::sqlite
