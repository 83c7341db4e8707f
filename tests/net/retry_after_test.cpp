#include "net/retry_after.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::net;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);  // 2026-04-13T12:24:17Z

std::int64_t wait(std::vector<std::pair<std::string, std::string>> items) {
  Headers headers;
  for (auto& [name, value] : items) headers.add(name, value);
  const auto asked = requested_wait(headers, now);
  return asked ? asked->count() : -1;
}

}  // namespace

TEST_CASE("Retry-After is read in both forms and capped at a day", "[net][retry]") {
  struct Case {
    const char* value;
    std::int64_t ms;
  };
  const Case cases[] = {
      {"0", 0},
      {"4", 4000},
      {" 120 ", 120'000},
      {"1.5", 1500},
      {"999999999", 86'400'000},
      {"-5", -1},
      {"soon", -1},
      {"", -1},
      {"1e999", -1},
      {"Mon, 13 Apr 2026 12:25:17 GMT", 60'000},
      {"Mon, 13 Apr 2026 12:00:00 GMT", 0},
      {"Mon, 13 Apr 2066 12:00:00 GMT", 86'400'000},
  };
  for (const auto& [value, ms] : cases) {
    CAPTURE(value);
    CHECK(wait({{"Retry-After", value}}) == ms);
  }
}

TEST_CASE("the reset of a used-up budget is read in every dialect", "[net][retry]") {
  CHECK(wait({{"X-RateLimit-Reset", "2026-04-13T12:25:17.290188Z"}}) == 60'290);
  CHECK(wait({{"x-rate-limit-reset", "1776083117"}}) == 60'000);
  CHECK(wait({{"x-ratelimit-reset", "171"}}) == 171'000);
  CHECK(wait({{"RateLimit-Reset", "1776083117"}}) == 60'000);
  CHECK(wait({{"X-RateLimit-Reset-After", "1.25"}, {"X-RateLimit-Reset", "9999999999"}}) == 1250);
  CHECK(wait({{"Retry-After", "7"}, {"X-RateLimit-Reset", "1776083117"}}) == 7000);
  CHECK(wait({{"Date", "Mon, 13 Apr 2026 12:25:07 GMT"}, {"x-rate-limit-reset", "1776083117"}}) == 10'000);
  CHECK(wait({}) == -1);
}

TEST_CASE("the minutes until Meta grants access again are read", "[net][retry]") {
  const auto usage = [](const char* json) { return wait({{"X-Business-Use-Case-Usage", json}}); };
  CHECK(usage(R"({"17":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":15}]})") ==
        900'000);
  CHECK(
      usage(
          R"({"1":[{"estimated_time_to_regain_access":3,"type":"a"}],"2":[{"estimated_time_to_regain_access": 7}]})") ==
      420'000);
  CHECK(usage(R"({"17":[{"type":"pages","call_count":12,"estimated_time_to_regain_access":0}]})") == -1);
  CHECK(usage(R"({"17":[{"estimated_time_to_regain_access":99999999999}]})") == 86'400'000);
  CHECK(usage(R"({"17":[{"estimated_time_to_regain_access":)") == -1);
}

TEST_CASE("an empty budget is recognised", "[net][retry]") {
  for (const auto* value : {"0", "0.0", "0, 5;w=1"}) {
    Headers headers;
    headers.add("X-Ratelimit-Remaining", value);
    CHECK(budget_exhausted(headers));
  }
  Headers headers;
  headers.add("x-ratelimit-remaining", "597.0");
  CHECK_FALSE(budget_exhausted(headers));
}
