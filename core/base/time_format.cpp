#include "core/base/time_format.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "core/base/time_words.hpp"

namespace earshot {
namespace {

using time_words::Reader;

std::optional<Timestamp> combine(std::int64_t days, std::int64_t ms_of_day, int offset_minutes) {
  const auto ms = days * 86'400'000 + ms_of_day - std::int64_t{offset_minutes} * 60'000;
  static constexpr std::int64_t year_1900 = -2'208'988'800'000;
  static constexpr std::int64_t year_2200 = 7'258'118'400'000;
  if (ms < year_1900 || ms >= year_2200) return std::nullopt;
  return from_ms(ms);
}

/// "13:44", "13:44:27", "13:44:27.910", "9:15"; also "24:00". Returns milliseconds of the day.
std::optional<std::int64_t> read_clock(Reader& in) {
  const auto hour = in.number(1, 2);
  if (!hour || (!in.take(':') && !in.take('.'))) return std::nullopt;
  const auto minute = in.number(1, 2);
  if (!minute) return std::nullopt;
  int second = 0;
  std::int64_t ms = 0;
  if (in.take(':') || (in.peek() == '.' && in.digit_at(1))) {
    in.take('.');
    const auto read = in.number(1, 2);
    if (!read) return std::nullopt;
    second = *read;
    if ((in.peek() == '.' || in.peek() == ',') && in.digit_at(1)) {
      in.skip(1);
      for (std::int64_t scale = 100; in.digit_at(0); in.skip(1), scale /= 10) ms += (in.peek() - '0') * scale;
    }
  }
  if (*hour > 24 || *minute > 59 || second > 60 || (*hour == 24 && (*minute != 0 || second != 0))) return std::nullopt;
  return ((std::int64_t{*hour} * 60 + *minute) * 60 + std::min(second, 59)) * 1000 + ms;
}

/// "Z", "+02:00", "+0200", "-5", "GMT", "EST", "UTC+2", "Etc/GMT"; anything unknown counts as UTC.
int read_zone(Reader& in) {
  in.spaces();
  if (const auto word = in.word(); !word.empty()) {
    if (const auto minutes = time_words::zone(word); minutes && *minutes != 0) return *minutes;
    in.spaces();
    if (in.peek() == '/') return 0;
  }
  const char sign = in.peek();
  if (sign != '+' && sign != '-') return 0;
  in.skip(1);
  const auto digits = in.digits();
  if (digits.empty() || digits.size() > 4) return 0;
  int hours = 0;
  int minutes = 0;
  if (digits.size() <= 2) {
    hours = time_words::to_int(digits);
    if (in.take(':')) minutes = in.number(1, 2).value_or(0);
  } else {
    hours = time_words::to_int(digits.substr(0, digits.size() - 2));
    minutes = time_words::to_int(digits.substr(digits.size() - 2));
  }
  if (hours > 15 || minutes > 59) return 0;
  return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

std::optional<Timestamp> read_clock_and_zone(Reader& in, std::int64_t days, bool afternoon = false) {
  in.spaces();
  if (!in.digit_at(0)) return combine(days, 0, 0);
  auto clock = read_clock(in);
  if (!clock) return std::nullopt;
  in.spaces();
  if (const auto half = in.peek_word(); half == "am" || half == "pm") {
    afternoon = half == "pm";
    if (!afternoon && *clock >= 43'200'000 && *clock < 46'800'000) *clock -= 43'200'000;
    in.word();
  }
  if (afternoon && *clock < 43'200'000) *clock += 43'200'000;
  return combine(days, *clock, read_zone(in));
}

/// Dates that begin with the year: ISO 8601, W3C, ordinal and compact forms, and "2004년 05월 28일 01:31:15".
std::optional<Timestamp> parse_year_first(std::string_view text) {
  Reader in(text);
  const auto digits = in.digits();
  int year = 0;
  int month = 1;
  int day = 1;
  if (digits.size() == 7) {  // YYYYDDD
    const int ordinal = time_words::to_int(digits.substr(4));
    const auto first = days_from_date(time_words::to_int(digits.substr(0, 4)), 1, 1);
    if (!first || ordinal < 1 || ordinal > 366) return std::nullopt;
    return combine(*first + ordinal - 1, 0, 0);
  }
  if (digits.size() == 8 || digits.size() == 14) {  // YYYYMMDD[HHMMSS]
    year = time_words::to_int(digits.substr(0, 4));
    month = time_words::to_int(digits.substr(4, 2));
    day = time_words::to_int(digits.substr(6, 2));
    const auto days = days_from_date(year, month, day);
    if (!days) return std::nullopt;
    if (digits.size() == 14) {
      const int h = time_words::to_int(digits.substr(8, 2));
      const int m = time_words::to_int(digits.substr(10, 2));
      const int s = time_words::to_int(digits.substr(12, 2));
      if (h > 23 || m > 59 || s > 60) return std::nullopt;
      return combine(*days, ((std::int64_t{h} * 60 + m) * 60 + s) * 1000, read_zone(in));
    }
    if (in.peek() == 'T' || in.peek() == 't') in.skip(1);
    return read_clock_and_zone(in, *days);
  }
  if (digits.size() != 4) return std::nullopt;
  year = time_words::to_int(digits);
  bool has_day = false;
  in.separators();
  if (const auto name = in.peek_word(); time_words::month(name)) {
    month = *time_words::month(name);
    in.word();
    in.separators();
    if (const auto read = in.number(1, 2)) day = *read, has_day = true;
  } else if (in.digit_at(0)) {
    const auto part = in.digits();
    if (part.size() == 3) {
      const auto first = days_from_date(year, 1, 1);
      const int ordinal = time_words::to_int(part);
      if (!first || ordinal < 1 || ordinal > 366) return std::nullopt;
      in.separators();
      return read_clock_and_zone(in, *first + ordinal - 1);
    }
    if (part.size() > 2) return std::nullopt;
    month = time_words::to_int(part);
    in.separators();
    if (in.digit_at(0) && !in.clock_ahead()) {
      const auto read = in.number(1, 2);
      if (!read) return std::nullopt;
      day = *read;
      has_day = true;
    }
  }
  const auto days = days_from_date(year, month, day);
  if (!days) return std::nullopt;
  if (!has_day) return combine(*days, 0, 0);
  in.take('T') || in.take('t');
  const bool afternoon = in.contains("\xEC\x98\xA4\xED\x9B\x84");  // Korean "afternoon"
  in.until_digit();
  return read_clock_and_zone(in, *days, afternoon);
}

/// Dates made of words and numbers in any of the usual orders: RFC 822, asctime, "January 2, 2004".
std::optional<Timestamp> parse_words(std::string_view text) {
  Reader in(text);
  int year = -1;
  int month = -1;
  int day = -1;
  std::optional<std::int64_t> clock;
  int offset = 0;
  bool afternoon = false;
  while (!in.at_end()) {
    in.separators();
    if (in.clock_ahead() && !clock) {
      clock = read_clock(in);
      if (!clock) return std::nullopt;
    } else if (in.digit_at(0)) {
      const auto digits = in.digits();
      const int value = time_words::to_int(digits);
      if (digits.size() == 4 && in.peek() == '/' && year < 0) {  // "2006/09/15" among the words
        year = value;
        in.skip(1);
        month = in.number(1, 2).value_or(0);
        if (in.take('/')) day = in.number(1, 2).value_or(0);
      } else if (digits.size() >= 3 || day >= 0) {
        if (year >= 0) return std::nullopt;
        year = digits.size() == 4 ? value : value + (digits.size() == 3 || value >= 69 ? 1900 : 2000);
      } else {
        day = value;
      }
    } else if (const auto word = in.peek_word(); !word.empty()) {
      if (word == "pm" || word == "am") {
        afternoon = word == "pm";
        in.word();
      } else if (const auto named = time_words::month(word); named && month < 0) {
        month = *named;
        in.word();
      } else if (clock && time_words::zone(word)) {
        offset = read_zone(in);
      } else {
        in.word();
      }
    } else if ((in.peek() == '+' || in.peek() == '-') && clock) {
      offset = read_zone(in);
    } else {
      in.skip(1);
    }
  }
  if (year < 0 || month < 0) return std::nullopt;
  const auto days = days_from_date(year, month, std::max(day, day < 0 ? 1 : 0));
  if (!days) return std::nullopt;
  auto ms = clock.value_or(0);
  if (afternoon && ms < 43'200'000) ms += 43'200'000;
  return combine(*days, ms, offset);
}

}  // namespace

std::optional<std::int64_t> days_from_date(int year, int month, int day) {
  const auto date = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(std::max(month, 0))) /
                    std::chrono::day(static_cast<unsigned>(std::max(day, 0)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<Timestamp> from_epoch(double number) {
  if (!std::isfinite(number)) return std::nullopt;
  const double size = std::abs(number);
  const double ms = size < 1e11 ? number * 1000 : size < 1e14 ? number : size < 1e17 ? number / 1e3 : number / 1e6;
  if (ms < -2'208'988'800'000.0 || ms >= 7'258'118'400'000.0) return std::nullopt;
  return from_ms(static_cast<std::int64_t>(std::llround(ms)));
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  Reader in(text);
  const auto year = in.number(4, 4);
  if (!year || !in.take('-')) return std::nullopt;
  const auto month = in.number(2, 2);
  if (!month || !in.take('-')) return std::nullopt;
  const auto day = in.number(2, 2);
  if (!day || (!in.take('T') && !in.take('t') && !in.take(' '))) return std::nullopt;
  const auto days = days_from_date(*year, *month, *day);
  if (!days || text.size() < 20 || text[13] != ':' || text[16] != ':' || !in.digit_at(1)) return std::nullopt;
  const auto clock = read_clock(in);
  if (!clock) return std::nullopt;
  const auto rest = in.rest();
  if (rest == "Z" || rest == "z") return combine(*days, *clock, 0);
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return std::nullopt;
  in.skip(1);
  const auto hours = in.number(2, 2);
  in.skip(1);
  const auto minutes = in.number(2, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return combine(*days, *clock, (rest[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes));
}

std::optional<Timestamp> parse_time(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  if (text.empty() || text.size() > 128) return std::nullopt;
  const auto digits = static_cast<std::size_t>(
      std::ranges::find_if(text, [](char c) { return c < '0' || c > '9'; }) - text.begin());
  const bool negative = text.front() == '-';
  if (digits >= 9 || (negative && text.size() >= 9)) {
    double number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure == std::errc{} && end == text.data() + text.size() && digits != 14) return from_epoch(number);
  }
  if (digits == 4 || digits == 7 || digits == 8 || digits == 14) return parse_year_first(text);
  return parse_words(text);
}

std::string format_rfc3339(Timestamp at) {
  static constexpr std::int64_t low = -62'167'219'200'000;
  static constexpr std::int64_t high = 253'402'300'799'999;
  const auto clamped = from_ms(std::clamp(to_ms(at), low, high));
  const auto day = std::chrono::floor<std::chrono::days>(clamped);
  const std::chrono::year_month_day date(day);
  const auto ms = (clamped - day).count();
  char buffer[48];
  const int length = std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   static_cast<int>(ms / 3'600'000), static_cast<int>(ms / 60'000 % 60),
                                   static_cast<int>(ms / 1000 % 60));
  std::string out(buffer, static_cast<std::size_t>(length));
  if (ms % 1000 != 0) {
    std::snprintf(buffer, sizeof buffer, ".%03d", static_cast<int>(ms % 1000));
    out += buffer;
  }
  return out + "Z";
}

std::string format_http_date(Timestamp at) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const auto ms = (at - day).count();
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(ms / 3'600'000), static_cast<int>(ms / 60'000 % 60), static_cast<int>(ms / 1000 % 60));
  return buffer;
}

}  // namespace earshot
