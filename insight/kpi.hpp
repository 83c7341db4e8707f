#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "insight/job.hpp"
#include "insight/money.hpp"

/// The figures a company holds itself to.
namespace earshot::insight {

/// What [[kpi]] may name as its metric: the rows of v_metric.
inline constexpr std::array metric_names{
    "volume",         "authors",         "net_sentiment",  "negative_share", "negative_author_share",
    "share_of_voice", "contacts",        "answered_share", "response_time",  "waiting",
    "converted",      "converted_share", "money_kept",     "money_at_risk",  "incidents",
    "gap_hours",      "accuracy"};

enum class Direction { higher, lower };  ///< which way is better

struct Kpi {
  std::string name = {};
  std::string brand = {};   ///< empty: of every brand
  std::string metric = {};  ///< one of metric_names; empty: `sql`
  std::string sql = {};     ///< the user's own SELECT, run by Reader::ask
  std::string unit = {};    ///< as printed; empty: the metric's
  std::optional<double> target = {};
  Direction direction = Direction::higher;
  std::string owner = {};
  int days = 28;  ///< the stretch a metric is taken over, up to now

  bool operator==(const Kpi&) const = default;
};

struct KpiResult {
  Kpi kpi = {};
  std::string unit = {};
  Timestamp since = {}, until = {};
  std::optional<double> actual = {};  ///< nothing where there is nothing to measure
  std::string problem = {};           ///< why there is none
  std::optional<bool> met() const;
};

/// What metrics are reckoned with beside the database; both outlive the call.
struct MetricSettings {
  const std::vector<MoneyAssumptions>& money;
  const std::vector<std::string>& competitors;  ///< empty: every other brand
};

/// One of metric_names over [since, until); nothing where there is nothing to measure. `invalid`: no such
/// metric.
Result<std::optional<double>> metric_value(const JobInput& input, std::string_view metric,
                                           const MetricSettings& settings, Timestamp since, Timestamp until);

/// Those of the brand, in their order. What goes wrong with one of them is its `problem`, not an end.
Result<std::vector<KpiResult>> measure_kpis(const JobInput& input, const std::vector<Kpi>& kpis,
                                            const MetricSettings& settings);

}  // namespace earshot::insight
