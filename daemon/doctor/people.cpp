// What people may demand, and what platforms demand for them.
#include "core/base/time_format.hpp"
#include "daemon/doctor/checks.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr const char* people_group = "people's data";
/// The index is rewritten within minutes of an erasure, and readers hold it up for as long as they read.
constexpr auto settling = std::chrono::hours(1);

std::string in_days(std::chrono::hours window) {
  return window < std::chrono::hours(72) ? std::to_string(window.count()) + " h"
                                         : std::to_string(window.count() / 24) + " days";
}

}  // namespace

Findings check_erasures(const store::Inspection& seen, Timestamp now) {
  if (seen.erasures_unsettled == 0 || !seen.erased_at || now - *seen.erased_at < settling) return {};
  return {
      {.level = Level::bad,
       .group = people_group,
       .what = std::to_string(seen.erasures_unsettled) + " erasures are not settled, the oldest of " +
               format_rfc3339(*seen.erased_at),
       .why = "words of people who were erased may still be in the files of the database",
       .advice = "start the daemon, or end whoever keeps the database open (`fuser`), and run doctor again"}};
}

const std::vector<DeletionDuty>& deletion_duties() {
  using std::chrono::hours;
  static const std::vector<DeletionDuty> duties = {
      {"x", hours(24)}, {"reddit", hours(48)}, {"youtube", hours(24 * 30)}};
  return duties;
}

Findings check_deletions(const DeletionDuty& duty, const Result<std::int64_t>& unseen) {
  const std::string platform(duty.platform), within = in_days(duty.window);
  if (!unseen)
    return {{.level = Level::note,
             .group = people_group,
             .what = platform + ": posts not looked at within " + within + " could not be counted",
             .why = unseen.error().message,
             .advice = "count them by `earshot sql` with a longer --limit-time"}};
  if (*unseen == 0)
    return {{.level = Level::ok,
             .group = people_group,
             .what = platform + ": every post was seen within " + within}};
  return {
      {.level = Level::warn,
       .group = people_group,
       .what = platform + ": " + std::to_string(*unseen) + " posts were not looked at again within " + within,
       .why = "its terms want deleted posts gone by then, and nobody has looked whether these still are "
              "there",
       .advice = "set `keep` in [retention] to what the terms allow, or read the platform's deletions by "
                 "`earshot import` (\"deleted\": true)"}};
}

}  // namespace earshot::daemon::doctor
