#include "insight/series.hpp"

#include <map>
#include <set>

#include "analysis/series/baseline.hpp"
#include "analysis/series/robust.hpp"
#include "insight/history.hpp"
#include "insight/spans.hpp"

namespace earshot::insight {
namespace {

constexpr std::int64_t steps_max = 9'000;
constexpr int weeks_back = 8;
constexpr int weeks_min = 3;  ///< days of the same weekday, below which there is nothing to expect
/// Net sentiment of a day moves by this much without anything having happened.
constexpr double net_spread_min = 0.02;

std::optional<double> net(std::int64_t positive, std::int64_t neutral, std::int64_t negative) {
  const auto scored = positive + neutral + negative;
  if (scored == 0) return std::nullopt;
  return static_cast<double>(positive - negative) / static_cast<double>(scored);
}

std::chrono::hours width(SeriesStep step) {
  return step == SeriesStep::hour ? std::chrono::hours(1) : one_day;
}

using Rows = std::map<Timestamp, store::SeriesRow>;

Result<Rows> read_rows(store::Reader& reader, BrandId brand, const SeriesQuery& query, Timestamp from,
                       Timestamp until) {
  const auto rows = reader.series(brand, query.source, from, until, width(query.step));
  if (!rows) return unexpected(rows.error());
  Rows out;
  for (const auto& row : *rows) out[row.at] = row;
  return out;
}

/// Steps in which the source, or sources with a tenth of the brand's mentions, were deaf for some of the
/// time.
Result<std::set<Timestamp>> deaf_steps(store::Reader& reader, BrandId brand, const SeriesQuery& query,
                                       Timestamp from, Timestamp until) {
  const auto gaps = reader.gaps(from, until);
  if (!gaps) return unexpected(gaps.error());
  std::set<Timestamp> out;
  if (gaps->empty()) return out;
  HeardHours heard{.first = hour_index(from), .end = hour_index(until)};
  std::set<SourceId> deaf;
  for (const auto& row : *gaps) deaf.insert(row.source);
  const auto all = reader.series(brand, {}, from, until, std::chrono::hours(24 * 366));
  if (!all) return unexpected(all.error());
  std::int64_t total = 0;
  for (const auto& row : *all) total += row.mentions;
  heard.rows.push_back({.mentions = total});
  for (const auto source : deaf) {
    const auto own = reader.series(brand, source, from, until, std::chrono::hours(24 * 366));
    if (!own) return unexpected(own.error());
    std::int64_t count = 0;
    for (const auto& row : *own) count += row.mentions;
    heard.rows.front().mentions -= count;
    heard.rows.push_back({.source = source, .mentions = count});
  }
  add_gaps(heard, *gaps);
  const auto mask = heard.mask(query.source);
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const auto at = hour_start(heard.first + static_cast<std::int64_t>(i));
    if (mask[i])
      out.insert(query.step == SeriesStep::hour ? at : Timestamp(std::chrono::floor<std::chrono::days>(at)));
  }
  return out;
}

/// What the same weekday brought in the weeks before.
void expect_day(SeriesPoint& point, const Rows& rows, const std::set<Timestamp>& deaf, Timestamp first) {
  std::vector<analysis::Weighted> counts, nets;
  for (int week = 1; week <= weeks_back; ++week) {
    const auto at = point.at - week * 7 * one_day;
    if (at < first || deaf.contains(at)) continue;
    const auto found = rows.find(at);
    const auto row = found == rows.end() ? store::SeriesRow{} : found->second;
    counts.push_back({.value = static_cast<double>(row.mentions)});
    if (const auto value = net(row.positive, row.neutral, row.negative))
      nets.push_back(
          {.value = *value, .weight = static_cast<double>(row.positive + row.neutral + row.negative)});
  }
  if (counts.size() >= weeks_min) {
    const auto usual = analysis::robust_count(counts);
    point.expected = usual.centre;
    point.spread = usual.spread;
  }
  if (nets.size() < weeks_min) return;
  const auto usual = analysis::robust_value(nets, net_spread_min);
  point.expected_net_sentiment = usual.centre;
  point.spread_net_sentiment = usual.spread;
}

Status expect_hours(store::Reader& reader, BrandId brand, SourceId source, std::vector<SeriesPoint>& points) {
  const auto volume = reader.baseline(brand, source, "volume");
  if (!volume) return unexpected(volume.error());
  const auto nets = reader.baseline(brand, source, "net_sentiment");
  if (!nets) return unexpected(nets.error());
  std::map<int, const store::BaselineRow*> counts, shares;
  for (const auto& row : *volume) counts[row.hour_of_week] = &row;
  for (const auto& row : *nets) shares[row.hour_of_week] = &row;
  for (auto& point : points) {
    const auto slot = analysis::hour_of_week(hour_index(point.at));
    if (const auto found = counts.find(slot); found != counts.end()) {
      point.expected = found->second->centre;
      point.spread = found->second->spread;
    }
    if (const auto found = shares.find(slot); found != shares.end()) {
      point.expected_net_sentiment = found->second->centre;
      point.spread_net_sentiment = found->second->spread;
    }
  }
  return Done{};
}

}  // namespace

std::optional<double> SeriesPoint::net_sentiment() const { return net(positive, neutral, negative); }

Result<std::vector<SeriesPoint>> read_series(store::Reader& reader, BrandId brand, const SeriesQuery& query) {
  const bool hours = query.step == SeriesStep::hour;
  const auto step = width(query.step);
  const Timestamp first = hours ? Timestamp(std::chrono::floor<std::chrono::hours>(query.since))
                                : Timestamp(std::chrono::floor<std::chrono::days>(query.since));
  if ((query.until - first) / step > steps_max)
    return unexpected(ErrorKind::invalid,
                      "this is too long a stretch for steps of this width: take days, or less");
  const auto from = hours ? first : first - weeks_back * 7 * one_day;
  const auto rows = read_rows(reader, brand, query, from, query.until);
  if (!rows) return unexpected(rows.error());
  const auto deaf = deaf_steps(reader, brand, query, from, query.until);
  if (!deaf) return unexpected(deaf.error());
  const auto oldest = rows->empty() ? query.until : rows->begin()->first;
  std::vector<SeriesPoint> points;
  for (auto at = first; at < query.until; at += step) {
    SeriesPoint point{.at = at, .gap = deaf->contains(at)};
    if (const auto found = rows->find(at); found != rows->end()) {
      point.mentions = found->second.mentions;
      point.positive = found->second.positive;
      point.neutral = found->second.neutral;
      point.negative = found->second.negative;
    }
    if (!hours) expect_day(point, *rows, *deaf, oldest);
    points.push_back(point);
  }
  if (!hours) return points;
  if (auto status = expect_hours(reader, brand, query.source, points); !status)
    return unexpected(status.error());
  return points;
}

}  // namespace earshot::insight
