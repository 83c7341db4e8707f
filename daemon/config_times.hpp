#pragma once
#include <optional>
#include <string_view>

#include "core/base/time_zone.hpp"
#include "core/base/toml.hpp"

/// Times of the day as the configuration writes them.
namespace earshot::daemon {

/// "07:55" in minutes of the day; nothing when it is none.
std::optional<int> parse_minute(std::string_view text);
/// "07:55 Europe/Berlin": a minute, and the place whose clocks show it; UTC when none is named.
struct TimeOfDay {
  int minute = 0;
  TimeZone zone = {};
};
/// Reads such a time of the key. A mistake goes to the reader: `example` when it is no time, or a zone that
/// the system does not know. Nothing then.
std::optional<TimeOfDay> read_time_of_day(TomlReader& reader, std::string_view key, std::string_view text,
                                          std::string_view example);
/// The zone named by what stands behind a time; UTC for nothing. A mistake goes to the reader.
std::optional<TimeZone> read_zone(TomlReader& reader, std::string_view key, std::string_view text);

}  // namespace earshot::daemon
