#pragma once
#include <map>
#include <string>

#include "core/model/quota.hpp"
#include "net/http_client.hpp"
#include "net/rate_limiter.hpp"

namespace earshot::net {

/// Passes requests on to another client, and remembers what the answers say of rate budgets: those of one
/// source. Lives on the executor of that client, which outlives it.
class QuotaWatch final : public HttpClient {
 public:
  QuotaWatch(HttpClient& next, const Clock& clock) : next_(next), clock_(clock) {}

  async::Awaitable<Result<HttpReply>> send(HttpRequest request) override;
  void hold(const std::string& url, std::chrono::milliseconds wait) override { next_.hold(url, wait); }
  /// Takes in what an answer says of the budget that its request drew from.
  void learn(const std::string& bucket, const Headers& headers);
  /// The budget of which the smallest share is left, among those that are not full again yet; when all are,
  /// the one that was last to fill. Nothing: no answer spoke of one.
  std::optional<Quota> scarcest() const;
  /// Requests that were passed on since the beginning.
  std::int64_t sent() const { return sent_; }
  /// From now on the first request is remembered.
  void watch_for_next() { first_at_.reset(); }
  /// When the first was passed on since then; nothing: none was.
  std::optional<std::chrono::steady_clock::time_point> first_at() const { return first_at_; }

 private:
  static constexpr std::size_t budgets_max = 32;
  HttpClient& next_;
  const Clock& clock_;
  std::map<std::string, Quota> budgets_;
  std::int64_t sent_ = 0;
  std::optional<std::chrono::steady_clock::time_point> first_at_;
};

}  // namespace earshot::net
