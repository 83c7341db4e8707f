#include "store/sqlite/day_rollups.hpp"

#include <string_view>

namespace earshot::store::sqlite {
namespace {

constexpr std::string_view day_of_hour = "hour_at/86400000*86400000";

/// A table by hour, the one by day beside it, and how a day's columns come from its hours' columns.
struct Pair {
  std::string_view hours, days;
  std::string_view key;  ///< beside brand, time and source: ",column,…"
  std::string_view sums;
};

// Counts of authors follow from their sketches; that is what the outer query of `whole_day` is for.
constexpr std::string_view counts =
    "sum(mentions) AS mentions,sum(positive) AS positive,sum(neutral) AS neutral,sum(negative) AS negative,"
    "sum(unscored) AS unscored,sum(score_sum) AS score_sum,sum(questions) AS questions,"
    "sum(complaints) AS complaints,sum(reach) AS reach,sum(own) AS own,sum(spam) AS spam,"
    "distinct_union(author_sketch) AS everybody,distinct_union(negative_sketch) AS unhappy";
constexpr Pair parts[] = {{"rollup_issue", "rollup_day_issue", ",issue_id", "sum(mentions),sum(negative)"},
                          {"rollup_language", "rollup_day_language", ",lang", "sum(mentions),sum(unscored)"},
                          {"rollup_product", "rollup_day_product", ",product_id",
                           "sum(mentions),sum(positive),sum(neutral),sum(negative)"},
                          {"rollup_tone", "rollup_day_tone", ",polarity,issues", "sum(mentions)"}};

std::string joined(std::initializer_list<std::string_view> pieces) {
  std::string out;
  for (const auto piece : pieces) out += piece;
  return out;
}

/// Days of one pair from their hours; `where` is empty or picks the hours.
std::string part_of_day(const Pair& pair, std::string_view where) {
  return joined({"SELECT brand_id,", day_of_hour, ",source_id", pair.key, ",", pair.sums, " FROM ",
                 pair.hours, where, " GROUP BY 1,2,3", pair.key});
}

std::string whole_day(std::string_view where) {
  return joined(
      {"SELECT brand_id,day_at,source_id,mentions,positive,neutral,negative,unscored,score_sum,questions,"
       "complaints,reach,own,spam,distinct_count(everybody),distinct_count(unhappy),everybody,unhappy "
       "FROM (SELECT brand_id,",
       day_of_hour, " AS day_at,source_id,", counts, " FROM rollup_hour", where, " GROUP BY 1,2,3)"});
}

constexpr std::string_view one_day =
    " WHERE brand_id=?1 AND hour_at>=?2 AND hour_at<?2+86400000 AND source_id=?3";

std::vector<std::string> refresh_sql() {
  std::vector<std::string> out;
  const auto renew = [&](std::string_view days, const std::string& select) {
    out.push_back(joined({"DELETE FROM ", days, " WHERE brand_id=?1 AND day_at=?2 AND source_id=?3"}));
    out.push_back(joined({"INSERT INTO ", days, " ", select}));
  };
  renew("rollup_day", whole_day(one_day));
  for (const auto& pair : parts) renew(pair.days, part_of_day(pair, one_day));
  return out;
}

}  // namespace

Result<DayRollups> DayRollups::prepare(Database& database) {
  DayRollups out;
  for (const auto& sql : refresh_sql()) {
    auto prepared = Statement::prepare(database, sql);
    if (!prepared) return unexpected(prepared.error());
    out.steps_.push_back(std::move(*prepared));
  }
  return out;
}

Status DayRollups::refresh(std::int64_t brand, std::int64_t day_at, std::int64_t source) {
  for (auto& step : steps_) {
    Statement::Use use(step);
    use.bind(brand).bind(day_at).bind(source);
    if (auto status = use.run(); !status) return status;
  }
  return Done{};
}

Result<std::vector<std::string>> DayRollups::verify(Database& database) {
  std::vector<std::string> differences;
  const auto compare = [&](std::string_view days, const std::string& fresh) -> Status {
    const auto stored = joined({"SELECT * FROM ", days});
    auto differing = database.integer(joined({"SELECT (SELECT count(*) FROM (", stored, " EXCEPT ", fresh,
                                              "))+(SELECT count(*) FROM (", fresh, " EXCEPT ", stored, "))"})
                                          .c_str());
    if (!differing) return unexpected(differing.error());
    if (*differing != 0)
      differences.push_back(
          joined({days, ": ", std::to_string(*differing), " rows are not the sum of their hours"}));
    return Done{};
  };
  auto status = compare("rollup_day", whole_day(""));
  for (const auto& pair : parts)
    if (status) status = compare(pair.days, part_of_day(pair, ""));
  if (!status) return unexpected(status.error());
  return differences;
}

}  // namespace earshot::store::sqlite
