#include "daemon/delivery_ways.hpp"

namespace earshot::daemon {
namespace {

net::AddressGuard guard_of(const Config& config) {
  net::AddressGuard guard;
  guard.allow(config.net_allow);  // what does not parse was reported with the configuration
  return guard;
}

class BudgetedClient final : public net::HttpClient {
 public:
  BudgetedClient(net::HttpClient& below, std::string bucket) : below_(below), bucket_(std::move(bucket)) {}
  async::Awaitable<Result<net::HttpReply>> send(net::HttpRequest request) override {
    request.rate_bucket = bucket_;
    auto reply = co_await below_.send(std::move(request));
    co_return reply;
  }

 private:
  net::HttpClient& below_;
  std::string bucket_;
};

net::ClientOptions patient_to_nobody(net::ClientOptions options) {
  options.redirects_max = 0;
  options.limits.total_timeout = std::chrono::seconds(30);
  options.limits.body_bytes_max = 64 << 10;
  options.limits.cut_body = true;
  return options;
}

}  // namespace

DeliveryWays::DeliveryWays(const Config& config, net::ClientOptions options, const Clock& clock,
                           async::Executor home, async::Executor blocking)
    : clock_(clock), home_(home), blocking_(blocking) {
  http_ =
      std::make_unique<net::CurlClient>(home, clock, patient_to_nobody(std::move(options)), guard_of(config));
  auth_ = std::make_unique<net::auth::AuthClient>(
      config.credentials, net::auth::AuthServices{.http = *http_,
                                                  .clock = clock,
                                                  .places = {.folder = config.credentials_folder},
                                                  .tokens_folder = tokens_folder(config),
                                                  .home = home,
                                                  .blocking = blocking,
                                                  .seed = static_cast<std::uint64_t>(to_ms(clock.now()))});
  mail_ = std::make_unique<net::SmtpClient>(home, guard_of(config));
}

delivery::SinkServices DeliveryWays::services(const std::string& destination) {
  budgeted_.push_back(std::make_unique<BudgetedClient>(*auth_, "destination:" + destination));
  return {.http = *budgeted_.back(),
          .mail = *mail_,
          .secrets = *auth_,
          .clock = clock_,
          .home = home_,
          .blocking = blocking_};
}

void DeliveryWays::stop() {
  auth_->stop();
  http_->stop();
  mail_->stop();
}

}  // namespace earshot::daemon
