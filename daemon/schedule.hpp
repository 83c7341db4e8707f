#pragma once
#include <chrono>
#include <optional>

#include "core/base/clock.hpp"
#include "core/base/random.hpp"

namespace earshot::daemon {

/// How often one source is polled. Pure arithmetic; every wait carries ±10 % jitter.
struct ScheduleInput {
  std::chrono::milliseconds interval_min;
  std::chrono::milliseconds interval_max;
  std::chrono::milliseconds current;  ///< the interval in force; zero at the start
  std::size_t news = 0;               ///< new mentions the last poll brought
  std::optional<std::chrono::milliseconds> asked = std::nullopt;  ///< the server's own wish
};

/// The next interval without jitter: halved when a poll brought much, lengthened by half when it brought
/// nothing, within [interval_min, interval_max], and never shorter than the server asked.
std::chrono::milliseconds next_interval(const ScheduleInput& input);

/// ±10 %, but never earlier than `asked`.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds interval,
                                      std::optional<std::chrono::milliseconds> asked, Random& random);

}  // namespace earshot::daemon
