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

TEST_CASE("praise of another matter converts nobody, of the same matter even faint praise does",
          "[analysis][people]") {
  const auto faint = [](int at) { return good(at, 0.05); };
  const std::vector<StanceEvent> events{bad(0, 2), faint(60), faint(80)};
  std::vector<std::size_t> asked;
  const SameMatter second = [&](std::size_t happy, std::span<const std::size_t> unhappy) {
    CHECK(unhappy.size() == 1);
    asked.push_back(happy);
    return happy == 2;
  };
  const auto found = follow_stance(events, hour(90), {}, second);
  REQUIRE(found.size() == 1);
  CHECK(found[0].outcome == Outcome::converted);
  CHECK(found[0].last == 2);
  CHECK(asked == std::vector<std::size_t>{1, 2});
  const SameMatter never = [](std::size_t, std::span<const std::size_t>) { return false; };
  CHECK(follow_stance(events, hour(90), {}, never)[0].outcome == Outcome::open);
}

TEST_CASE("delight needs no praise where it speaks of the same matter", "[analysis][people]") {
  auto delight = good(60, 0.6), content = good(60, 0.4);
  delight.praise = content.praise = false;
  const SameMatter same = [](std::size_t, std::span<const std::size_t>) { return true; };
  CHECK(follow_stance(std::vector{bad(0, 2), delight}, hour(70), {}, same)[0].outcome == Outcome::converted);
  CHECK(follow_stance(std::vector{bad(0, 2), content}, hour(70), {}, same)[0].outcome == Outcome::open);
}

TEST_CASE("thanks in reply to the brand are politeness, unless all is well", "[analysis][people]") {
  auto thanks = good(60);
  thanks.thanks = thanks.to_brand = true;
  CHECK(follow({bad(0, 2), thanks}, 70)[0].outcome == Outcome::open);
  thanks.settled = true;
  CHECK(follow({bad(0, 2), thanks}, 70)[0].outcome == Outcome::converted);
}

TEST_CASE("what ended for everybody relieves and converts nobody", "[analysis][people]") {
  auto report = bad(0, 2);
  report.common = true;
  report.issues = 1;
  auto glad = good(60);
  glad.thanks = true;
  auto found = follow({report, glad}, 70);
  REQUIRE(found.size() == 1);
  CHECK(found[0].outcome == Outcome::relieved);
  CHECK(found[0].last == 1);
  glad.thanks = false;
  glad.issues = 1;
  CHECK(follow({report, glad}, 70)[0].outcome == Outcome::relieved);
  // A complaint of one's own that was answered is a story of its own.
  auto own = bad(10, 12);
  own.issues = 4;
  glad.issues = 4;
  auto unanswered = report;
  unanswered.answered_at.reset();
  CHECK(follow({unanswered, own, glad}, 70)[0].outcome == Outcome::converted);
  CHECK(outcome_from("relieved") == Outcome::relieved);
}

TEST_CASE("a complaint in neutral words begins a story", "[analysis][people]") {
  auto complaint = plain(0);
  complaint.complaint = true;
  CHECK(follow({complaint}, 1).empty());  // not unhappy: its score is 0
  complaint.score = -0.1;
  CHECK(follow({complaint}, 1).size() == 1);
}
