#include "insight/kpi.hpp"

#include <algorithm>

#include "insight/benchmark.hpp"
#include "insight/summary.hpp"

namespace earshot::insight {
namespace {

using Value = Result<std::optional<double>>;

/// A user's own SELECT may take this long.
constexpr std::chrono::milliseconds sql_time_max{2000};

std::optional<double> share(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> expected(const std::optional<Range>& range) {
  return range ? std::optional(range->expected) : std::nullopt;
}

Value of_counts(std::string_view metric, const PeriodCounts& counts) {
  if (metric == "volume") return std::optional(static_cast<double>(counts.mentions));
  if (metric == "authors") return std::optional(static_cast<double>(counts.authors));
  if (metric == "net_sentiment") return counts.net_sentiment();
  if (metric == "negative_share") return counts.negative_share();
  if (metric == "gap_hours") return std::optional(static_cast<double>(counts.gap_hours));
  return counts.negative_author_share();
}

Value of_service(std::string_view metric, const RoiSummary& roi) {
  const auto count = [&](const char* outcome) {
    std::int64_t sum = 0;
    for (const auto& month : roi.months)
      if (const auto found = month.outcomes.find(outcome); found != month.outcomes.end())
        sum += found->second;
    return sum;
  };
  std::int64_t stories = 0;
  for (const auto& month : roi.months) stories += month.total();
  if (metric == "contacts") return std::optional(static_cast<double>(roi.response.contacts));
  if (metric == "answered_share") return roi.response.answered_share();
  if (metric == "response_time")
    return roi.response.median_s ? std::optional(static_cast<double>(*roi.response.median_s)) : std::nullopt;
  if (metric == "waiting") return std::optional(static_cast<double>(roi.waiting_people));
  if (metric == "converted") return std::optional(static_cast<double>(count("converted")));
  if (metric == "converted_share") return share(count("converted"), stories - count("open"));
  return expected(metric == "money_kept" ? roi.saved : roi.exposure);
}

Value of_voices(const JobInput& input, const MetricSettings& settings, Timestamp since, Timestamp until) {
  const auto all = benchmark(input, settings.competitors, since, until);
  if (!all) return unexpected(all.error());
  for (const auto& row : all->rows)
    if (row.own && row.share) return std::optional(row.share->value);
  return std::optional<double>();
}

Value of_incidents(const JobInput& input, Timestamp since, Timestamp until) {
  const auto rows = input.reader.incidents(input.brand, since, until, store::Members::no);
  if (!rows) return unexpected(rows.error());
  return std::optional(static_cast<double>(std::ranges::count_if(*rows, [&](const auto& row) {
    return row.state != "dismissed" && row.started_at >= since && row.started_at < until;
  })));
}

Value of_labels(const JobInput& input) {
  const auto rows = input.reader.accuracy(input.brand);
  if (!rows) return unexpected(rows.error());
  if (rows->empty()) return std::optional<double>();
  const auto& agreement = rows->front().agreement;
  return agreement ? std::optional(agreement->value) : std::nullopt;
}

}  // namespace

std::optional<bool> KpiResult::met() const {
  if (!actual || !kpi.target) return std::nullopt;
  return kpi.direction == Direction::higher ? *actual >= *kpi.target : *actual <= *kpi.target;
}

Result<std::optional<double>> metric_value(const JobInput& input, std::string_view metric,
                                           const MetricSettings& settings, Timestamp since, Timestamp until) {
  if (std::ranges::find(metric_names, metric) == metric_names.end())
    return unexpected(ErrorKind::invalid, "there is no metric '" + std::string(metric) + "'");
  if (metric == "share_of_voice") return of_voices(input, settings, since, until);
  if (metric == "incidents") return of_incidents(input, since, until);
  if (metric == "accuracy") return of_labels(input);
  for (const auto* counted :
       {"volume", "authors", "net_sentiment", "negative_share", "negative_author_share", "gap_hours"}) {
    if (metric != counted) continue;
    const auto counts = count_period(input, since, until);
    if (!counts) return unexpected(counts.error());
    return of_counts(metric, *counts);
  }
  const auto roi = summarise_roi(input, since, until, settings.money);
  if (!roi) return unexpected(roi.error());
  return of_service(metric, *roi);
}

Result<std::vector<KpiResult>> measure_kpis(const JobInput& input, const std::vector<Kpi>& kpis,
                                            const MetricSettings& settings) {
  const auto metrics = input.reader.metrics();
  if (!metrics) return unexpected(metrics.error());
  std::vector<KpiResult> out;
  for (const auto& kpi : kpis) {
    if (!kpi.brand.empty() && kpi.brand != input.brand_name) continue;
    KpiResult result{.kpi = kpi,
                     .unit = kpi.unit,
                     .since = input.now - std::chrono::hours(24 * kpi.days),
                     .until = input.now};
    if (result.unit.empty())
      if (const auto found = std::ranges::find(*metrics, kpi.metric, &store::MetricRow::name);
          found != metrics->end())
        result.unit = found->unit;
    const auto* money = assumptions_at(settings.money, input.brand_name, input.now);
    if (result.unit == "currency") result.unit = money ? money->currency : "";
    auto value = kpi.metric.empty() ? input.reader.ask(kpi.sql, input.brand_name, sql_time_max)
                                    : metric_value(input, kpi.metric, settings, result.since, result.until);
    if (value)
      result.actual = *value;
    else
      result.problem = value.error().message;
    if (value && !*value) result.problem = "there is nothing to measure yet";
    out.push_back(std::move(result));
  }
  return out;
}

}  // namespace earshot::insight
