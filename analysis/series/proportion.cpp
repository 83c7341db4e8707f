#include "analysis/series/proportion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace earshot::analysis {

Interval proportion(std::int64_t part, std::int64_t whole, double z) {
  if (whole <= 0) return {.value = 0, .low = 0, .high = 1};
  const auto n = static_cast<double>(whole), k = static_cast<double>(part), square = z * z;
  const double centre = (k + square / 2) / (n + square);
  const double half = z / (n + square) * std::sqrt(k * (n - k) / n + square / 4);
  // Rounding must not push the value out of its own interval.
  return {.value = k / n,
          .low = part == 0 ? 0.0 : std::max(0.0, centre - half),
          .high = part == whole ? 1.0 : std::min(1.0, centre + half)};
}

std::optional<Interval> share(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return proportion(part, whole);
}

std::optional<Interval> net_share(std::int64_t positive, std::int64_t neutral, std::int64_t negative) {
  const auto n = static_cast<double>(positive + neutral + negative);
  if (!(n > 0)) return std::nullopt;
  const double mean = static_cast<double>(positive - negative) / n;
  const double variance = std::max(0.0, static_cast<double>(positive + negative) / n - mean * mean);
  const double reach = z95 * std::sqrt(variance / n);
  return Interval{.value = mean, .low = std::max(-1.0, mean - reach), .high = std::min(1.0, mean + reach)};
}

Interval difference(const Interval& before, const Interval& after) {
  const double change = after.value - before.value;
  const double down = std::hypot(after.value - after.low, before.high - before.value);
  const double up = std::hypot(after.high - after.value, before.value - before.low);
  return {.value = change, .low = std::max(-1.0, change - down), .high = std::min(1.0, change + up)};
}

Interval rate_ratio(std::int64_t before, double time_before, std::int64_t after, double time_after,
                    double z) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (before + after <= 0) return {.value = 1, .low = 0, .high = infinite};
  const auto share = proportion(after, before + after, z);
  const double times = time_before / time_after;
  const auto ratio = [&](double p) { return p >= 1 ? infinite : p / (1 - p) * times; };
  return {.value = ratio(share.value), .low = ratio(share.low), .high = ratio(share.high)};
}

}  // namespace earshot::analysis
