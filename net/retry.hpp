#pragma once
#include <chrono>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/random.hpp"

namespace earshot::net {

struct RetryPolicy {
  std::chrono::milliseconds base = std::chrono::seconds(1);
  std::chrono::milliseconds ceiling = std::chrono::minutes(5);
  /// No wait that a server asks for is believed beyond this.
  std::chrono::milliseconds asked_max = std::chrono::hours(1);
};

/// How long to wait before attempt `attempt` + 1 (`attempt` counts failures so far, from 1). Exponential from
/// `base`, full jitter ("Exponential Backoff And Jitter", AWS architecture blog), at least a quarter of the
/// step so that a storm of zeros cannot happen, never below what the server asked (capped), never above
/// `ceiling` unless it asked.
std::chrono::milliseconds next_delay(const RetryPolicy& policy, int attempt,
                                     std::optional<std::chrono::milliseconds> retry_after, Random& random);

}  // namespace earshot::net
