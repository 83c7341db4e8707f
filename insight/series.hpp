#pragma once
#include <optional>
#include <vector>

#include "insight/job.hpp"

/// A brand's counts over time beside what was to be expected, for charts.
namespace earshot::insight {

enum class SeriesStep { hour, day };

struct SeriesQuery {
  Timestamp since = {}, until = {};
  SeriesStep step = SeriesStep::day;
  SourceId source = {};  ///< none: all sources together
};

struct SeriesPoint {
  Timestamp at = {};  ///< beginning of the hour or UTC day
  std::int64_t mentions = 0, positive = 0, neutral = 0, negative = 0;
  std::optional<double> expected = {}, spread = {};  ///< of the mentions; nothing without history
  std::optional<double> expected_net_sentiment = {}, spread_net_sentiment = {};
  bool gap = false;  ///< a source of weight was deaf: the counts are too low

  std::optional<double> net_sentiment() const;  ///< nothing when nothing was scored
};

/// One point per step, also where nothing was said. Hours are compared with the stored baseline of their hour
/// of week; days with the same weekday of up to eight weeks before, days with a gap left out. `invalid` for
/// more than 9,000 steps (a year of hours).
Result<std::vector<SeriesPoint>> read_series(store::Reader& reader, BrandId brand, const SeriesQuery& query);

}  // namespace earshot::insight
