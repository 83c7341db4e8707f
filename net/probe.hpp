#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "net/address_guard.hpp"

namespace earshot::net {

/// What a place on the network showed of itself.
struct Probed {
  std::string address = {};                  ///< that was connected to, numeric
  std::chrono::milliseconds looked_up = {};  ///< how long its name took
  std::chrono::milliseconds ready = {};      ///< until connected, with TLS where there is any
  std::optional<Timestamp> certificate_ends = {};
  int status = 0;                      ///< of an HTTP answer; 0: HTTP was not spoken
  std::optional<Timestamp> date = {};  ///< its Date header
  Timestamp answered_at = {};          ///< by our clock
};

/// Goes as far as a daemon's request would: looks the name up, asks the guard, connects, agrees on TLS and
/// verifies the certificate. http and https are asked for the headers of "/"; imaps is connected to by TLS;
/// smtp and smtps greet, by STARTTLS where `require_tls`. No credential goes out. Blocking; fails like an
/// HttpClient: `unreachable`, `timed_out`, `blocked`, `bad_request`.
struct ProbeRequest {
  std::string url;  ///< "https://host:port/", "imaps://host:993", "smtp://host:587"
  bool require_tls = true;
  std::string user_agent = {};
  std::chrono::milliseconds time_most = std::chrono::seconds(10);
};
Result<Probed> probe(const ProbeRequest& request, const AddressGuard& guard);

}  // namespace earshot::net
