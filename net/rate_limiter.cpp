#include "net/rate_limiter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "net/classify.hpp"
#include "net/retry_after.hpp"

namespace earshot::net {
namespace {

/// One dialect's header names. Seen at: Mastodon, X, Reddit, GitHub, Discord (x-ratelimit); Bluesky, Zendesk
/// (ratelimit); Zendesk (x-rate-limit, rate-limit); Yelp (daily); Freshdesk (total).
struct Dialect {
  std::string_view limit, remaining, reset;
};
constexpr Dialect dialects[] = {
    {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset-after"},
    {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"},
    {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"},
    {"x-rate-limit", "x-rate-limit-remaining", "x-rate-limit-reset"},
    {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"},
    {"rate-limit-limit", "rate-limit-remaining", "rate-limit-reset"},
    {"ratelimit-dailylimit", "ratelimit-remaining", "ratelimit-resettime"},
    {"x-ratelimit-total", "x-ratelimit-remaining", "x-ratelimit-reset"},
};

std::optional<double> number(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  // "100, 100;w=60" and "3000;w=300": the first number counts.
  const std::string copy(trim(text->substr(0, text->find_first_of(",;"))));
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (end == copy.c_str() || !std::isfinite(value) || value < 0) return std::nullopt;
  return std::min(value, 1e15);  // what is beyond is a jest, and must still fit an integer
}

std::optional<std::chrono::milliseconds> until(std::string_view text, Timestamp now) {
  const auto value = number(text);
  const bool iso = text.find('T') != std::string_view::npos || text.find('-') != std::string_view::npos;
  Timestamp at{};
  if (iso) {
    const auto parsed = parse_time(text);
    if (!parsed) return std::nullopt;
    at = *parsed;
  } else if (!value) {
    return std::nullopt;
  } else if (*value >= 1e12) {
    at = from_ms(static_cast<std::int64_t>(std::min(*value, 1e15)));
  } else if (*value >= 1e9) {
    at = from_ms(static_cast<std::int64_t>(*value * 1000));
  } else {
    // A budget that never comes back would keep the source silent until a restart.
    return std::min(std::chrono::milliseconds(static_cast<std::int64_t>(*value * 1000)), wait_max);
  }
  return std::clamp<std::chrono::milliseconds>(at - now, std::chrono::milliseconds(0), wait_max);
}

/// Meta's headers carry JSON with percentages; the largest percentage is what remains to be spared.
std::optional<double> graph_percent(const Headers& headers) {
  std::optional<double> worst;
  for (const auto name : {"x-app-usage", "x-business-use-case-usage", "x-page-usage"}) {
    const auto json = headers.find(name);
    if (!json) continue;
    for (const std::string_view key : {"\"call_count\":", "\"total_time\":", "\"total_cputime\":"}) {
      for (auto at = json->find(key); at != std::string_view::npos; at = json->find(key, at + 1)) {
        const auto value = number(json->substr(at + key.size()));
        if (value) worst = std::max(worst.value_or(0), *value);
      }
    }
  }
  return worst;
}

}  // namespace

RateHint read_rate_hint(const Headers& headers, Timestamp now) {
  if (const auto date = headers.find("date"))
    if (const auto server = parse_time(*date)) now = *server;
  RateHint hint;
  for (const auto& dialect : dialects) {
    const auto remaining = number(headers.find(dialect.remaining));
    const auto reset = headers.find(dialect.reset);
    if (!remaining && !reset) continue;
    if (!hint.limit) hint.limit = number(headers.find(dialect.limit));
    if (!hint.remaining) hint.remaining = remaining;
    if (!hint.reset_in && reset) hint.reset_in = until(*reset, now);
  }
  if (const auto percent = graph_percent(headers)) {
    hint.limit = 100;
    hint.remaining = std::max(0.0, 100 - *percent);
    if (!hint.reset_in) hint.reset_in = std::chrono::hours(1);
  }
  return hint;
}

std::chrono::milliseconds RateLimiter::acquire(const std::string& bucket) {
  auto& budget = budgets_[bucket];
  const auto now = clock_.steady_now();
  if (budget.remaining && now >= budget.reset_at) budget.remaining.reset();
  auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(budget.next_at - now);
  if (budget.remaining && *budget.remaining < 1)
    wait = std::max(wait, std::chrono::duration_cast<std::chrono::milliseconds>(budget.reset_at - now));
  if (wait.count() > 0) return wait + std::chrono::milliseconds(1);
  if (budget.remaining) {
    *budget.remaining -= 1;
    if (budget.limit && *budget.remaining < *budget.limit / 10)
      budget.next_at = now + (budget.reset_at - now) / static_cast<std::int64_t>(*budget.remaining + 1);
  }
  return std::chrono::milliseconds(0);
}

void RateLimiter::learn(const std::string& bucket, const HttpReply& reply) {
  const auto hint = read_rate_hint(reply.headers, clock_.now());
  auto& budget = budgets_[bucket];
  const auto now = clock_.steady_now();
  if (hint.limit) budget.limit = hint.limit;
  if (hint.remaining && hint.reset_in) {
    budget.remaining = hint.remaining;
    budget.reset_at = now + *hint.reset_in;
  }
  // What is refused for its number, and a 503 that names a wait, speak for the whole host, also to other
  // streams and sources.
  const auto trouble = classify(reply, clock_.now());
  const bool refused = trouble && trouble->kind == ErrorKind::rate_limited;
  const bool asks = reply.status == 503 && reply.headers.find("Retry-After");
  if (refused || asks) block(bucket, requested_wait(reply.headers, clock_.now()).value_or(unnamed_wait));
}

void RateLimiter::block(const std::string& bucket, std::chrono::milliseconds wait) {
  auto& next = budgets_[bucket].next_at;
  next = std::max(next, clock_.steady_now() + wait);
}

}  // namespace earshot::net
