// Whether an answer helped, what rises and falls, and which answer is the best.
#include <catch2/catch.hpp>
#include <cmath>

#include "insight/idea_answers.hpp"
#include "insight/idea_effect.hpp"

using namespace earshot;

namespace {

using std::chrono::days;

const Timestamp monday = from_ms(1'772'409'600'000);

/// `per_day` for each week, one number a week, from `monday` on.
store::IdeaRow idea(const std::vector<std::int64_t>& per_week) {
  store::IdeaRow row{.state = "published", .title = "How do I reset it?"};
  for (std::size_t week = 0; week < per_week.size(); ++week)
    for (std::int64_t d = 0; d < 7; ++d)
      row.asked_days.emplace_back(monday + days(static_cast<std::int64_t>(week) * 7 + d),
                                  per_week[week] / 7 + (d < per_week[week] % 7 ? 1 : 0));
  return row;
}

store::IdeaRow published(const std::vector<std::int64_t>& per_week, std::int64_t week) {
  auto row = idea(per_week);
  row.published_at = monday + days(week * 7) + std::chrono::hours(9);
  return row;
}

}  // namespace

TEST_CASE("an answer that helped is told with its interval", "[insight][ideas][effect]") {
  const auto effect = insight::effect_of(published({9, 10, 11, 10, 3, 2, 3, 1}, 4));
  REQUIRE(effect);
  CHECK(effect->asked_before == 40);
  CHECK(effect->asked_after == 9);
  CHECK(effect->weeks_before == Approx(4));
  CHECK(effect->weeks_after == Approx(4));
  CHECK(effect->ratio.value == Approx(9.0 / 40));
  CHECK(effect->ratio.high < 1);
  CHECK(effect->verdict == "fell");
  CHECK(effect->sentence.find("asked 10.0 times a week before, 2.2 after (-78 %") != std::string::npos);
}

TEST_CASE("chance, haste and too few questions are told as such", "[insight][ideas][effect]") {
  CHECK(insight::effect_of(published({9, 10, 11, 10, 8, 9, 7}, 4))->verdict == "no change yet");
  CHECK(insight::effect_of(published({9, 10, 11, 10, 1}, 4))->verdict == "too early");
  CHECK(insight::effect_of(published({1, 0, 1, 0, 0, 0, 0, 0}, 4))->verdict == "too early");
  CHECK(insight::effect_of(published({0, 0, 5, 0, 0, 0, 0, 0}, 4))->verdict == "fell");
  CHECK(insight::effect_of(published({3, 2, 3, 2, 12, 14, 13}, 4))->verdict == "rose");
  CHECK_FALSE(insight::effect_of(idea({9, 9})));
  auto taken_back = published({9, 9, 9, 9, 1, 1, 1}, 4);
  taken_back.state = "writing";
  CHECK_FALSE(insight::effect_of(taken_back));
  // Nothing is known of the time before or after.
  CHECK(insight::effect_of(published({}, 4))->verdict == "too early");
  CHECK(insight::effect_of(published({5, 5}, 9))->verdict == "too early");
  CHECK(insight::effect_of(published({5, 5, 5}, 0))->verdict == "too early");
}

TEST_CASE("a week is compared with the eight before it", "[insight][ideas][risers]") {
  const auto rising = insight::move_of(idea({2, 2, 2, 2, 2, 2, 2, 2, 14}));
  CHECK(rising.direction == "rising");
  CHECK(rising.weeks_before == Approx(8));
  CHECK(rising.ratio.value == Approx(7));
  CHECK(insight::move_of(idea({8, 8, 8, 8, 8, 8, 8, 8, 0})).direction == "falling");
  CHECK(insight::move_of(idea({2, 2, 2, 2, 2, 2, 2, 2, 4})).direction.empty());  // chance
  CHECK(insight::move_of(idea({0, 0, 0, 0, 0, 0, 0, 0, 4})).direction.empty());  // too few
  CHECK(insight::move_of(idea({1, 1, 1, 1, 1, 1, 1, 1, 0})).direction.empty());
  CHECK(insight::move_of(idea({0, 0, 9})).direction.empty());                  // too little is known
  CHECK(insight::move_of(idea({99, 0, 0, 0, 0, 0, 0, 0, 0, 9})).before == 0);  // nine weeks ago
  CHECK(insight::move_of(idea({})).direction.empty());
}

namespace {

/// A dialogue by hand: posts are numbered from 1, which stands for their hash as well.
struct Talk {
  insight::Dialogue dialogue;
  MentionId say(std::uint64_t author, std::uint64_t parent, bool own = false, Intent intent = Intent::request,
                std::uint64_t fingerprint = 0, std::int64_t bytes = 80) {
    const auto number = dialogue.rows.size() + 1;
    store::ContactRow row{.id = MentionId{static_cast<std::int64_t>(number)},
                          .post = number,
                          .parent = parent,
                          .author_key = author,
                          .fingerprint = fingerprint != 0 ? fingerprint : 1000 + number,
                          .text_bytes = bytes,
                          .created_at = monday + std::chrono::minutes(number)};
    row.verdict.match = own ? MatchKind::own : MatchKind::query;
    row.verdict.intents = std::uint32_t{1} << static_cast<unsigned>(intent);
    dialogue.rows.push_back(row);
    dialogue.answers.emplace_back();
    if (own && parent != 0 && !dialogue.answers[parent - 1].own)
      dialogue.answers[parent - 1].own = number - 1;
    return row.id;
  }
};

}  // namespace

TEST_CASE("the best answer is the brand's usual one, else a peer's that was thanked",
          "[insight][ideas][answers]") {
  Talk talk;
  const auto first = talk.say(1, 0), second = talk.say(2, 0), third = talk.say(3, 0), lone = talk.say(4, 0);
  talk.say(9, 1, true, Intent::thanks, 77);
  const auto usual = talk.say(9, 2, true, Intent::thanks, 77);
  talk.say(9, 3, true, Intent::thanks, 55);
  const std::vector questions{first, second, third};
  const auto best = insight::IdeaAnswers(talk.dialogue).best(questions);
  REQUIRE(best);
  CHECK((best->own && best->mention == usual));

  const auto peer = talk.say(5, 4);
  const std::vector alone{lone};
  CHECK_FALSE(insight::IdeaAnswers(talk.dialogue).best(alone));  // nobody said that it helped
  talk.say(6, 8, false, Intent::thanks);
  CHECK_FALSE(insight::IdeaAnswers(talk.dialogue).best(alone));  // somebody else gave thanks
  talk.say(4, 8, false, Intent::thanks);
  const auto thanked = insight::IdeaAnswers(talk.dialogue).best(alone);
  REQUIRE(thanked);
  CHECK((!thanked->own && thanked->mention == peer && thanked->thanked == 1));
  CHECK_FALSE(insight::IdeaAnswers(talk.dialogue).best({}));

  Talk curt;
  const auto asked = curt.say(1, 0);
  curt.say(9, 1, true, Intent::thanks, 0, 12);  // "DM us"
  const std::vector one{asked};
  CHECK_FALSE(insight::IdeaAnswers(curt.dialogue).best(one));
}
