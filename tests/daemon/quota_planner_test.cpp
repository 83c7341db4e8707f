#include "daemon/quota_planner.hpp"

#include <catch2/catch.hpp>

#include "tests/support/fake_clock.hpp"

using namespace earshot;
using namespace earshot::daemon;
using connectors::RequestBudget;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const auto start = from_ms(1'776'083'057'000);

/// Requests that somebody who always wants more gets in a day.
struct Greedy {
  std::int64_t polls = 0, hydrates = 0;
};
Greedy spend_a_day(QuotaPlanner& planner, test::FakeClock& clock, bool polls, bool hydrates) {
  Greedy out;
  for (milliseconds passed{0}; passed < hours(24); passed += seconds(10), clock.advance(seconds(10))) {
    while (polls && planner.poll_wait().count() == 0) planner.polled(1), ++out.polls;
    while (hydrates && planner.hydrate_wait().count() == 0) planner.hydrated(1), ++out.hydrates;
  }
  return out;
}

}  // namespace

TEST_CASE("without a budget nobody waits", "[daemon][quota]") {
  test::FakeClock clock(start);
  QuotaPlanner planner(clock, std::nullopt, true);
  planner.polled(1'000'000);
  planner.hydrated(1'000'000);
  CHECK(planner.poll_wait() == milliseconds(0));
  CHECK(planner.hydrate_wait() == milliseconds(0));
}

TEST_CASE("a budget is shared: polls are stretched, and asking again has its tenth and what they leave",
          "[daemon][quota]") {
  const RequestBudget budget{.requests = 8'640, .per = hours(24)};
  {
    test::FakeClock clock(start);
    QuotaPlanner planner(clock, budget, true);
    (void)spend_a_day(planner, clock, true, true);  // the first day may spend what was saved
    const auto both = spend_a_day(planner, clock, true, true);
    CHECK(both.polls + both.hydrates <= 8'641);
    CHECK(both.polls + both.hydrates >= 8'630);
    CHECK(both.hydrates >= 860);
    CHECK(both.polls >= 7'770);
    // Polls that want little leave the rest to those who ask again.
    const auto quiet = spend_a_day(planner, clock, false, true);
    CHECK(quiet.hydrates >= 6'000);
    CHECK(quiet.hydrates <= 8'641);
  }
  test::FakeClock clock(start);
  QuotaPlanner alone(clock, budget, false);
  (void)spend_a_day(alone, clock, true, false);
  CHECK(spend_a_day(alone, clock, true, false).polls >= 8'630);
}

TEST_CASE("a walk that took more than was there is paid for before the next poll", "[daemon][quota]") {
  test::FakeClock clock(start);
  QuotaPlanner planner(clock, RequestBudget{.requests = 24, .per = hours(24)}, false);
  planner.polled(8);  // six may be made at once
  CHECK(planner.poll_wait() == hours(3));
  clock.advance(hours(3));
  CHECK(planner.poll_wait() == milliseconds(0));
}

TEST_CASE("of a budget that the platform tells, what is left is spread, and a quarter is kept for polls",
          "[daemon][quota]") {
  test::FakeClock clock(start);
  QuotaPlanner planner(clock, std::nullopt, true);
  const auto told = [&](std::int64_t remaining) {
    planner.learn(Quota{.limit = 300, .remaining = remaining, .resets_at = clock.now() + minutes(15)});
    planner.polled(3);
  };
  told(200);
  CHECK(planner.poll_wait() == milliseconds(0));
  CHECK(planner.hydrate_wait() == milliseconds(0));
  told(100);
  // Three of ninety requests in fifteen minutes.
  CHECK(planner.poll_wait() == seconds(30));
  CHECK(planner.hydrate_wait() == milliseconds(0));
  told(60);
  CHECK(planner.hydrate_wait() == minutes(15));
  clock.advance(minutes(15));
  CHECK(planner.hydrate_wait() == milliseconds(0));
  CHECK(planner.poll_wait() == milliseconds(0));
  told(0);
  CHECK(planner.poll_wait() <= minutes(15));
}

TEST_CASE("the narrower of two budgets holds", "[daemon][quota]") {
  const RequestBudget platform{.requests = 60, .per = hours(1)};
  CHECK(tighter(platform, std::nullopt) == platform);
  CHECK(tighter(platform, 100) == RequestBudget{.requests = 100, .per = hours(24)});
  CHECK(tighter(platform, 10'000) == platform);
  CHECK_FALSE(tighter(std::nullopt, std::nullopt));
  CHECK(rate_sampled(minutes(30), hours(2)) == 0.25);
  CHECK_FALSE(rate_sampled(minutes(30), minutes(30)));
  CHECK_FALSE(rate_sampled(milliseconds(0), milliseconds(0)));
}
