#include "insight/movement.hpp"

#include <cmath>
#include <map>
#include <set>

#include "insight/history.hpp"
#include "insight/spans.hpp"

namespace earshot::insight {
namespace {

constexpr std::int64_t scored_min = 5;  ///< fewer scored mentions give a day no net sentiment worth comparing

struct Day {
  std::int64_t mentions = 0, positive = 0, scored = 0, negative = 0, own = 0;
};

}  // namespace

const analysis::Correlation* strongest(const std::vector<analysis::Correlation>& lags) {
  const analysis::Correlation* best = nullptr;
  for (const auto& one : lags)
    if (!one.too_little && (!best || std::abs(one.r) > std::abs(best->r))) best = &one;
  return best;
}

const analysis::Correlation* same_day(const std::vector<analysis::Correlation>& lags) {
  for (const auto& one : lags)
    if (one.lag == 0) return &one;
  return nullptr;
}

Result<Movement> find_movement(const JobInput& input, Timestamp since, Timestamp until) {
  const Timestamp first = std::chrono::ceil<std::chrono::days>(since);
  const Timestamp end = std::chrono::floor<std::chrono::days>(until);
  Movement out{.brand = input.brand_name, .since = first, .until = end};
  if (first >= end)
    return unexpected(ErrorKind::invalid, "the period holds no whole day: choose an earlier --since");
  HeardHours heard{.first = hour_index(first), .end = hour_index(end)};
  auto rows = input.reader.hours(input.brand, first, end);
  if (!rows) return unexpected(rows.error());
  heard.rows = std::move(*rows);
  auto gaps = input.reader.gaps(first, end);
  if (!gaps) return unexpected(gaps.error());
  add_gaps(heard, *gaps);
  std::map<Timestamp, Day> days;
  for (const auto& row : heard.rows) {
    auto& sum = days[std::chrono::floor<std::chrono::days>(row.hour_at)];
    sum.mentions += row.mentions;
    sum.positive += row.positive;
    sum.negative += row.negative;
    sum.scored += row.positive + row.neutral + row.negative;
    sum.own += row.own;
  }
  std::set<Timestamp> deaf;
  for (const auto hour : heard.total_gaps)
    deaf.insert(std::chrono::floor<std::chrono::days>(hour_start(hour)));
  analysis::Steps net, volume, own;
  const auto oldest = days.empty() ? end : days.begin()->first;
  for (auto at = first; at < end; at += one_day) {
    const auto& sum = days[at];
    const bool known = at >= oldest && !deaf.contains(at);
    if (known)
      ++out.days;
    else
      ++out.days_left_out;
    const auto value = [&](std::int64_t count) {
      return known ? std::optional(static_cast<double>(count)) : std::nullopt;
    };
    volume.push_back(value(sum.mentions));
    own.push_back(value(sum.own));
    net.push_back(known && sum.scored >= scored_min
                      ? std::optional(static_cast<double>(sum.positive - sum.negative) /
                                      static_cast<double>(sum.scored))
                      : std::nullopt);
  }
  out.volume = analysis::correlations(net, volume, lag_days_max);
  out.own_posts = analysis::correlations(net, own, lag_days_max);
  return out;
}

}  // namespace earshot::insight
