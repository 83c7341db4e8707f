#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/time_zone.hpp"

namespace earshot::analysis {

/// When somebody is there to answer: windows of each weekday by the wall clock of a place, without its
/// holidays. Without windows it is always open. Pure; any thread.
struct BusinessHours {
  struct Window {
    int from = 0, to = 0;  ///< minutes since midnight, 0 … 1440, from < to
    bool operator==(const Window&) const = default;
  };
  TimeZone zone = {};
  std::array<std::vector<Window>, 7> days = {};  ///< from Monday; each day's in order, none overlapping
  std::vector<std::int64_t> holidays = {};       ///< days since 1970, ascending

  bool always() const;
  /// Open time within [from, until); zero when until is not after from.
  Milliseconds between(Timestamp from, Timestamp until) const;
  /// When so much open time has passed since `from`; nothing when that is more than about a year away.
  std::optional<Timestamp> after(Timestamp from, Milliseconds open) const;

  /// Enters "mon-fri 08:00-20:00", "sat 9-14", "sun,mon 10:00-24:00". Fails with `invalid`.
  Status add(std::string_view text);
};

/// 0 is Monday.
int weekday_of(std::int64_t day_number);

}  // namespace earshot::analysis
