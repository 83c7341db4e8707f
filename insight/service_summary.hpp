#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "insight/job.hpp"
#include "insight/money.hpp"

/// How a brand dealt with the people who turned to it, and what that was worth.
namespace earshot::insight {

/// What came in within a period and how it was answered.
struct ResponseSummary {
  std::int64_t contacts = 0, answered = 0, settled = 0;
  /// Seconds to the first reply: the median of the days' medians, each weighing as much as it has answers.
  std::optional<std::int64_t> median_s = {};
  /// The same in business hours, where the brand has named them.
  std::optional<std::int64_t> open_median_s = {};
  std::int64_t late = 0;  ///< not answered within their target
  std::optional<double> answered_share() const;
};
ResponseSummary summarise_response(const std::vector<store::ResponseDay>& days);

/// One month of journeys, by the unhappy post with which they began; money where there are assumptions.
struct JourneyMonth {
  std::string month = {};  ///< "2026-03", UTC
  std::map<std::string, std::int64_t> outcomes = {};
  std::int64_t total() const;
  /// Of the stories whose end is known: everything but `open`.
  std::optional<double> converted_share() const;
  const MoneyAssumptions* assumptions = nullptr;  ///< at the end of the last conversion of the month
  std::optional<Range> saved = {};
};

struct RoiSummary {
  ResponseSummary response = {};
  std::vector<JourneyMonth> months = {};            ///< oldest first
  std::vector<store::JourneyRow> conversions = {};  ///< newest first, each with its evidence
  std::int64_t waiting_people = 0;                  ///< who complained or threatened to leave and wait now
  const MoneyAssumptions* assumptions = nullptr;    ///< valid at the end of the period
  std::optional<Range> saved = {};                  ///< conversions × worth, each at the worth valid then
  std::optional<Range> exposure = {};               ///< waiting people × share who leave × worth
  std::optional<Range> spared = {};                 ///< public answers × cost per contact
};

/// `money` must outlive the result.
Result<RoiSummary> summarise_roi(const JobInput& input, Timestamp since, Timestamp until,
                                 const std::vector<MoneyAssumptions>& money);

}  // namespace earshot::insight
