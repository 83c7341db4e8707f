#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"

namespace earshot {

/// Wall clocks of a place, with its summer time, from the system's zone files. Cheap to copy; any thread.
class TimeZone {
 public:
  /// UTC.
  TimeZone();
  /// "Europe/Berlin", "UTC", "+05:30"; nothing when the system knows no such zone.
  static std::optional<TimeZone> find(const std::string& name);

  /// Minutes since midnight, 0 … 1439.
  int minute_of_day(Timestamp at) const;
  /// The first moment after `after` at which clocks show this minute of the day. A minute that the change to
  /// summer time leaves out comes when the clocks have jumped over it; one that comes twice counts first
  /// time.
  Timestamp next(Timestamp after, int minute) const;
  /// When the day there began.
  Timestamp day_start(Timestamp at) const;
  /// The calendar day there, counted from 1970-01-01.
  std::int64_t day_number(Timestamp at) const;
  /// When clocks show this minute (0 … 1440) of a calendar day counted so; what the change to summer time
  /// leaves out comes when the clocks have jumped over it.
  Timestamp moment(std::int64_t day, int minute) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace earshot
