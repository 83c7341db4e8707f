// What the rollups answer: whole days by their own rows, hours only where a question cuts a day.
#include <algorithm>
#include <functional>
#include <limits>

#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr std::string_view counts =
    ",source_id,mentions,positive,neutral,negative,unscored,score_sum,questions,complaints,reach,own,spam,"
    "author_sketch,negative_sketch FROM ";

std::string counts_sql(std::string_view at, std::string_view table) {
  const std::string column(at);
  return "SELECT " + column + std::string(counts) + std::string(table) + " WHERE brand_id=? AND " + column +
         ">=? AND " + column + "<? ORDER BY " + column;
}

/// Rows of [?2, ?5): hours up to the first whole day ?3, days up to ?4, hours again.
std::string cut_sql(std::string_view columns, std::string_view hours, std::string_view days,
                    std::string_view where = {}) {
  const auto arm = [&](std::string_view at, std::string_view table, const char* from, const char* until) {
    std::string out = "SELECT ";
    out.append(at).append(" AS at,").append(columns).append(" FROM ").append(table);
    out.append(" WHERE brand_id=?1 AND ").append(at).append(">=").append(from);
    out.append(" AND ").append(at).append("<").append(until);
    return out.append(where);
  };
  return "(" + arm("hour_at", hours, "?2", "?3") + " UNION ALL " + arm("day_at", days, "?3", "?4") +
         " UNION ALL " + arm("hour_at", hours, "?4", "?5") + ")";
}

void bind_cut(Statement::Use& use, BrandId brand, Timestamp since, Timestamp until) {
  const auto first = std::min<Timestamp>(std::chrono::ceil<std::chrono::days>(since), until);
  const auto last = std::max<Timestamp>(std::chrono::floor<std::chrono::days>(until), first);
  use.bind(brand.value).bind(to_ms(since)).bind(to_ms(first)).bind(to_ms(last)).bind(to_ms(until));
}

HourRow read_counts(const Statement::Use& use) {
  HourRow row;
  row.hour_at = from_ms(use.integer(0));
  row.source = SourceId{use.integer(1)};
  std::int64_t* const fields[] = {&row.mentions, &row.positive,  &row.neutral,   &row.negative,
                                  &row.unscored, &row.score_sum, &row.questions, &row.complaints,
                                  &row.reach,    &row.own,       &row.spam};
  for (int i = 0; i < 11; ++i) *fields[i] = use.integer(i + 2);
  // A damaged sketch costs one hour's author counts, not the report; `verify_rollups` names it.
  static_cast<void>(DistinctSketch::decode(use.text(13), row.authors));
  static_cast<void>(DistinctSketch::decode(use.text(14), row.negative_authors));
  return row;
}

}  // namespace

std::string hours_sql() { return counts_sql("hour_at", "rollup_hour"); }
std::string days_sql() { return counts_sql("day_at", "rollup_day"); }

std::string series_sql(bool by_day) {
  const std::string columns = "mentions,positive,neutral,negative", one = " AND (?6=0 OR source_id=?6)";
  return "SELECT at/?7*?7,sum(mentions),sum(positive),sum(neutral),sum(negative) FROM " +
         (by_day ? cut_sql(columns, "rollup_hour", "rollup_day", one)
                 : "(SELECT hour_at AS at," + columns +
                       " FROM rollup_hour WHERE brand_id=?1 AND hour_at>=?2 AND hour_at<?5" + one + ")") +
         " GROUP BY 1 ORDER BY 1";
}

std::string issues_sql() {
  return "SELECT issue_id,mentions,negative FROM " +
         cut_sql("issue_id,mentions,negative", "rollup_issue", "rollup_day_issue");
}

std::string languages_sql() {
  return "SELECT lang,sum(mentions),sum(unscored) FROM " +
         cut_sql("lang,mentions,unscored", "rollup_language", "rollup_day_language") +
         " GROUP BY lang ORDER BY 2 DESC,1 LIMIT 100";
}

std::string products_sql() {
  return "SELECT p.name,sum(mentions),sum(positive),sum(neutral),sum(negative) FROM " +
         cut_sql("product_id,mentions,positive,neutral,negative", "rollup_product", "rollup_day_product") +
         " JOIN product p USING(product_id) GROUP BY p.name ORDER BY 2 DESC,1 LIMIT 100";
}

std::string tones_sql() {
  return "SELECT polarity,issues,sum(mentions) FROM " +
         cut_sql("polarity,issues,mentions", "rollup_tone", "rollup_day_tone") +
         " GROUP BY polarity,issues ORDER BY 3 DESC,1,2";
}

Result<std::vector<HourRow>> SqliteReader::hours(BrandId brand, Timestamp since, Timestamp until) {
  return rows_of<HourRow>(
      database_, hours_sql(),
      [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until)); }, read_counts);
}

Result<std::vector<HourRow>> SqliteReader::days(BrandId brand, Timestamp since, Timestamp until) {
  const Timestamp from = std::chrono::floor<std::chrono::days>(since);
  return rows_of<HourRow>(
      database_, days_sql(),
      [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(from)).bind(to_ms(until)); }, read_counts);
}

Result<std::vector<SeriesRow>> SqliteReader::series(BrandId brand, SourceId source, Timestamp since,
                                                    Timestamp until, std::chrono::hours step) {
  const bool by_day = step % std::chrono::hours(24) == step.zero();
  const auto bind = [&](Statement::Use& use) {
    bind_cut(use, brand, since, until);
    use.bind(source.value).bind(Milliseconds(step).count());
  };
  const auto read = [](const Statement::Use& use) {
    return SeriesRow{.at = from_ms(use.integer(0)),
                     .mentions = use.integer(1),
                     .positive = use.integer(2),
                     .neutral = use.integer(3),
                     .negative = use.integer(4)};
  };
  return rows_of<SeriesRow>(database_, series_sql(by_day), bind, read);
}

/// Added up here: SQLite would sort all rows first, and the start page asks this ten times.
Result<std::vector<IssueCount>> SqliteReader::issues(BrandId brand, Timestamp since, Timestamp until) {
  auto statement = Statement::prepare(database_, issues_sql());
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind_cut(use, brand, since, until);
  std::vector<IssueCount> counts(std::numeric_limits<std::uint8_t>::max() + 1);
  while (use.step()) {
    const auto issue = static_cast<std::uint8_t>(use.integer(0));
    counts[issue].issue = issue;
    counts[issue].mentions += use.integer(1);
    counts[issue].negative += use.integer(2);
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  std::erase_if(counts, [](const IssueCount& count) { return count.mentions == 0; });
  std::ranges::stable_sort(counts, std::greater(), &IssueCount::mentions);
  return counts;
}

Result<std::vector<ToneCount>> SqliteReader::tones(BrandId brand, Timestamp since, Timestamp until) {
  return rows_of<ToneCount>(
      database_, tones_sql(), [&](Statement::Use& use) { bind_cut(use, brand, since, until); },
      [](const Statement::Use& use) {
        return ToneCount{.polarity = static_cast<Polarity>(use.integer(0)),
                         .issues = static_cast<std::uint64_t>(use.integer(1)),
                         .mentions = use.integer(2)};
      });
}

Result<std::vector<LanguageCount>> SqliteReader::languages(BrandId brand, Timestamp since, Timestamp until) {
  return rows_of<LanguageCount>(
      database_, languages_sql(), [&](Statement::Use& use) { bind_cut(use, brand, since, until); },
      [](const Statement::Use& use) {
        return LanguageCount{
            .lang = std::string(use.text(0)), .mentions = use.integer(1), .unscored = use.integer(2)};
      });
}

Result<std::vector<ProductCount>> SqliteReader::products(BrandId brand, Timestamp since, Timestamp until) {
  return rows_of<ProductCount>(
      database_, products_sql(), [&](Statement::Use& use) { bind_cut(use, brand, since, until); },
      [](const Statement::Use& use) {
        ProductCount count{.product = std::string(use.text(0)),
                           .mentions = use.integer(1),
                           .positive = use.integer(2),
                           .neutral = use.integer(3),
                           .negative = use.integer(4)};
        count.unscored = count.mentions - count.positive - count.neutral - count.negative;
        return count;
      });
}

}  // namespace earshot::store::sqlite
