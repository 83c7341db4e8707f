#include "daemon/config_times.hpp"

#include <string>

#include "core/base/text.hpp"

namespace earshot::daemon {

std::optional<int> parse_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t at : {0U, 1U, 3U, 4U})
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0'), minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

std::optional<TimeZone> read_zone(TomlReader& reader, std::string_view key, std::string_view text) {
  const auto name = trim(text);
  auto zone = name.empty() ? TimeZone() : TimeZone::find(std::string(name));
  if (!zone)
    reader.mistake(
        key, "names a time zone that this system does not know: write one such as Europe/Berlin, or +01:00");
  return zone;
}

std::optional<TimeOfDay> read_time_of_day(TomlReader& reader, std::string_view key, std::string_view text,
                                          std::string_view example) {
  const auto minute = parse_minute(text.substr(0, 5));
  if (!minute || (text.size() > 5 && text[5] != ' ')) {
    reader.mistake(key, "must be such as \"" + std::string(example) + "\"");
    return std::nullopt;
  }
  const auto zone = read_zone(reader, key, text.substr(5));
  if (!zone) return std::nullopt;
  return TimeOfDay{.minute = *minute, .zone = *zone};
}

}  // namespace earshot::daemon
