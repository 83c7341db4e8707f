#include "connectors/feed/pace.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "net/retry_after.hpp"

namespace earshot::connectors::feed {
namespace {

std::optional<std::int64_t> max_age_of(const net::Headers& headers) {
  const auto value = headers.find("Cache-Control");
  if (!value) return std::nullopt;
  const auto lower = ascii_lower(*value);
  const auto at = lower.find("max-age=");
  if (at == std::string::npos || lower.find("no-cache") != std::string::npos ||
      lower.find("no-store") != std::string::npos)
    return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(lower.data() + at + 8, lower.data() + lower.size(), seconds);
  if (failure != std::errc{} || seconds <= 0) return std::nullopt;
  return seconds;
}

/// What the server says beside max-age: Retry-After of an answer that is none of trouble, and Expires, which
/// counts only where there is no max-age (RFC 9111 5.3).
std::int64_t asked_by_date(const net::Headers& headers, bool has_max_age, Timestamp now) {
  const auto date = headers.find("Date");
  const auto server = date ? parse_time(*date).value_or(now) : now;
  std::int64_t ms = 0;
  if (const auto value = headers.find("Retry-After"))
    if (const auto wait = net::parse_retry_after(*value, server)) ms = wait->count();
  const auto expires = has_max_age ? std::nullopt : headers.find("Expires");
  if (const auto at = expires ? parse_time(*expires) : std::nullopt)
    ms = std::max(ms, std::min((*at - server).count(), net::wait_max.count()));
  return ms / 1000;
}

}  // namespace

std::optional<Timestamp> not_before(const net::Headers& headers, std::optional<std::chrono::minutes> ttl,
                                    Timestamp now) {
  static constexpr std::int64_t longest = 6 * 3600;
  const auto max_age = max_age_of(headers);
  auto seconds =
      std::max(max_age.value_or(0), asked_by_date(headers, headers.find("Cache-Control").has_value(), now));
  if (ttl)
    seconds = std::max<std::int64_t>(seconds, std::chrono::duration_cast<std::chrono::seconds>(*ttl).count());
  if (seconds <= 0) return std::nullopt;
  return now + std::chrono::seconds(std::min(seconds, longest));
}

}  // namespace earshot::connectors::feed
