#pragma once
#include <string>
#include <vector>

#include "analysis/series/correlation.hpp"
#include "insight/job.hpp"

/// Does net sentiment move with the volume of mentions, and with what the brand itself writes?
namespace earshot::insight {

inline constexpr int lag_days_max = 7;
/// As far as other jobs look back.
inline constexpr std::chrono::hours movement_span{12 * 168};

/// Days (UTC) of a period, the first and last whole ones; days that were not heard in full are left out.
struct Movement {
  std::string brand = {};
  Timestamp since = {}, until = {};
  int days = 0, days_left_out = 0;
  /// Net sentiment of a day against mentions, and against own posts, of the day `lag` days later (negative:
  /// earlier): own posts at −2 mean that what the brand writes is followed two days later.
  std::vector<analysis::Correlation> volume = {}, own_posts = {};
};

/// The lag with the greatest |r|, or nothing while all have too little.
const analysis::Correlation* strongest(const std::vector<analysis::Correlation>& lags);
/// The one at lag 0.
const analysis::Correlation* same_day(const std::vector<analysis::Correlation>& lags);

Result<Movement> find_movement(const JobInput& input, Timestamp since, Timestamp until);

}  // namespace earshot::insight
