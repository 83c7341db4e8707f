#pragma once
#include "core/base/clock.hpp"

namespace earshot::daemon {

/// Notices when the wall clock is set, by comparing it with the one that never jumps. What cannot be undone
/// waits a day after that, so that a clock which was set wrongly can be set right. On one thread.
class ClockWatch {
 public:
  explicit ClockWatch(const Clock& clock)
      : clock_(clock), wall_(clock.now()), steady_(clock.steady_now()), trusted_from_(steady_) {}

  /// Whether the clock went on as it should for the last day, or since the start. Asked from time to time;
  /// a machine that slept counts as one whose clock was set.
  bool trusted() {
    constexpr auto jump = std::chrono::hours(1), patience = std::chrono::hours(24);
    const auto wall = clock_.now();
    const auto steady = clock_.steady_now();
    const auto apart = (wall - wall_) - std::chrono::duration_cast<Milliseconds>(steady - steady_);
    if (std::chrono::abs(apart) > jump) trusted_from_ = steady + patience;
    wall_ = wall;
    steady_ = steady;
    return steady >= trusted_from_;
  }

 private:
  const Clock& clock_;
  Timestamp wall_;
  std::chrono::steady_clock::time_point steady_, trusted_from_;
};

}  // namespace earshot::daemon
