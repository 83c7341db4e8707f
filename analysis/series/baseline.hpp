#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

/// What is normal for an hour of the week, from a series of hours. Pure arithmetic; hours are whole hours
/// since 1970 UTC.
namespace earshot::analysis {

inline constexpr int hours_per_week = 168;

/// 0 is Monday 00:00 UTC.
int hour_of_week(std::int64_t hour);

enum class Measure { count, share };

/// Consecutive hours from `first`. Hours that were not heard (gaps) are left out, not zero.
struct HourSeries {
  std::int64_t first = 0;
  std::vector<double> values = {};
  std::vector<double> weights = {};  ///< how much each value stands on; empty: 1 each. 0 leaves the hour out
  std::vector<bool> left_out = {};   ///< empty: none

  std::int64_t end() const { return first + static_cast<std::int64_t>(values.size()); }
};

struct Expectation {
  double centre = 0;
  double spread = 0;
  int weeks = 0;        ///< heard hours of exactly this hour of week
  int samples = 0;      ///< hours behind the figures, neighbours included
  int pooled = 0;       ///< how many hours to each side were taken in; 84: the whole week
  bool warm_up = true;  ///< fewer than `weeks_wanted` weeks: take the figures with care
  bool operator==(const Expectation&) const = default;
};

/// Weeks after which a slot speaks for itself: with three values a median withstands one bad week.
inline constexpr int weeks_wanted = 3;

/// Expected value of one hour of week, from the hours before `until` (exclusive). A slot with fewer than 8
/// hours takes in its neighbours, up to three to each side, each with weight 1 / (1 + distance); with fewer
/// than 3 hours even then, every heard hour of the series. No heard hour: samples 0.
Expectation expectation(const HourSeries& series, int slot, Measure measure,
                        std::int64_t until = std::numeric_limits<std::int64_t>::max());

std::array<Expectation, hours_per_week> weekly_baseline(const HourSeries& series, Measure measure);

}  // namespace earshot::analysis
