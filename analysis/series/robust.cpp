#include "analysis/series/robust.hpp"

#include <algorithm>
#include <cmath>

namespace earshot::analysis {
namespace {

constexpr double small_median = 4;  ///< above it a step of one is at most a quarter
constexpr double cap_spreads = 3;   ///< how far above the median a value still counts in full

void drop_weightless(std::vector<Weighted>& values) {
  std::erase_if(values, [](const Weighted& v) { return !(v.weight > 0) || !std::isfinite(v.value); });
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double median(std::vector<Weighted> values) {
  drop_weightless(values);
  if (values.empty()) return 0;
  std::ranges::sort(values, {}, &Weighted::value);
  double total = 0;
  for (const auto& v : values) total += v.weight;
  double reached = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    reached += values[i].weight;
    // A weight is a small sum of thirds and halves: compare with room for rounding.
    const double beyond = reached - total / 2;
    if (std::abs(beyond) < 1e-9 * total && i + 1 < values.size())
      return (values[i].value + values[i + 1].value) / 2;
    if (beyond > 0) return values[i].value;
  }
  return values.back().value;
}

double mad(std::vector<double> values, double centre) {
  for (auto& value : values) value = std::abs(value - centre);
  return mad_scale * median(std::move(values));
}

double mad(std::vector<Weighted> values, double centre) {
  for (auto& v : values) v.value = std::abs(v.value - centre);
  return mad_scale * median(std::move(values));
}

Robust robust_count(const std::vector<Weighted>& values) {
  Robust out{.centre = median(values), .spread = 0, .count = values.size()};
  if (out.centre < small_median) {
    const double cap = out.centre + cap_spreads * std::sqrt(out.centre + 1);
    double sum = 0, weight = 0;
    for (const auto& v : values) {
      if (!(v.weight > 0)) continue;
      sum += v.weight * std::min(v.value, cap);
      weight += v.weight;
    }
    out.centre = weight > 0 ? sum / weight : 0;
  }
  out.spread = std::max(mad(values, out.centre), std::sqrt(out.centre + 1));
  return out;
}

Robust robust_value(const std::vector<Weighted>& values, double spread_min) {
  const double centre = median(values);
  return {.centre = centre, .spread = std::max(mad(values, centre), spread_min), .count = values.size()};
}

}  // namespace earshot::analysis
