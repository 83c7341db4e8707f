#include "daemon/schedule.hpp"

#include <algorithm>

namespace earshot::daemon {

std::chrono::milliseconds next_interval(const ScheduleInput& input) {
  auto next = input.current.count() == 0 ? input.interval_min : input.current;
  // Five new mentions in one poll are as many as a person reads at a glance; less often would feel late.
  if (input.news >= 5)
    next /= 2;
  else if (input.news == 0)
    next += next / 2;
  next = std::clamp(next, input.interval_min, input.interval_max);
  return input.asked ? std::max(next, *input.asked) : next;
}

std::chrono::milliseconds with_jitter(std::chrono::milliseconds interval,
                                      std::optional<std::chrono::milliseconds> asked, Random& random) {
  const auto tenth = interval.count() / 10;
  const auto moved = std::chrono::milliseconds(interval.count() + random.between(-tenth, tenth));
  return asked ? std::max(moved, *asked) : moved;
}

}  // namespace earshot::daemon
