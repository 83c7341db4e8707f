#pragma once
#include <string>
#include <vector>

#include "daemon/config.hpp"
#include "daemon/prepare.hpp"

namespace earshot::daemon::doctor {

/// A place on the network, and who needs it ("source mastodon", "destination care").
struct Endpoint {
  std::string url;  ///< scheme, host and port alone: an address may hold a secret further on
  bool require_tls = true;
  std::vector<std::string> users;
};

/// Where sources and destinations would go first. They are asked for their first request, which is noted and
/// not sent. Programs and what is pushed to us have none.
std::vector<Endpoint> endpoints_of(const Config& config, const Prepared& prepared);

}  // namespace earshot::daemon::doctor
