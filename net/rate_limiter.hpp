#pragma once
#include <chrono>
#include <map>
#include <string>

#include "core/base/clock.hpp"
#include "net/http_types.hpp"

namespace earshot::net {

/// What a reply says about the rate budget it was drawn from.
struct RateHint {
  std::optional<double> limit = std::nullopt;
  std::optional<double> remaining = std::nullopt;
  std::optional<std::chrono::milliseconds> reset_in = std::nullopt;
  bool operator==(const RateHint&) const = default;
};

/// Reads every header dialect known (names in any case; reset as epoch seconds or milliseconds, seconds from
/// now, with decimals, or ISO 8601; percent-used JSON of the Graph APIs). `now` is corrected by the reply's
/// Date header.
RateHint read_rate_hint(const Headers& headers, Timestamp now);

/// Rate budgets per bucket (a host or a credential), learned from replies. Above a tenth of the budget
/// requests go at once; below it they are spread over the time to the reset; at zero they wait for it. Lives
/// on the io executor.
class RateLimiter {
 public:
  explicit RateLimiter(const Clock& clock) : clock_(clock) {}

  /// How long a request to this bucket has to wait now; zero reserves one unit of the budget.
  std::chrono::milliseconds acquire(const std::string& bucket);
  void learn(const std::string& bucket, const HttpReply& reply);
  /// Nobody draws from the bucket for this long.
  void block(const std::string& bucket, std::chrono::milliseconds wait);
  /// Takes over another limiter's budgets.
  void inherit(const RateLimiter& other) { budgets_ = other.budgets_; }

 private:
  using Steady = std::chrono::steady_clock::time_point;
  struct Budget {
    std::optional<double> limit;
    std::optional<double> remaining;
    Steady reset_at{};
    Steady next_at{};
  };
  const Clock& clock_;
  std::map<std::string, Budget> budgets_;
};

}  // namespace earshot::net
