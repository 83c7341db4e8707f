#include "insight/backtest.hpp"

#include <algorithm>
#include <unordered_map>

#include "insight/history.hpp"
#include "insight/troubles.hpp"

namespace earshot::insight {
namespace {

constexpr std::size_t labels_max = 100'000;
constexpr std::int64_t labels_min = 3;

using Labels = std::unordered_map<MentionId, bool>;  ///< whether a person called it negative

Result<Labels> read_labels(const JobInput& input) {
  const auto rows = input.reader.labels(input.brand, labels_max);
  if (!rows) return unexpected(rows.error());
  Labels out;
  for (const auto& row : *rows)
    if (row.polarity) out[row.mention] = *row.polarity == Polarity::negative;
  return out;
}

void judge(Alarm& alarm, const FoundIncident& found, const std::vector<Trouble>& troubles,
           const Labels& labels, const store::IncidentRow* known) {
  for (const auto member : found.members) {
    const auto label = labels.find(troubles[member].id);
    if (label == labels.end()) continue;
    ++alarm.labels;
    alarm.labels_negative += label->second ? 1 : 0;
  }
  if (known && known->dismissed_at)
    alarm.judged = Judged::wrong;
  else if (known && known->acknowledged_at)
    alarm.judged = Judged::right;
  else if (alarm.labels >= labels_min)
    alarm.judged = 2 * alarm.labels_negative > alarm.labels ? Judged::right : Judged::wrong;
}

/// The stored incident of one of its issue types at the same time.
const store::IncidentRow* known_as(const FoundIncident& found, const std::vector<store::IncidentRow>& known) {
  for (const auto& row : known)
    if ((found.issues >> row.issue & 1U) != 0 && to_ms(row.started_at) <= found.last_ms + quiet_ms &&
        found.started_ms <= to_ms(row.last_at) + quiet_ms)
      return &row;
  return nullptr;
}

}  // namespace

double Backtest::wrong_per_week() const {
  return weeks > 0 ? static_cast<double>(std::ranges::count(alarms, Judged::wrong, &Alarm::judged)) / weeks
                   : 0;
}

Result<Backtest> backtest(const JobInput& input, int days, const analysis::UnusualRule& rule) {
  if (days < 1 || days > 366) return unexpected(ErrorKind::invalid, "days are a number from 1 to 366");
  Backtest out{.brand = input.brand_name,
               .since = input.now - std::chrono::hours(24 * days),
               .until = input.now,
               .rule = rule};
  const auto from = out.since - history_span;
  auto heard = read_heard_hours(input, from);
  if (!heard) return unexpected(heard.error());
  auto troubles = read_troubles(input, from);
  if (!troubles) return unexpected(troubles.error());
  auto labels = read_labels(input);
  if (!labels) return unexpected(labels.error());
  auto names = input.reader.issue_names();
  if (!names) return unexpected(names.error());
  auto known = input.reader.incidents(input.brand, out.since, out.until);
  if (!known) return unexpected(known.error());
  const auto left_out = heard->mask(SourceId{});
  std::int64_t hours = 0;
  for (std::size_t i = 0; i < left_out.size(); ++i)
    if (!left_out[i] && hour_start(heard->first + static_cast<std::int64_t>(i)) >= out.since) ++hours;
  out.weeks = static_cast<double>(hours) / 168;
  std::vector<IncidentId> raised;
  for (const auto& found : detect_incidents({.troubles = *troubles,
                           .first_hour = heard->first,
                           .end_hour = heard->end,
                           .left_out = left_out,
                           .rule = rule})) {
    if (from_ms(found.fired.at_ms) < out.since) continue;
    const auto& d = found.fired.deviation;
    Alarm alarm{.issue = issue_name(*names, found.issue),
                .started_at = from_ms(found.started_ms),
                .detected_at = from_ms(found.fired.at_ms),
                .last_at = from_ms(found.last_ms),
                .authors = found.authors,
                .mentions = found.mentions,
                .observed = d.observed,
                .expected = d.expected,
                .threshold = d.threshold,
                .warm_up = found.fired.warm_up,
                .first_mention = found.members.empty() ? MentionId{} : (*troubles)[found.members.front()].id};
    const auto* row = known_as(found, *known);
    if (row) {
      alarm.known = row->id;
      raised.push_back(row->id);
    }
    judge(alarm, found, *troubles, *labels, row);
    out.alarms.push_back(std::move(alarm));
  }
  for (auto& row : *known)
    if (row.detected_at >= out.since && row.state != "dismissed" &&
        std::ranges::find(raised, row.id) == raised.end())
      out.missed.push_back(std::move(row));
  return out;
}

}  // namespace earshot::insight
