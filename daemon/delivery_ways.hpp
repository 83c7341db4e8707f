#pragma once
#include <memory>

#include "daemon/config.hpp"
#include "delivery/sink.hpp"
#include "net/auth/auth_client.hpp"
#include "net/curl_client.hpp"
#include "net/smtp_client.hpp"

namespace earshot::daemon {

/// The connections that sinks share: behind the address guard, with credentials, without redirects, and with
/// little patience for long answers. Lives on `home`.
class DeliveryWays {
 public:
  DeliveryWays(const Config& config, net::ClientOptions options, const Clock& clock, async::Executor home,
               async::Executor blocking);
  /// With a rate budget of its own: chat systems count each of their addresses apart, and all are on one
  /// host.
  delivery::SinkServices services(const std::string& destination);
  /// Ends everything on its way with `cancelled`.
  void stop();

 private:
  const Clock& clock_;
  async::Executor home_, blocking_;
  std::unique_ptr<net::CurlClient> http_;
  std::unique_ptr<net::auth::AuthClient> auth_;
  std::unique_ptr<net::SmtpClient> mail_;
  std::vector<std::unique_ptr<net::HttpClient>> budgeted_;  ///< one for each destination
};

}  // namespace earshot::daemon
