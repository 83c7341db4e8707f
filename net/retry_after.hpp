#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "core/base/clock.hpp"
#include "net/http_types.hpp"

namespace earshot::net {

/// No wait that a server names is believed beyond this.
inline constexpr std::chrono::milliseconds wait_max = std::chrono::hours(24);

/// How long to wait when a refusal does not say.
inline constexpr std::chrono::milliseconds unnamed_wait = std::chrono::seconds(30);

/// The value of a Retry-After header: seconds (also with decimals) or an HTTP date, between 0 and `wait_max`.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Timestamp now);

/// How long the reply asks to wait: Retry-After, else the longest `estimated_time_to_regain_access` of Meta's
/// X-Business-Use-Case-Usage (minutes), else the reset of an exhausted rate budget in any of the
/// dialects (epoch seconds, ISO 8601, seconds from now). The server's Date header, when there is one, is the
/// clock for absolute times, so that our skew does not matter.
std::optional<std::chrono::milliseconds> requested_wait(const Headers& headers, Timestamp now);

/// The least time between two polls that the server asks for: X-Poll-Interval, in seconds (GitHub).
std::optional<std::chrono::milliseconds> poll_interval(const Headers& headers);

/// True when a rate header says that nothing remains.
bool budget_exhausted(const Headers& headers);

}  // namespace earshot::net
