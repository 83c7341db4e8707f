#pragma once
#include <cstddef>
#include <optional>
#include <vector>

/// Do two series move together, and which one first. Pure arithmetic.
namespace earshot::analysis {

/// Fewer pairs say nothing: with twenty even r = 0.44 happens once in twenty times by chance.
inline constexpr std::size_t pairs_min = 20;

struct Correlation {
  int lag = 0;  ///< steps by which the second series is later than the first
  std::size_t pairs = 0;
  bool too_little = true;  ///< fewer than `pairs_min` pairs, or one of the series never changes
  double r = 0;            ///< Pearson's, −1 … 1
  double low = 0,
         high = 0;  ///< 95 % interval (Fisher's z), steps taken as independent, which days rarely are

  /// Its interval leaves out zero.
  bool clear() const { return !too_little && (low > 0 || high < 0); }
};

/// A step that was not heard has no value, and its pairs are left out.
using Steps = std::vector<std::optional<double>>;

/// `first[i]` against `second[i + lag]`; a negative lag lets the second lead. Both have the same steps.
Correlation correlation(const Steps& first, const Steps& second, int lag);

/// Every lag from −most to most.
std::vector<Correlation> correlations(const Steps& first, const Steps& second, int most);

}  // namespace earshot::analysis
