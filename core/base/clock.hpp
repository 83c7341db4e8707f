#pragma once
#include <chrono>
#include <cstdint>

namespace earshot {

/// A moment in UTC, in milliseconds; the only time type that is stored.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;

inline std::int64_t to_ms(Timestamp at) { return at.time_since_epoch().count(); }
inline Timestamp from_ms(std::int64_t ms) { return Timestamp{Milliseconds{ms}}; }

/// Where time comes from. Wall time is for stamping data; intervals use `steady_now`, which never jumps.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
  virtual std::chrono::steady_clock::time_point steady_now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  std::chrono::steady_clock::time_point steady_now() const override;
};

}  // namespace earshot
