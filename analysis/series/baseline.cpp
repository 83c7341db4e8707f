#include "analysis/series/baseline.hpp"

#include <algorithm>

#include "analysis/series/robust.hpp"

namespace earshot::analysis {
namespace {

constexpr int samples_wanted = 8;  ///< two months of weeks; fewer make the MAD jump
constexpr int samples_min = 3;
constexpr int pool_max = 3;  ///< a working day's hours differ little over three hours, and much over six
constexpr int whole_week = hours_per_week / 2;
constexpr double share_spread_min = 0.05;  ///< one voice in twenty: shares of an hour are never known better

int wrap(int slot) { return (slot % hours_per_week + hours_per_week) % hours_per_week; }

/// Adds the heard hours of one slot; returns how many there were.
int gather(const HourSeries& series, int slot, double weight, std::int64_t until,
           std::vector<Weighted>& out) {
  int found = 0;
  const auto end = std::min(until, series.end());
  const int offset = wrap(slot - hour_of_week(series.first));
  for (auto hour = series.first + offset; hour < end; hour += hours_per_week) {
    const auto index = static_cast<std::size_t>(hour - series.first);
    if (!series.left_out.empty() && series.left_out[index]) continue;
    const double own = series.weights.empty() ? 1 : series.weights[index];
    if (!(own > 0)) continue;
    out.push_back({.value = series.values[index], .weight = own * weight});
    ++found;
  }
  return found;
}

}  // namespace

int hour_of_week(std::int64_t hour) {
  // 1970-01-01 was a Thursday: Monday of that week lies 72 hours before.
  return static_cast<int>(((hour + 72) % hours_per_week + hours_per_week) % hours_per_week);
}

Expectation expectation(const HourSeries& series, int slot, Measure measure, std::int64_t until) {
  std::vector<Weighted> values;
  Expectation out;
  out.weeks = gather(series, wrap(slot), 1, until, values);
  out.warm_up = out.weeks < weeks_wanted;
  while (static_cast<int>(values.size()) < samples_wanted && out.pooled < pool_max) {
    ++out.pooled;
    for (const int side : {-1, 1})
      gather(series, wrap(slot + side * out.pooled), 1.0 / (1 + out.pooled), until, values);
  }
  if (static_cast<int>(values.size()) < samples_min) {
    values.clear();
    out.pooled = whole_week;
    for (int any = 0; any < hours_per_week; ++any) gather(series, any, 1, until, values);
  }
  const auto robust =
      measure == Measure::count ? robust_count(values) : robust_value(values, share_spread_min);
  out.samples = static_cast<int>(values.size());
  if (out.samples == 0) return out;
  out.centre = robust.centre;
  out.spread = robust.spread;
  return out;
}

std::array<Expectation, hours_per_week> weekly_baseline(const HourSeries& series, Measure measure) {
  std::array<Expectation, hours_per_week> out;
  for (int slot = 0; slot < hours_per_week; ++slot)
    out[static_cast<std::size_t>(slot)] = expectation(series, slot, measure);
  return out;
}

}  // namespace earshot::analysis
