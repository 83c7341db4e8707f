#include <array>

#include "analysis/series/baseline.hpp"
#include "insight/history.hpp"

namespace earshot::insight {
namespace {

enum class Metric { volume, authors, net_sentiment, negative_author_share };
struct MetricInfo {
  Metric metric;
  const char* name;
  analysis::Measure measure;
};
constexpr std::array metrics{
    MetricInfo{Metric::volume, "volume", analysis::Measure::count},
    MetricInfo{Metric::authors, "authors", analysis::Measure::count},
    MetricInfo{Metric::net_sentiment, "net_sentiment", analysis::Measure::share},
    MetricInfo{Metric::negative_author_share, "negative_author_share", analysis::Measure::share}};

/// One hour's value, and how many mentions or authors it stands on.
std::pair<double, double> measure(const store::HourRow& row, Metric metric) {
  const auto scored = static_cast<double>(row.positive + row.neutral + row.negative);
  const auto authors = static_cast<double>(row.authors.estimate());
  switch (metric) {
    case Metric::volume: return {static_cast<double>(row.mentions), 1};
    case Metric::authors: return {authors, 1};
    case Metric::net_sentiment:
      return {scored > 0 ? static_cast<double>(row.positive - row.negative) / scored : 0, scored};
    case Metric::negative_author_share:
      return {authors > 0 ? static_cast<double>(row.negative_authors.estimate()) / authors : 0, authors};
  }
  return {0, 0};
}

/// An hour without a row was heard and brought nothing: 0 for counts, no evidence for shares.
analysis::HourSeries series_of(const std::map<std::int64_t, store::HourRow>& hours, const HeardHours& heard,
                               SourceId source, const MetricInfo& info) {
  const auto size = heard.size();
  analysis::HourSeries out{.first = heard.first,
                           .values = std::vector<double>(size, 0.0),
                           .weights = {},
                           .left_out = heard.mask(source)};
  out.weights.assign(size, info.measure == analysis::Measure::count ? 1.0 : 0.0);
  for (const auto& [hour, row] : hours) {
    const auto at = static_cast<std::size_t>(hour - heard.first);
    std::tie(out.values[at], out.weights[at]) = measure(row, info.metric);
  }
  // What lies before a source's first mention was not heard, as far as we know.
  for (auto hour = heard.first; hour < hours.begin()->first; ++hour)
    out.left_out[static_cast<std::size_t>(hour - heard.first)] = true;
  return out;
}

void merge(store::HourRow& into, const store::HourRow& row) {
  into.mentions += row.mentions;
  into.positive += row.positive;
  into.neutral += row.neutral;
  into.negative += row.negative;
  into.authors.merge(row.authors);
  into.negative_authors.merge(row.negative_authors);
}

}  // namespace

Result<std::vector<store::BaselineRow>> baseline_job(const JobInput& input) {
  auto heard = read_heard_hours(input);
  if (!heard) return unexpected(heard.error());
  std::map<SourceId, std::map<std::int64_t, store::HourRow>> by_source;
  for (const auto& row : heard->rows)
    for (const auto source : {SourceId{}, row.source}) merge(by_source[source][hour_index(row.hour_at)], row);

  std::vector<store::BaselineRow> out;
  for (const auto& [source, hours] : by_source) {
    for (const auto& info : metrics) {
      const auto week = analysis::weekly_baseline(series_of(hours, *heard, source, info), info.measure);
      for (int slot = 0; slot < analysis::hours_per_week; ++slot) {
        const auto& expected = week[static_cast<std::size_t>(slot)];
        if (expected.samples == 0) continue;
        out.push_back({.source = source,
                       .metric = info.name,
                       .hour_of_week = slot,
                       .centre = expected.centre,
                       .spread = expected.spread,
                       .weeks = expected.weeks});
      }
    }
  }
  return out;
}

}  // namespace earshot::insight
