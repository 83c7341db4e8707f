#include <catch2/catch.hpp>
#include <string>

#include "analysis/text/analyser.hpp"
#include "core/model/names.hpp"
#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;

TEST_CASE("what other tools get wrong is right here", "[analysis][sentiment]") {
  struct Case {
    std::string_view text;
    Polarity expected;
  };
  const auto c = GENERATE(values<Case>({
      {"No problem, glad to help!", Polarity::positive},
      {"The refund was no problem at all", Polarity::positive},
      {"It's without a doubt excellent", Polarity::positive},
      {"They did nothing for me :(", Polarity::negative},
      {"Kindly stop sending me these emails", Polarity::negative},
      {"The amount is not correct", Polarity::negative},
      {"This is not proper service", Polarity::negative},
      {"great😡", Polarity::negative},
      {"Your app is a joke, it crashes every time", Polarity::negative},
      {"good good good but the delivery was terrible, terrible", Polarity::negative},
      {"#nothappy", Polarity::negative},
      {"#horriblecustomerservice", Polarity::negative},
      {"never lets me down", Polarity::positive},
      {"can't get any better", Polarity::positive},
      {"thanks for nothing", Polarity::negative},
      {"not bad at all!", Polarity::positive},
      {"I am not happy with this", Polarity::negative},
      {"I've been on hold for 2 hours", Polarity::negative},
      {"charged twice and no response", Polarity::negative},
      {"still waiting for my bags", Polarity::negative},
      {"this is the third time my order is late", Polarity::negative},
      {"I love it, best service ever!", Polarity::positive},
      {"soooo goooood", Polarity::positive},
      {"What time do you open tomorrow?", Polarity::neutral},
      {"@united flight 435", Polarity::neutral},
      {"delayed...again", Polarity::negative},
      {"delayed-thats terrible", Polarity::negative},
      {"Their lounge staff are fantastic! Thank you!", Polarity::positive},
      {"shoddy customer service", Polarity::negative},
      {"No problem at all", Polarity::positive},
      {"Excellent, without a doubt", Polarity::positive},
      {"nothing is working here :(", Polarity::negative},
      {"That is nothing to be proud of :(", Polarity::negative},
      {"Kindly stop calling me", Polarity::negative},
      {"Kindly stop spamming my inbox", Polarity::negative},
      {"The total on my bill is not correct", Polarity::negative},
      {"not proper at all", Polarity::negative},
      {"my parcel is late😡", Polarity::negative},
      {"love it😍", Polarity::positive},
      {"nice😊", Polarity::positive},
      {"good good good", Polarity::positive},
      {"bad bad bad bad", Polarity::negative},
      {"can you help me with my order?", Polarity::neutral},
      {"help me, nobody answers", Polarity::negative},
      {"couldn't be happier", Polarity::positive},
      {"they have no idea what they are doing", Polarity::negative},
      {"cheap but good", Polarity::positive},
      {"cheap but not good", Polarity::negative},
      {"thanks for the 4 hour wait", Polarity::negative},
      {"love how you cancelled my flight", Polarity::negative},
      {"way to go, you broke it again", Polarity::negative},
      {"no thanks to your support team, I lost my money", Polarity::negative},
      {"Thanks for the quick response", Polarity::positive},
  }));
  INFO(c.text);
  const auto verdict = judge(c.text);
  INFO(verdict.sentiment.negative << ' ' << verdict.sentiment.neutral << ' ' << verdict.sentiment.positive);
  REQUIRE(to_string(verdict.sentiment.polarity) == to_string(c.expected));
}

TEST_CASE("a call for help is no praise", "[analysis][sentiment]") {
  REQUIRE(judge("help me").sentiment.polarity != Polarity::positive);
  REQUIRE(judge("please help me").sentiment.polarity != Polarity::positive);
}

TEST_CASE("probabilities sum to one and the score follows them", "[analysis][sentiment]") {
  for (const std::string_view text : {"great", "awful", "ok", "", "!!!", "@a @b", "7", "the the the"}) {
    const auto s = judge(text).sentiment;
    if (s.polarity == Polarity::unscored) continue;
    REQUIRE(s.negative + s.neutral + s.positive == Approx(1).margin(1e-5));
    REQUIRE(s.score == Approx(s.positive - s.negative).margin(1e-6));
  }
}

TEST_CASE("rules move the score the way people expect", "[analysis][sentiment]") {
  struct Case {
    std::string_view lower, higher;
  };
  const auto c = GENERATE(values<Case>({
      {"it was not good", "it was good"},
      {"it was bad", "it was not bad"},
      {"the room was good", "the room was very good"},
      {"the room was really bad", "the room was bad"},
      {"the food was slightly good", "the food was good"},
      {"the view was great but the room was awful", "the room was awful but the view was great"},
      {"the staff was great", "the staff was GREAT"},
      {"it would be nice", "it is nice"},
      {"nice :(", "nice :)"},
      {"their site is broken :-(((", "their site is broken"},
  }));
  INFO(c.lower << " < " << c.higher);
  REQUIRE(judge(c.lower).sentiment.score < judge(c.higher).sentiment.score);
}

TEST_CASE("handles, links and names are never scored", "[analysis][sentiment]") {
  const auto plain = judge("@acme is here").sentiment;
  REQUIRE(judge("@greatlove is here").sentiment == plain);
  REQUIRE(judge("@worst_hate is here").sentiment == plain);
  REQUIRE(judge("see https://t.co/awful").sentiment == judge("see https://t.co/lovely").sentiment);
}

TEST_CASE("evidence names the words, their place and their rule", "[analysis][sentiment]") {
  const std::string_view text = "The app is not good, still waiting for a refund";
  const auto verdict = judge(text, WithEvidence::yes);
  bool waiting = false, refund = false;
  for (const auto& reason : verdict.evidence) {
    REQUIRE(reason.span.begin < reason.span.end);
    REQUIRE(reason.span.end <= text.size());
    waiting |= reason.term == "still waiting" && reason.rule == "sentiment" && reason.weight < 0;
    refund |= reason.rule == "issue:refund" &&
              text.substr(reason.span.begin, reason.span.end - reason.span.begin) == "refund";
  }
  REQUIRE(waiting);
  REQUIRE(refund);
  REQUIRE(judge(text).evidence.empty());
}
