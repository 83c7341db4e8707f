// Files of the system that the programs need.
#include <unistd.h>

#include <cstdlib>

#include "core/base/time_zone.hpp"
#include "daemon/doctor/checks.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr const char* data_files_group = "files";

/// Where libcurl of Debian looks.
std::string roots_file() {
  const char* given = std::getenv("SSL_CERT_FILE");
  return given != nullptr && *given != '\0' ? given : "/etc/ssl/certs/ca-certificates.crt";
}

}  // namespace

Findings check_data_files(const Config& config) {
  Findings out;
  if (const auto roots = roots_file(); ::access(roots.c_str(), R_OK) != 0)
    out.push_back({.level = Level::bad,
                   .group = data_files_group,
                   .what = roots + " cannot be read",
                   .why = "no https server can be told from an impostor, so none is spoken to",
                   .advice = "apt install ca-certificates, or set SSL_CERT_FILE"});
  if (!TimeZone::find("Europe/Berlin"))
    out.push_back({.level = Level::warn,
                   .group = data_files_group,
                   .what = "there are no time zones",
                   .why = "business hours, quiet hours and digests know UTC alone",
                   .advice = "apt install tzdata"});
  if (!config.output.empty() && ::access(config.output.c_str(), F_OK) == 0 &&
      ::access(config.output.c_str(), R_OK | X_OK) != 0)
    out.push_back({.level = Level::warn,
                   .group = data_files_group,
                   .what = config.output + " cannot be looked into",
                   .why = "feeds of ideas and incidents are written there",
                   .advice = "chown it to the daemon's user"});
  if (out.empty())
    out.push_back({.level = Level::ok,
                   .group = data_files_group,
                   .what = "root certificates and time zones are there"});
  return out;
}

}  // namespace earshot::daemon::doctor
