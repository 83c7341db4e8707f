// Our clock against others'.
#include <algorithm>
#include <cstdlib>

#include "core/base/time_format.hpp"
#include "daemon/doctor/checks.hpp"

namespace earshot::daemon::doctor {
namespace {

using std::chrono::seconds;

constexpr const char* clock_group = "clock";
/// Signed webhooks and tokens of most platforms are believed for five minutes.
constexpr auto offset_bad = seconds(300), offset_warn = seconds(30);

std::string in_seconds(Milliseconds span) {
  return std::to_string(std::abs(std::chrono::duration_cast<seconds>(span).count())) + " s";
}

}  // namespace

Findings check_clock(const std::vector<Reached>& places, std::optional<Timestamp> stored, Timestamp now) {
  Findings out;
  std::vector<Milliseconds> offsets;
  for (const auto& reached : places)
    if (reached.probed && reached.probed->date)
      offsets.push_back(reached.probed->answered_at - *reached.probed->date);
  if (!offsets.empty()) {
    // The middle one: a cache may answer with an old date, and a server's clock may be the wrong one.
    const auto middle = offsets.begin() + static_cast<std::ptrdiff_t>(offsets.size() / 2);
    std::ranges::nth_element(offsets, middle);
    const auto away = std::chrono::abs(*middle);
    const auto servers = std::to_string(offsets.size()) + (offsets.size() == 1 ? " server" : " servers");
    if (away < offset_warn)
      out.push_back({.level = Level::ok, .group = clock_group, .what = "agrees with " + servers});
    else
      out.push_back(
          {.level = away < offset_bad ? Level::warn : Level::bad,
           .group = clock_group,
           .what = in_seconds(*middle) + (middle->count() > 0 ? " ahead of " : " behind ") + servers,
           .why = "signatures and tokens are refused, and posts get the wrong hour",
           .advice = "timedatectl set-ntp true"});
  }
  if (stored && *stored > now + offset_warn)
    out.push_back({.level = Level::bad,
                   .group = clock_group,
                   .what = "went back: the daemon wrote at " + format_rfc3339(*stored),
                   .why = "it is " + format_rfc3339(now) + " now; what is due waits until then",
                   .advice = "timedatectl; when the clock is right, restart the daemon"});
  return out;
}

}  // namespace earshot::daemon::doctor
