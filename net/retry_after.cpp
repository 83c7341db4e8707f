#include "net/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"

namespace earshot::net {
namespace {

std::optional<double> number(std::string_view text) {
  text = trim(text);
  // "0, 0;w=1": several limits in one header; the first is the nearest.
  text = text.substr(0, text.find_first_of(",;"));
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::chrono::milliseconds capped(double ms) {
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::clamp(ms, 0.0, static_cast<double>(wait_max.count()))));
}

/// The header is JSON: a list of budgets for each page or account, in which a blocked one names the minutes.
std::optional<std::chrono::milliseconds> time_to_regain_access(const Headers& headers) {
  static constexpr std::string_view key = "\"estimated_time_to_regain_access\":";
  const auto usage = headers.find("X-Business-Use-Case-Usage");
  if (!usage) return std::nullopt;
  double minutes = 0;
  for (auto at = usage->find(key); at != std::string_view::npos; at = usage->find(key, at + 1)) {
    const auto rest = usage->substr(at + key.size());
    minutes = std::max(minutes, number(rest.substr(0, rest.find_first_of("}]"))).value_or(0));
  }
  if (minutes <= 0) return std::nullopt;
  return capped(minutes * 60'000);
}

Timestamp server_now(const Headers& headers, Timestamp now) {
  const auto date = headers.find("Date");
  const auto parsed = date ? parse_time(*date) : std::nullopt;
  return parsed.value_or(now);
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Timestamp now) {
  value = trim(value);
  if (const auto seconds = number(value))
    return *seconds < 0 ? std::nullopt : std::optional(capped(*seconds * 1000));
  if (const auto at = parse_time(value)) return capped(static_cast<double>((*at - now).count()));
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> poll_interval(const Headers& headers) {
  const auto value = headers.find("X-Poll-Interval");
  const auto seconds = value ? number(*value) : std::nullopt;
  return seconds && *seconds > 0 ? std::optional(capped(*seconds * 1000)) : std::nullopt;
}

bool budget_exhausted(const Headers& headers) {
  for (const auto* name :
       {"X-RateLimit-Remaining", "x-rate-limit-remaining", "RateLimit-Remaining", "rate-limit-remaining"})
    if (const auto value = headers.find(name))
      if (const auto left = number(*value); left && *left < 1) return true;
  return false;
}

std::optional<std::chrono::milliseconds> requested_wait(const Headers& headers, Timestamp now) {
  const auto clock = server_now(headers, now);
  if (const auto value = headers.find("Retry-After"))
    if (const auto wait = parse_retry_after(*value, clock)) return wait;
  if (const auto wait = time_to_regain_access(headers)) return wait;
  for (const auto* name : {"X-RateLimit-Reset-After", "X-RateLimit-Reset", "x-rate-limit-reset",
                           "RateLimit-Reset", "rate-limit-reset", "RateLimit-ResetTime"}) {
    const auto value = headers.find(name);
    if (!value) continue;
    if (const auto seconds = number(*value)) {
      // Small numbers are seconds from now, large ones a moment.
      if (*seconds < 1e8) return capped(*seconds * 1000);
      if (const auto at = from_epoch(*seconds)) return capped(static_cast<double>((*at - clock).count()));
    } else if (const auto at = parse_time(*value)) {
      return capped(static_cast<double>((*at - clock).count()));
    }
  }
  return std::nullopt;
}

}  // namespace earshot::net
