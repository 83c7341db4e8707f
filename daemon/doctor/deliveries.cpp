// What destinations do not take.
#include "core/base/time_format.hpp"
#include "daemon/doctor/checks.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr const char* deliveries_group = "deliveries";
/// As config/grafana/alerts.yml has it: EarshotDeliveryLate.
constexpr auto late = std::chrono::minutes(30);

}  // namespace

Findings check_deliveries(const std::vector<store::DestinationState>& destinations, Timestamp now) {
  Findings out;
  std::size_t fine = 0;
  for (const auto& row : destinations) {
    const auto before = out.size();
    const auto error = row.last_error.empty() ? std::string() : "its last word: " + row.last_error;
    if (row.dead > 0)
      out.push_back({.level = Level::bad,
                     .group = deliveries_group,
                     .what = std::to_string(row.dead) + " messages for " + row.name + " were given up",
                     .why = error,
                     .advice = "`earshot outbox --dead`, mend the cause, `earshot outbox retry --all-dead`"});
    if (row.oldest_due_at && now - *row.oldest_due_at > late)
      out.push_back({.level = Level::warn,
                     .group = deliveries_group,
                     .what = row.name + " is behind: " + std::to_string(row.waiting) +
                             " wait, the oldest since " + format_rfc3339(*row.oldest_due_at),
                     .why = error,
                     .advice = "`earshot outbox --destination " + row.name +
                               "`; it goes on by itself once the receiver answers"});
    if (out.size() == before) ++fine;
  }
  if (fine > 0)
    out.push_back({.level = Level::ok,
                   .group = deliveries_group,
                   .what = std::to_string(fine) + (fine == 1 ? " destination takes" : " destinations take") +
                           " what they are sent"});
  return out;
}

}  // namespace earshot::daemon::doctor
