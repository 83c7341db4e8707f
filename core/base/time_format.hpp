#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"

namespace earshot {

/// "2025-07-17T13:44:27.910Z"; the fraction is left out when it is zero. Years outside 0..9999 are clamped.
std::string format_rfc3339(Timestamp at);
/// "Sun, 06 Nov 1994 08:49:37 GMT", as HTTP and mail write it.
std::string format_http_date(Timestamp at);

/// Strict RFC 3339 (any offset, any number of decimals); for our own interfaces.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

/// Whatever platforms and feeds write: RFC 3339 with its usual mistakes ("+0000", no zone = UTC, a space for the T),
/// W3C dates that stop early, RFC 822 with named zones, two-digit years and wrong weekdays, asctime, epoch seconds,
/// milliseconds or microseconds (also with decimals), and dates that some languages spell out. Linear in the text;
/// nothing for text longer than 128 bytes, impossible dates, and years outside 1900..2200.
std::optional<Timestamp> parse_time(std::string_view text);

/// Epoch number whose unit is told by its size: seconds, milliseconds, microseconds or nanoseconds.
std::optional<Timestamp> from_epoch(double number);

/// Days from 1970-01-01 of a proleptic Gregorian date; nothing when there is no such day.
std::optional<std::int64_t> days_from_date(int year, int month, int day);

}  // namespace earshot
