#include "net/rate_limiter.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::net;
using std::chrono::milliseconds;

namespace {

constexpr std::int64_t now_ms = 1'752'782'400'000;  // 2025-07-17T20:00:00Z

struct FakeClock final : Clock {
  Timestamp wall = from_ms(now_ms);
  std::chrono::steady_clock::time_point steady{std::chrono::hours(100)};
  Timestamp now() const override { return wall; }
  std::chrono::steady_clock::time_point steady_now() const override { return steady; }
};

Headers headers(std::initializer_list<std::pair<const char*, const char*>> items) {
  Headers out;
  for (const auto& [name, value] : items) out.add(name, value);
  return out;
}

}  // namespace

TEST_CASE("every dialect of rate headers is read", "[net][rate]") {
  const auto now = from_ms(now_ms);
  struct Row {
    const char* name;
    Headers given;
    double remaining;
    std::int64_t reset_ms;
  };
  const Row rows[] = {
      {"ISO 8601",
       headers({{"X-RateLimit-Limit", "300"},
                {"X-RateLimit-Remaining", "12"},
                {"X-RateLimit-Reset", "2025-07-17T20:05:00.290188Z"}}),
       12, 300'290},
      {"epoch seconds",
       headers({{"x-rate-limit-remaining", "3"},
                {"x-rate-limit-limit", "450"},
                {"x-rate-limit-reset", "1752782460"}}),
       3, 60'000},
      {"float and delta",
       headers({{"x-ratelimit-remaining", "597.0"}, {"x-ratelimit-used", "3"}, {"x-ratelimit-reset", "123"}}),
       597, 123'000},
      {"policy",
       headers({{"RateLimit-Limit", "3000"},
                {"RateLimit-Remaining", "2999"},
                {"RateLimit-Reset", "1752782700"},
                {"RateLimit-Policy", "3000;w=300"}}),
       2999, 300'000},
      {"epoch with decimals",
       headers({{"X-RateLimit-Remaining", "4"}, {"X-RateLimit-Reset", "1752782401.5"}}), 4, 1'500},
      {"reset-after",
       headers({{"X-RateLimit-Remaining", "0"},
                {"X-RateLimit-Reset-After", "1.25"},
                {"X-RateLimit-Reset", "1752789999"}}),
       0, 1'250},
      {"zendesk",
       headers({{"X-Rate-Limit", "700"}, {"X-Rate-Limit-Remaining", "699"}, {"ratelimit-reset", "41"}}), 699,
       41'000},
      {"daily",
       headers({{"RateLimit-DailyLimit", "5000"},
                {"RateLimit-Remaining", "4995"},
                {"RateLimit-ResetTime", "2025-07-18T00:00:00+00:00"}}),
       4995, 14'400'000},
      {"graph percent", headers({{"X-App-Usage", R"({"call_count":28,"total_time":97,"total_cputime":25})"}}),
       3, 3'600'000},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto hint = read_rate_hint(row.given, now);
    CHECK(hint.remaining == row.remaining);
    REQUIRE(hint.reset_in);
    CHECK(hint.reset_in->count() == row.reset_ms);
  }
  CHECK(read_rate_hint(headers({{"x-ratelimit-remaining", "soon"}, {"x-ratelimit-reset", "never"}}), now) ==
        RateHint{});
}

TEST_CASE("the server's clock, not ours, dates an absolute reset", "[net][rate]") {
  const auto hint = read_rate_hint(headers({{"date", "Thu, 17 Jul 2025 19:00:00 GMT"},
                                            {"x-rate-limit-remaining", "1"},
                                            {"x-rate-limit-reset", "1752778860"}}),
                                   from_ms(now_ms));
  CHECK(hint.reset_in->count() == 60'000);
}

TEST_CASE("requests go at once while the budget is full, then spread, then wait for the reset",
          "[net][rate]") {
  FakeClock clock;
  RateLimiter limiter(clock);
  HttpReply reply{
      .status = 200,
      .headers = headers(
          {{"x-ratelimit-limit", "100"}, {"x-ratelimit-remaining", "11"}, {"x-ratelimit-reset", "100"}})};
  limiter.learn("host", reply);
  CHECK(limiter.acquire("host").count() == 0);
  CHECK(limiter.acquire("host").count() == 0);
  const auto spread = limiter.acquire("host");
  CHECK(spread >= milliseconds(9'000));
  CHECK(spread <= milliseconds(11'100));
  CHECK(limiter.acquire("other").count() == 0);
  reply.headers =
      headers({{"x-ratelimit-limit", "100"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "100"}});
  limiter.learn("host", reply);
  CHECK(limiter.acquire("host") >= milliseconds(100'000));
  clock.steady += std::chrono::seconds(101);
  CHECK(limiter.acquire("host").count() == 0);
}

TEST_CASE("a reset in the far future and numbers beyond all measure are not believed", "[net][rate]") {
  FakeClock clock;
  RateLimiter limiter(clock);
  HttpReply reply{.status = 200,
                  .headers = headers({{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "99999999"}})};
  limiter.learn("host", reply);
  CHECK(limiter.acquire("host") <= std::chrono::hours(24) + milliseconds(1));
  reply.headers = headers(
      {{"x-ratelimit-limit", "1e300"}, {"x-ratelimit-remaining", "1e250"}, {"x-ratelimit-reset", "1"}});
  limiter.learn("other", reply);
  CHECK(limiter.acquire("other").count() == 0);
  CHECK(limiter.acquire("other") <= milliseconds(1'001));
}

TEST_CASE("a limiter takes over what another has learnt", "[net][rate]") {
  FakeClock clock;
  RateLimiter before(clock);
  before.block("host", milliseconds(5'000));
  RateLimiter after(clock);
  after.inherit(before);
  CHECK(after.acquire("host") >= milliseconds(5'000));
}

TEST_CASE("a 503 that names a wait holds its host back, one that names none does not", "[net][rate]") {
  FakeClock clock;
  RateLimiter limiter(clock);
  limiter.learn("host", HttpReply{.status = 503, .headers = headers({{"retry-after", "7"}})});
  limiter.learn("other", HttpReply{.status = 503});
  CHECK(limiter.acquire("host") >= milliseconds(7'000));
  CHECK(limiter.acquire("other").count() == 0);
}

TEST_CASE("a refusal for the number of requests holds its host back whatever its status", "[net][rate]") {
  FakeClock clock;
  RateLimiter limiter(clock);
  limiter.learn("github", HttpReply{.status = 403, .headers = headers({{"retry-after", "60"}})});
  limiter.learn("unnamed", HttpReply{.status = 420});
  limiter.learn("forbidden", HttpReply{.status = 403});
  CHECK(limiter.acquire("github") >= milliseconds(60'000));
  CHECK(limiter.acquire("unnamed") >= milliseconds(30'000));
  CHECK(limiter.acquire("forbidden").count() == 0);
}
