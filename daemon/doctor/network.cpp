// Names, connections and certificates of everything that is asked or told.
#include <algorithm>

#include "core/base/time_format.hpp"
#include "daemon/doctor/checks.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr const char* network_group = "network";
/// Who renews by a program does so a month ahead; two weeks mean that it does not run.
constexpr auto certificate_warn = std::chrono::hours(24 * 14);

std::string users_of(const Reached& reached) {
  std::string out;
  for (const auto& user : reached.users) out += (out.empty() ? "" : ", ") + user;
  return out;
}

std::string advice_for(const Error& error) {
  switch (error.kind) {
    case ErrorKind::blocked:
      return "add the address to `allow` in [net], and to IPAddressAllow= of the unit, if you mean it";
    case ErrorKind::timed_out: return "look for a firewall, or ask the platform's status page";
    default: break;
  }
  if (error.message.find("certificate") != std::string::npos)
    return "have the server's certificate renewed; for a house's own roots set SSL_CERT_FILE";
  if (error.message.find("resolve") != std::string::npos)
    return "check the name, and /etc/resolv.conf; IPAddressDeny= of the unit must let a private resolver "
           "through";
  return "see whether the server is up, and whether a firewall or proxy is in between";
}

Finding finding_of(const Reached& reached) {
  const auto users = users_of(reached);
  if (!reached.probed) {
    const auto& error = reached.probed.error();
    return {.level = Level::bad,
            .group = network_group,
            .what = reached.place + ": " + error.message,
            .why = "needed by " + users,
            .advice = advice_for(error)};
  }
  const auto& seen = *reached.probed;
  Finding out{.level = Level::ok,
              .group = network_group,
              .what = reached.place + ": " + std::to_string(seen.ready.count()) + " ms",
              .why = "for " + users};
  if (!seen.certificate_ends) return out;
  const auto left = *seen.certificate_ends - seen.answered_at;
  const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
  out.what += ", certificate for " + std::to_string(days) + " days";
  if (left < certificate_warn) {
    out.level = Level::warn;
    out.why = "needed by " + users + "; it ends at " + format_rfc3339(*seen.certificate_ends);
    out.advice = "have the server's certificate renewed, or tell whoever runs it";
  }
  return out;
}

}  // namespace

Findings check_network(const std::vector<Reached>& places) {
  Findings out;
  for (const auto& reached : places) out.push_back(finding_of(reached));
  return out;
}

}  // namespace earshot::daemon::doctor
