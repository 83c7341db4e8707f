#include "net/retry.hpp"

#include <algorithm>

namespace earshot::net {

std::chrono::milliseconds next_delay(const RetryPolicy& policy, int attempt,
                                     std::optional<std::chrono::milliseconds> retry_after, Random& random) {
  const int doublings = std::clamp(attempt - 1, 0, 30);
  const auto step =
      std::min<std::int64_t>(policy.base.count() << std::min(doublings, 20), policy.ceiling.count());
  const auto jittered = random.between(step / 4, step);
  if (!retry_after) return std::chrono::milliseconds(jittered);
  const auto asked =
      std::clamp<std::int64_t>(retry_after->count(), policy.base.count(), policy.asked_max.count());
  // On top of what was asked, a little jitter, so that many clients do not come back in the same instant.
  return std::chrono::milliseconds(asked + random.between(0, std::min<std::int64_t>(asked / 10, 5'000)));
}

}  // namespace earshot::net
