#pragma once
#include <cstddef>
#include <vector>

/// Centre and spread of few, dirty numbers: one bad week must not become what is normal.
namespace earshot::analysis {

/// Makes a median absolute deviation comparable with a standard deviation of normal data (1 / Φ⁻¹(3/4)).
inline constexpr double mad_scale = 1.4826;

struct Weighted {
  double value = 0;
  double weight = 1;  ///< values with weight 0 or less do not count
};

struct Robust {
  double centre = 0;
  double spread = 0;
  std::size_t count = 0;
  bool operator==(const Robust&) const = default;
};

/// Middle value, the mean of the two middle ones for an even number; 0 for none.
double median(std::vector<double> values);
/// Smallest value at which half of the weight is reached, the mean of two when it is reached exactly between
/// them.
double median(std::vector<Weighted> values);
/// 1.4826 · median(|value − centre|).
double mad(std::vector<double> values, double centre);
double mad(std::vector<Weighted> values, double centre);

/// For counts. The median of small counts jumps between whole numbers and is 0 for most issues, so below a
/// median of 4 the centre is the mean of the values capped at median + 3·√(median + 1). The spread never
/// falls below √(centre + 1), what chance alone does to a count (Poisson), with the 1 for a rate that is
/// itself known from few hours.
Robust robust_count(const std::vector<Weighted>& values);

/// For shares and differences of shares: weighted median and MAD, the latter not below `spread_min`.
Robust robust_value(const std::vector<Weighted>& values, double spread_min);

}  // namespace earshot::analysis
