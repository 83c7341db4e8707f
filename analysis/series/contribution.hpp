#pragma once
#include <cstdint>
#include <vector>

/// Which groups moved a mean, and how far. Pure arithmetic; mentions are given as counts of like ones.
namespace earshot::analysis {

/// Like mentions: those that share a value and the groups they belong to.
struct ValueCount {
  double value = 0;          ///< −1 … 1
  std::uint64_t groups = 0;  ///< bit mask; 0: of no group
  std::int64_t count = 0;
};

/// What belongs to no group is a group of its own.
inline constexpr unsigned no_group = 64;

/// What one group adds to the difference of two means. A value of several groups is split evenly over them,
/// so that nothing counts twice: `weight` is the sum of those parts.
struct Contribution {
  unsigned group = 0;
  double weight = 0, usual_weight = 0;  ///< mentions, by parts
  double share = 0, usual_share = 0;    ///< of all weight
  double mean = 0, usual_mean = 0;      ///< 0 where there is no weight
  double tone = 0;                      ///< share · (mean − usual mean): it is spoken of otherwise
  double mix = 0;  ///< (share − usual share) · (usual mean − overall usual mean): more or less of it
  double low = 0, high = 0;  ///< 95 % interval of `total()`, mentions taken as independent

  double total() const { return tone + mix; }
};

/// mean − usual_mean = the sum of all rows' totals, exactly but for rounding.
struct Contributions {
  double mean = 0, usual_mean = 0;
  double low = 0, high = 0;  ///< 95 % interval of the difference
  std::int64_t count = 0, usual_count = 0;
  std::vector<Contribution> rows = {};  ///< the greatest total in either direction first

  double difference() const { return mean - usual_mean; }
};

/// Splits the difference between `now` and `before` over the groups. A group that is new is measured against
/// the overall usual mean; one that is gone takes away what it used to add. Empty when either side holds
/// nothing.
Contributions contributions(const std::vector<ValueCount>& now, const std::vector<ValueCount>& before);

}  // namespace earshot::analysis
