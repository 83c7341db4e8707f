// How sources are doing: heard, silent, failing, short of requests.
#include <algorithm>
#include <set>

#include "core/base/time_format.hpp"
#include "daemon/doctor/checks.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr const char* sources_group = "sources";
/// As config/grafana/alerts.yml has it: EarshotSourceSilent, EarshotQuotaLow, EarshotUnreadableItems.
constexpr auto silence = std::chrono::hours(6);
constexpr std::int64_t quota_part = 10, malformed_part = 20, malformed_least = 10;

void judge_state(const store::SourceStatus& row, Findings& out) {
  const bool paused = row.state == "paused";
  if (!paused && row.state != "failing") return;
  out.push_back({.level = paused ? Level::bad : Level::warn,
                 .group = sources_group,
                 .what = row.name + " is " + row.state + ": " + row.last_error,
                 .why = std::to_string(row.fail_count) + " failures in a row" +
                        (row.next_poll_at ? ", next try " + format_rfc3339(*row.next_poll_at) : ""),
                 .advice = paused ? "mend its credential or settings, then systemctl reload earshotd"
                                  : "wait; or ask at once: `earshot poll " + row.name + " --dry-run`"});
}

void judge_silence(const store::SourceStatus& row, Milliseconds longest, Timestamp now, Findings& out) {
  if (row.state != "ok" || !row.last_ok_at) return;
  const auto quiet = now - *row.last_ok_at;
  if (quiet < silence || quiet < 3 * longest) return;
  out.push_back(
      {.level = Level::warn,
       .group = sources_group,
       .what = row.name + " last answered at " + format_rfc3339(*row.last_ok_at),
       .why = "no failure says why",
       .advice = "look at its interval, the clock, and v_source.next_poll_at: a platform may have asked for "
                 "patience"});
}

void judge_quota(const store::SourceStatus& row, Timestamp now, Findings& out) {
  if (!row.quota || !row.quota->limit || (row.quota->resets_at && *row.quota->resets_at <= now)) return;
  if (row.quota->remaining * quota_part >= *row.quota->limit) return;
  out.push_back({.level = Level::warn,
                 .group = sources_group,
                 .what = row.name + " has " + std::to_string(row.quota->remaining) + " of " +
                         std::to_string(*row.quota->limit) + " requests left",
                 .why = row.quota->resets_at ? "until " + format_rfc3339(*row.quota->resets_at) : "",
                 .advice = "a longer `interval`, fewer queries, or a credential of its own"});
}

void judge_items(const store::SourceStatus& row, Findings& out) {
  if (row.malformed < malformed_least || row.malformed * malformed_part < row.received) return;
  out.push_back({.level = Level::warn,
                 .group = sources_group,
                 .what = row.name + ": " + std::to_string(row.malformed) + " of " +
                         std::to_string(row.received) + " items could not be read",
                 .why = "the platform has changed what it sends",
                 .advice = "`earshot poll " + row.name + " --dry-run` shows what is missing"});
}

void judge_gaps(const store::SourceStatus& row, const std::vector<store::GapRow>& gaps, Findings& out) {
  Milliseconds missed{};
  std::set<std::string> reasons;
  for (const auto& gap : gaps) {
    if (gap.source != row.id) continue;
    missed += gap.gap.to - gap.gap.from;
    reasons.insert(gap.gap.reason);
  }
  if (reasons.empty()) return;
  std::string why;
  for (const auto& reason : reasons) why += (why.empty() ? "" : ", ") + reason;
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(missed).count();
  out.push_back(
      {.level = Level::note,
       .group = sources_group,
       .what = row.name + " was not heard for " + std::to_string(minutes) + " minutes of the last 7 days",
       .why = why,
       .advice = "nothing: baselines leave gaps out; v_gap lists them"});
}

}  // namespace

Findings check_sources(const Config& config, const std::vector<store::SourceStatus>& sources,
                       const std::vector<store::GapRow>& gaps, bool daemon_runs, Timestamp now) {
  Findings out;
  std::size_t heard = 0;
  for (const auto& wanted : config.sources) {
    if (!wanted.enabled) continue;
    const auto row = std::ranges::find(sources, wanted.name, &store::SourceStatus::name);
    if (row == sources.end() || row->state == "new") {
      out.push_back({.level = Level::note,
                     .group = sources_group,
                     .what = wanted.name + " was never asked",
                     .advice = daemon_runs ? "systemctl reload earshotd, if it was added just now"
                                           : "start the daemon"});
      continue;
    }
    const auto before = out.size();
    judge_state(*row, out);
    if (daemon_runs) judge_silence(*row, wanted.interval_max, now, out);
    judge_quota(*row, now, out);
    judge_items(*row, out);
    if (out.size() == before) ++heard;
    judge_gaps(*row, gaps, out);
  }
  if (heard > 0)
    out.push_back({.level = Level::ok, .group = sources_group, .what = std::to_string(heard) + " are heard"});
  return out;
}

}  // namespace earshot::daemon::doctor
