#include "net/quota_watch.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::net;

namespace {

struct FakeClock final : Clock {
  Timestamp wall = from_ms(1'752'782'400'000);
  Timestamp now() const override { return wall; }
  std::chrono::steady_clock::time_point steady_now() const override { return {}; }
};

struct Nobody final : HttpClient {
  async::Awaitable<Result<HttpReply>> send(HttpRequest) override {
    co_return unexpected(ErrorKind::unreachable, "nobody is asked here");
  }
};

Headers rate(const char* limit, const char* remaining, const char* reset) {
  Headers out;
  if (*limit != 0) out.add("X-RateLimit-Limit", limit);
  out.add("X-RateLimit-Remaining", remaining);
  if (*reset != 0) out.add("X-RateLimit-Reset-After", reset);
  return out;
}

}  // namespace

TEST_CASE("of several budgets the scarcest that is not full again is told", "[net][rate]") {
  FakeClock clock;
  Nobody nobody;
  QuotaWatch watch(nobody, clock);
  CHECK_FALSE(watch.scarcest());
  watch.learn("a.example", {});
  CHECK_FALSE(watch.scarcest());
  watch.learn("a.example", rate("300", "150", "600"));
  watch.learn("b.example", rate("10", "4", "60"));
  CHECK(watch.scarcest() ==
        Quota{.limit = 10, .remaining = 4, .resets_at = clock.wall + std::chrono::seconds(60)});
  clock.wall += std::chrono::seconds(61);
  CHECK(watch.scarcest()->limit == 300);
  clock.wall += std::chrono::seconds(600);
  CHECK(watch.scarcest()->limit == 300);  // the last that was not full
  watch.learn("a.example", rate("300", "299", ""));
  CHECK(watch.scarcest() == Quota{.limit = 300, .remaining = 299});
}

TEST_CASE("what hosts say of budgets stays bounded and fits a number", "[net][rate]") {
  FakeClock clock;
  Nobody nobody;
  QuotaWatch watch(nobody, clock);
  for (int i = 0; i < 1'000; ++i) watch.learn(std::to_string(i), rate("1e300", "9e99", "1e18"));
  REQUIRE(watch.scarcest());
  CHECK(watch.scarcest()->remaining > 0);
  watch.learn("new", rate("100", "1", "60"));
  CHECK(watch.scarcest()->limit != 100);  // there are budgets enough
  watch.learn("0", rate("0", "0", "60"));
  CHECK(watch.scarcest()->remaining == 0);
}
