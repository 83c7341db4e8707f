#include "analysis/series/proportion.hpp"

#include <algorithm>
#include <cmath>

namespace earshot::analysis {
namespace {

constexpr double z_95 = 1.96;

}  // namespace

std::optional<Estimate> proportion(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  const auto n = static_cast<double>(whole), k = static_cast<double>(part);
  const double p = k / n, square = z_95 * z_95;
  const double centre = (k + square / 2) / (n + square);
  const double reach = z_95 * std::sqrt(p * (1 - p) * n + square / 4) / (n + square);
  return Estimate{.value = p, .low = std::max(0.0, centre - reach), .high = std::min(1.0, centre + reach)};
}

std::optional<Estimate> net_share(std::int64_t positive, std::int64_t neutral, std::int64_t negative) {
  const auto n = static_cast<double>(positive + neutral + negative);
  if (!(n > 0)) return std::nullopt;
  const double mean = static_cast<double>(positive - negative) / n;
  const double variance = std::max(0.0, static_cast<double>(positive + negative) / n - mean * mean);
  const double reach = z_95 * std::sqrt(variance / n);
  return Estimate{.value = mean, .low = std::max(-1.0, mean - reach), .high = std::min(1.0, mean + reach)};
}

}  // namespace earshot::analysis
