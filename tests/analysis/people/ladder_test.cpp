#include "analysis/people/ladder.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::analysis;

namespace {

Timestamp day(int at) { return from_ms(std::int64_t{at} * 86'400'000); }

LadderEvent on(int at, Shown shown) { return {.at = day(at), .shown = shown}; }

std::string path(const std::vector<LadderStep>& steps) {
  std::string out;
  for (const auto& step : steps) out += (out.empty() ? "" : " ") + std::string(to_string(step.to));
  return out;
}

}  // namespace

TEST_CASE("people climb by what they say, each step with two posts behind it", "[analysis][people][ladder]") {
  const std::vector<LadderEvent> events{on(0, Shown::nothing), on(1, Shown::unhappy), on(5, Shown::happy),
                                        on(12, Shown::happy),  on(20, Shown::happy),  on(22, Shown::defence),
                                        on(30, Shown::unhappy)};
  const auto steps = climb(events, {}, day(31));
  CHECK(path(steps) == "neutral ranter raver advocate defender ranter");
  CHECK_FALSE(steps[0].before);
  for (std::size_t i = 1; i < steps.size(); ++i) {
    INFO(i);
    REQUIRE(steps[i].before);
    REQUIRE(steps[i].after);
    CHECK(*steps[i].before < *steps[i].after);
    CHECK(steps[i].from == steps[i - 1].to);
    CHECK(steps[i].at == events[*steps[i].after].at);
  }
}

TEST_CASE("an advocate is happy often, for long, and not unhappy in between", "[analysis][people][ladder]") {
  using enum Shown;
  CHECK(path(climb(std::vector{on(0, happy), on(1, happy), on(2, happy)}, {}, day(3))) == "raver");
  CHECK(path(climb(std::vector{on(0, happy), on(20, happy)}, {}, day(21))) == "raver");
  CHECK(path(climb(std::vector{on(0, happy), on(7, unhappy), on(10, happy), on(20, happy)}, {}, day(21))) ==
        "raver ranter raver");
  CHECK(path(climb(std::vector{on(0, happy), on(50, happy), on(100, happy)}, {}, day(101))) == "raver");
}

TEST_CASE("who falls silent is no advocate any more", "[analysis][people][ladder]") {
  using enum Shown;
  const std::vector events{on(0, happy), on(10, happy), on(20, happy)};
  CHECK(path(climb(events, {}, day(80))) == "raver advocate");
  const auto steps = climb(events, {}, day(81));
  CHECK(path(steps) == "raver advocate raver");
  CHECK(steps.back().at == day(80));
  CHECK(steps.back().before == 0);
  CHECK(steps.back().after == 2);
  // The same for one who was an advocate before anything was heard here.
  const auto before =
      climb(std::vector{on(100, nothing)}, {.stance = Stance::advocate, .at = day(20)}, day(101));
  CHECK(path(before) == "raver");
  CHECK(before.front().at == day(80));
}

TEST_CASE("the stance found at the start goes on", "[analysis][people][ladder]") {
  using enum Shown;
  CHECK(climb(std::vector{on(0, nothing), on(1, happy)}, {.stance = Stance::raver, .at = day(-9)}, day(2))
            .empty());
  CHECK(climb({}, {}, day(2)).empty());
  for (std::size_t i = 0; i < stance_count; ++i) {
    const auto stance = static_cast<Stance>(i);
    CHECK(stance_from(to_string(stance)) == stance);
  }
  CHECK_FALSE(stance_from("fan"));
}
