#include "daemon/quota_planner.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

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
    const auto first = spend_a_day(planner, clock, true, true);  // also spends what was saved
    CHECK(first.polls + first.hydrates <= 8'640);
    CHECK(first.polls + first.hydrates >= 8'600);
    const auto both = spend_a_day(planner, clock, true, true);
    CHECK(both.polls + both.hydrates <= 8'640);
    CHECK(both.polls + both.hydrates >= 7'770);
    CHECK(both.hydrates >= 770);
    CHECK(both.polls >= 6'990);
    // Polls that want little leave the rest to those who ask again.
    const auto quiet = spend_a_day(planner, clock, false, true);
    CHECK(quiet.hydrates >= 6'000);
    CHECK(quiet.hydrates <= 8'640);
  }
  test::FakeClock clock(start);
  QuotaPlanner alone(clock, budget, false);
  (void)spend_a_day(alone, clock, true, false);
  CHECK(spend_a_day(alone, clock, true, false).polls >= 7'770);
}

TEST_CASE("a walk that took more than was there is paid for before the next poll", "[daemon][quota]") {
  test::FakeClock clock(start);
  QuotaPlanner planner(clock, RequestBudget{.requests = 24, .per = hours(24)}, false);
  planner.polled(8);  // two may be made at once
  const auto wait = planner.poll_wait();
  CHECK(wait > hours(7));
  CHECK(wait < hours(7) + minutes(1));
  clock.advance(wait);
  CHECK(planner.poll_wait() == milliseconds(0));
}

TEST_CASE("no stretch of a budget's time holds more than the budget, wherever it begins", "[daemon][quota]") {
  for (const std::int64_t most : {1, 2, 3, 7, 20, 300})
    for (const bool hydrates : {false, true})
      for (const int idle : {0, 5, 90}) {
        if (hydrates && most == 1) continue;  // polls and asking again have one each
        CAPTURE(most, hydrates, idle);
        test::FakeClock clock(start);
        QuotaPlanner planner(clock, RequestBudget{.requests = most, .per = seconds(100)}, hydrates);
        std::vector<std::int64_t> made;
        // Long idle, then greedy, then idle again: what is saved meets what comes back.
        for (std::int64_t ms = 0; ms < 700'000; ms += 100, clock.advance(milliseconds(100))) {
          if (ms < idle * 1'000 || (ms > 300'000 && ms < 450'000)) continue;
          while (planner.poll_wait().count() == 0) planner.polled(1), made.push_back(ms);
          while (hydrates && planner.hydrate_wait().count() == 0) planner.hydrated(1), made.push_back(ms);
        }
        std::size_t begin = 0, worst = 0;
        for (std::size_t end = 0; end < made.size(); ++end) {
          while (made[end] - made[begin] >= 100'000) ++begin;
          worst = std::max(worst, end - begin + 1);
        }
        CHECK(worst <= static_cast<std::size_t>(most));
        CHECK(worst >= static_cast<std::size_t>(most) * 8 / 10);
      }
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

TEST_CASE("a tenth of a budget is spent at once, the rest as it comes back", "[daemon][quota]") {
  const RequestBudget budget{.requests = 100, .per = hours(24)};
  CHECK(time_for(10, budget).count() == 0);
  CHECK(time_for(101, budget) == hours(24));
  CHECK(time_for(192, budget) == hours(48));
}
