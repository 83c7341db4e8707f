#include "analysis/people/stance.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::analysis;

namespace {

Timestamp hour(int at) { return from_ms(std::int64_t{at} * 3'600'000); }

StanceEvent bad(int at, std::optional<int> answered = {}) {
  return {.at = hour(at),
          .polarity = Polarity::negative,
          .score = -0.7,
          .answered_at = answered ? std::optional(hour(*answered)) : std::nullopt};
}
StanceEvent good(int at, double score = 0.8) {
  return {.at = hour(at), .polarity = Polarity::positive, .score = score, .praise = true};
}
StanceEvent plain(int at) { return {.at = hour(at), .polarity = Polarity::neutral}; }

std::vector<Journey> follow(std::vector<StanceEvent> events, int now) {
  return follow_stance(events, hour(now));
}

}  // namespace

TEST_CASE("an unhappy customer who is answered and happy later has been converted", "[analysis][people]") {
  const auto found = follow({bad(0, 2), plain(5), good(60)}, 70);
  REQUIRE(found.size() == 1);
  CHECK(found[0].outcome == Outcome::converted);
  CHECK(found[0].rant == 0);
  CHECK(found[0].answered == 0);
  CHECK(found[0].last == 2);
  CHECK_FALSE(found[0].fallen);
}

TEST_CASE("one happy post converts nobody twice", "[analysis][people]") {
  const auto found = follow({bad(0, 2), bad(3), good(60), good(61)}, 70);
  REQUIRE(found.size() == 1);
  CHECK(found[0].last == 2);
}

TEST_CASE("thanks within the hour are politeness", "[analysis][people]") {
  const auto found = follow({bad(0, 2),
                             {.at = hour(2) + std::chrono::minutes(20),
                              .polarity = Polarity::positive,
                              .score = 0.9,
                              .praise = true}},
                            30);
  REQUIRE(found.size() == 1);
  CHECK(found[0].outcome == Outcome::open);
}

TEST_CASE("faint praise is none, nor are mere thanks", "[analysis][people]") {
  auto thanks = good(60);
  thanks.praise = false;
  CHECK(follow({bad(0, 2), thanks}, 70)[0].outcome == Outcome::open);
  CHECK(follow({bad(0, 2), good(60, 0.1)}, 70)[0].outcome == Outcome::open);
}

TEST_CASE("who was not answered came round alone", "[analysis][people]") {
  const auto found = follow({bad(0, 80), good(60)}, 90);  // the answer came after
  REQUIRE(found.size() == 1);
  CHECK(found[0].outcome == Outcome::converted_alone);
  CHECK_FALSE(found[0].answered);
}

TEST_CASE("after a reply there is anger or silence, and before them it is too early to say",
          "[analysis][people]") {
  CHECK(follow({bad(0, 2), bad(30)}, 40)[0].outcome == Outcome::angry);
  CHECK(follow({bad(0, 2)}, 40)[0].outcome == Outcome::open);
  CHECK(follow({bad(0, 2)}, 2 + 24 * 30)[0].outcome == Outcome::silent);
  CHECK(follow({bad(0)}, 24 * 30)[0].outcome == Outcome::unanswered);
  CHECK(follow({bad(0, 2), bad(30), good(90)}, 100)[0].outcome == Outcome::converted);
}

TEST_CASE("a raver who is disappointed has fallen, and may come back", "[analysis][people]") {
  const auto found = follow({good(0), bad(10, 12), good(90), bad(200)}, 210);
  REQUIRE(found.size() == 2);
  CHECK(found[0].fallen);
  CHECK(found[0].outcome == Outcome::converted);
  CHECK(found[1].fallen);
}

TEST_CASE("praise that comes too late speaks of something else", "[analysis][people]") {
  const auto found = follow({bad(0, 2), good(24 * 31)}, 24 * 32);
  REQUIRE(found.size() == 1);
  CHECK(found[0].outcome == Outcome::silent);
  CHECK(follow({bad(0, 2), good(24 * 20)}, 24 * 32)[0].outcome == Outcome::open);
  CHECK(follow({bad(0, 24 * 10), good(24 * 20)}, 24 * 32)[0].outcome == Outcome::converted);
}

TEST_CASE("outcomes have names", "[analysis][people]") {
  for (int i = 0; i < 6; ++i)
    CHECK(outcome_from(to_string(static_cast<Outcome>(i))) == static_cast<Outcome>(i));
  CHECK_FALSE(outcome_from("happy"));
}
