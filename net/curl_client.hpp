#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <set>
#include <string>

#include "core/base/clock.hpp"
#include "net/address_guard.hpp"
#include "net/curl_pump.hpp"
#include "net/http_client.hpp"
#include "net/rate_limiter.hpp"

namespace earshot::net {

struct ClientOptions {
  std::string user_agent = "earshot/0.1";
  TransferLimits limits = {};
  int redirects_max = 5;
  /// A rate budget that needs a longer wait than this is reported as `rate_limited` instead of waited for.
  std::chrono::milliseconds wait_max = std::chrono::seconds(5);
};

/// The HttpClient of the daemon: libcurl behind limits, rate budgets and the address guard. Redirects are
/// followed here, each target checked anew; a request that carries a secret never leaves its origin. Knows no
/// credentials: a request that names one goes through an AuthClient.
class CurlClient final : public HttpClient {
 public:
  CurlClient(async::Executor executor, const Clock& clock, ClientOptions options, AddressGuard guard);

  async::Awaitable<Result<HttpReply>> send(HttpRequest request) override;
  void hold(const std::string& url, std::chrono::milliseconds wait) override;
  /// Ends every transfer and every wait for a budget with `cancelled`.
  void stop();
  /// Takes over what another client learnt of rate budgets, so that a reload does not ask too soon.
  void inherit(const CurlClient& other) { limiter_.inherit(other.limiter_); }

 private:
  async::Awaitable<Status> wait_for_budget(std::string bucket);
  async::Executor executor_;
  const Clock& clock_;
  ClientOptions options_;
  AddressGuard guard_;
  RateLimiter limiter_;
  std::set<boost::asio::steady_timer*> waiting_;
  bool stopping_ = false;
  CurlPump pump_;
};

}  // namespace earshot::net
