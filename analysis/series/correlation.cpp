#include "analysis/series/correlation.hpp"

#include <algorithm>
#include <cmath>

namespace earshot::analysis {

Correlation correlation(const Steps& first, const Steps& second, int lag) {
  Correlation out{.lag = lag};
  std::vector<std::pair<double, double>> pairs;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i) + lag;
    if (at < 0 || at >= static_cast<std::ptrdiff_t>(second.size())) continue;
    const auto& other = second[static_cast<std::size_t>(at)];
    if (first[i] && other) pairs.emplace_back(*first[i], *other);
  }
  out.pairs = pairs.size();
  if (pairs.size() < pairs_min) return out;
  const auto n = static_cast<double>(pairs.size());
  double mean_x = 0, mean_y = 0;
  for (const auto& [x, y] : pairs) {
    mean_x += x / n;
    mean_y += y / n;
  }
  double xx = 0, yy = 0, xy = 0;
  for (const auto& [x, y] : pairs) {
    xx += (x - mean_x) * (x - mean_x);
    yy += (y - mean_y) * (y - mean_y);
    xy += (x - mean_x) * (y - mean_y);
  }
  // A series that never changes has no more spread than its sums have rounding.
  if (!(xx > 1e-12 * n * mean_x * mean_x) || !(yy > 1e-12 * n * mean_y * mean_y)) return out;
  out.too_little = false;
  out.r = std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
  // At ±1 Fisher's z is infinite; a hair less keeps the interval finite.
  const double z = std::atanh(std::clamp(out.r, -0.999999, 0.999999)), reach = 1.96 / std::sqrt(n - 3);
  out.low = std::tanh(z - reach);
  out.high = std::tanh(z + reach);
  return out;
}

std::vector<Correlation> correlations(const Steps& first, const Steps& second, int most) {
  std::vector<Correlation> out;
  for (int lag = -most; lag <= most; ++lag) out.push_back(correlation(first, second, lag));
  return out;
}

}  // namespace earshot::analysis
