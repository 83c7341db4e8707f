#include "insight/service_summary.hpp"

#include <algorithm>

#include "core/base/time_format.hpp"
#include "core/model/identity.hpp"

namespace earshot::insight {
namespace {

constexpr const char* converted = "converted";

void add(std::optional<Range>& sum, const Range& value) { sum = sum.value_or(Range{}) + value; }

}  // namespace

std::optional<double> ResponseSummary::answered_share() const {
  if (contacts == 0) return std::nullopt;
  return static_cast<double>(answered) / static_cast<double>(contacts);
}

namespace {

/// The median of the days' medians, each weighing as much as it has answers.
std::optional<std::int64_t> weighed_median(const std::vector<store::ResponseDay>& days,
                                           std::optional<std::int64_t> store::ResponseDay::*median) {
  std::vector<std::pair<std::int64_t, std::int64_t>> medians;
  std::int64_t answered = 0, passed = 0;
  for (const auto& day : days) {
    if (!(day.*median)) continue;
    medians.emplace_back(*(day.*median), day.answered);
    answered += day.answered;
  }
  std::ranges::sort(medians);
  for (const auto& [value, weight] : medians) {
    passed += weight;
    if (2 * passed >= answered) return value;
  }
  return std::nullopt;
}

}  // namespace

ResponseSummary summarise_response(const std::vector<store::ResponseDay>& days) {
  ResponseSummary out;
  for (const auto& day : days) {
    out.contacts += day.contacts;
    out.answered += day.answered;
    out.settled += day.settled;
    out.late += day.late;
  }
  out.median_s = weighed_median(days, &store::ResponseDay::median_s);
  out.open_median_s = weighed_median(days, &store::ResponseDay::open_median_s);
  return out;
}

std::int64_t JourneyMonth::total() const {
  std::int64_t sum = 0;
  for (const auto& [outcome, count] : outcomes) sum += count;
  return sum;
}

std::optional<double> JourneyMonth::converted_share() const {
  const auto count = [&](const char* outcome) {
    const auto found = outcomes.find(outcome);
    return found == outcomes.end() ? 0 : found->second;
  };
  const auto known = total() - count("open");
  if (known == 0) return std::nullopt;
  return static_cast<double>(count(converted)) / static_cast<double>(known);
}

Result<RoiSummary> summarise_roi(const JobInput& input, Timestamp since, Timestamp until,
                                 const std::vector<MoneyAssumptions>& money) {
  RoiSummary out;
  auto days = input.reader.response_days(input.brand, since, until);
  if (!days) return unexpected(days.error());
  out.response = summarise_response(*days);
  auto counts = input.reader.journey_counts(input.brand, since, until);
  if (!counts) return unexpected(counts.error());
  auto journeys = input.reader.journeys(input.brand, since, until, converted);
  if (!journeys) return unexpected(journeys.error());
  auto waiting = input.reader.waiting_count(input.brand);
  if (!waiting) return unexpected(waiting.error());
  out.waiting_people = waiting->at_risk;

  std::map<std::string, JourneyMonth> months;
  const auto month_of = [&](Timestamp at) -> JourneyMonth& {
    const auto name = format_rfc3339(at).substr(0, 7);
    auto& month = months[name];
    month.month = name;
    return month;
  };
  for (const auto& row : *counts) month_of(row.day_at).outcomes[row.outcome] += row.journeys;
  for (auto& row : *journeys) {
    if (!row.last) continue;
    auto& month = month_of(identity::time_of(row.rant));
    if (const auto* valid = assumptions_at(money, input.brand_name, identity::time_of(*row.last))) {
      if (!month.assumptions || month.assumptions->from < valid->from) month.assumptions = valid;
      add(month.saved, valid->saved_customer);
      add(out.saved, valid->saved_customer);
    }
    out.conversions.push_back(std::move(row));
  }
  for (auto& [name, month] : months) out.months.push_back(std::move(month));

  out.assumptions = assumptions_at(money, input.brand_name, until);
  if (!out.assumptions) return out;
  if (out.assumptions->leaves_unanswered)
    out.exposure = out.assumptions->saved_customer * *out.assumptions->leaves_unanswered *
                   static_cast<double>(out.waiting_people);
  if (out.assumptions->cost_per_contact)
    out.spared = *out.assumptions->cost_per_contact * static_cast<double>(out.response.answered);
  return out;
}

}  // namespace earshot::insight
