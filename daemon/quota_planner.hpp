#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "connectors/hydration.hpp"
#include "core/base/clock.hpp"
#include "core/model/quota.hpp"

namespace earshot::daemon {

/// Divides one source's budget of requests among polls, the walks that catch up with history, and asking for
/// mentions again. A tenth of the window may be spent at once; the other requests come back evenly over it,
/// so that no window of this length holds more than the budget, wherever it begins. A tenth of them is kept
/// for asking again, which also gets what polls leave over; polls are never refused, they are stretched.
/// Without a budget nobody waits. Lives on the io executor.
class QuotaPlanner {
 public:
  /// `hydrates`: somebody asks for mentions again; else polls have all of the budget.
  QuotaPlanner(const Clock& clock, std::optional<connectors::RequestBudget> budget, bool hydrates);

  void polled(std::int64_t requests);
  void hydrated(std::int64_t requests);
  /// What the platform's last answer said of its own budget.
  void learn(const std::optional<Quota>& quota);

  /// How long until the next poll may begin, or go on with its next page.
  std::chrono::milliseconds poll_wait();
  /// How long until mentions may be asked for again. Of a budget that the platform told, the last quarter is
  /// left to polls.
  std::chrono::milliseconds hydrate_wait();

 private:
  using Steady = std::chrono::steady_clock::time_point;
  void refill();
  /// Until one request more can be paid for.
  std::chrono::milliseconds until_one(double tokens, double share) const;

  const Clock& clock_;
  std::optional<connectors::RequestBudget> budget_;
  double reserve_ = 0;                         ///< share that is kept for asking again
  double per_ms_ = 0;                          ///< requests that come back
  double poll_burst_ = 0, hydrate_burst_ = 0;  ///< requests that may be made at once
  double poll_tokens_ = 0, hydrate_tokens_ = 0;
  Steady filled_at_{};
  std::optional<Quota> told_;
  Steady spread_until_{};
};

/// How long so many requests take of a budget that is full.
std::chrono::milliseconds time_for(std::int64_t requests, const connectors::RequestBudget& budget);

/// The budget that holds: what the user grants and what the platform allows, whichever gives fewer requests a
/// day.
std::optional<connectors::RequestBudget> tighter(const std::optional<connectors::RequestBudget>& platform,
                                                 std::optional<std::int64_t> requests_per_day);

/// Share of the polls wanted that were made when one that should have come after `wanted` at the latest came
/// after `made`; nothing: all of them.
std::optional<double> rate_sampled(std::chrono::milliseconds wanted, std::chrono::milliseconds made);

}  // namespace earshot::daemon
