#include "analysis/series/contribution.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace earshot::analysis {
namespace {

constexpr double z_95 = 1.96;
constexpr std::size_t groups_max = no_group + 1;

struct Sums {
  double weight = 0, value = 0;
  double distance = 0, square = 0;  ///< of weight · (value − overall usual mean), and of its square
};

struct Side {
  double count = 0, sum = 0, square = 0;
  std::array<Sums, groups_max> groups = {};

  double mean() const { return sum / count; }
  /// Of the mean of something with these sums over all mentions.
  double variance(double total, double squares) const {
    return std::max(0.0, squares / count - total / count * total / count) / count;
  }
};

Side add_up(const std::vector<ValueCount>& values) {
  Side out;
  for (const auto& one : values) {
    const auto count = static_cast<double>(one.count);
    out.count += count;
    out.sum += count * one.value;
    out.square += count * one.value * one.value;
  }
  return out;
}

void add_groups(Side& side, const std::vector<ValueCount>& values, double usual) {
  for (const auto& one : values) {
    const auto groups = one.groups != 0 ? std::popcount(one.groups) : 1;
    const double part = 1.0 / groups, count = static_cast<double>(one.count);
    for (unsigned group = 0; group < groups_max; ++group) {
      if (group == no_group ? one.groups != 0 : (one.groups >> group & 1U) == 0) continue;
      auto& sums = side.groups[group];
      const double distance = part * (one.value - usual);
      sums.weight += count * part;
      sums.value += count * part * one.value;
      sums.distance += count * distance;
      sums.square += count * distance * distance;
    }
  }
}

Contribution contribution(unsigned group, const Side& now, const Side& before, double usual) {
  const auto& a = now.groups[group];
  const auto& b = before.groups[group];
  Contribution out{.group = group, .weight = a.weight, .usual_weight = b.weight};
  out.share = a.weight / now.count;
  out.usual_share = b.weight / before.count;
  out.mean = a.weight > 0 ? a.value / a.weight : 0;
  out.usual_mean = b.weight > 0 ? b.value / b.weight : 0;
  const double measure = b.weight > 0 ? out.usual_mean : usual;
  out.tone = a.weight > 0 ? out.share * (out.mean - measure) : 0;
  out.mix = (out.share - out.usual_share) * (measure - usual);
  // The total is also the difference of two means over all mentions, of part · (value − usual): that gives
  // its spread.
  const double reach =
      z_95 * std::sqrt(now.variance(a.distance, a.square) + before.variance(b.distance, b.square));
  out.low = out.total() - reach;
  out.high = out.total() + reach;
  return out;
}

}  // namespace

Contributions contributions(const std::vector<ValueCount>& now, const std::vector<ValueCount>& before) {
  Side side = add_up(now), usual = add_up(before);
  Contributions out{.count = static_cast<std::int64_t>(side.count),
                    .usual_count = static_cast<std::int64_t>(usual.count)};
  if (out.count <= 0 || out.usual_count <= 0) return out;
  out.mean = side.mean();
  out.usual_mean = usual.mean();
  const double reach =
      z_95 * std::sqrt(side.variance(side.sum, side.square) + usual.variance(usual.sum, usual.square));
  out.low = out.difference() - reach;
  out.high = out.difference() + reach;
  add_groups(side, now, out.usual_mean);
  add_groups(usual, before, out.usual_mean);
  for (unsigned group = 0; group < groups_max; ++group)
    if (side.groups[group].weight > 0 || usual.groups[group].weight > 0)
      out.rows.push_back(contribution(group, side, usual, out.usual_mean));
  std::ranges::stable_sort(out.rows, [](const Contribution& a, const Contribution& b) {
    return std::abs(a.total()) > std::abs(b.total());
  });
  return out;
}

}  // namespace earshot::analysis
