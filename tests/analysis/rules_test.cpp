// Every rule on and off: what it does to a text, and that without it the text is read as though there were
// no such rule.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "analysis/text/rules.hpp"
#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

const Analyser& analyser_without(Rule rule) {
  static std::map<Rule, std::unique_ptr<Analyser>> made;
  auto& analyser = made[rule];
  if (!analyser) {
    AnalyserOptions options{.languages = {"en"}, .own_issues = {}, .overlay = {}};
    options.rules.remove(rule);
    analyser = *Analyser::create(options);
  }
  return *analyser;
}

float score_without(Rule rule, std::string_view text) {
  Scratch scratch;
  return analyser_without(rule).analyse(text, "en", WithEvidence::no, scratch).sentiment.score;
}

/// Scores of Acme and Globex.
std::pair<float, float> brand_scores(const Analyser& analyser, std::string_view text) {
  const Mention mention{.platform = "test", .native_id = "1", .text = std::string(text), .lang = "en"};
  std::vector<Match> matches;
  std::int64_t id = 0;
  for (const std::string_view name : {"Acme", "Globex"}) {
    const auto at = static_cast<std::uint32_t>(text.find(name));
    matches.push_back(
        {.brand = BrandId{++id}, .spans = {{at, at + static_cast<std::uint32_t>(name.size())}}});
  }
  Scratch scratch;
  const auto verdicts = analyser.analyse(mention, matches, WithEvidence::no, scratch);
  return {verdicts[0].verdict.sentiment.score, verdicts[1].verdict.sentiment.score};
}

}  // namespace

TEST_CASE("each rule moves the score, and does not when it is off", "[analysis][rules]") {
  enum Way { lower, higher };
  struct Case {
    Rule rule;
    Way way;  ///< what the rule does to the score
    std::string_view text;
  };
  const auto c = GENERATE(values<Case>({
      {Rule::negation, lower, "The food was not cheap but good"},
      {Rule::negation, higher, "I do not really hate this place"},
      {Rule::booster, higher, "the room was very good"},
      {Rule::booster, lower, "the food was slightly good"},
      {Rule::contrast, lower, "the view was great but the room was awful"},
      {Rule::contrast, higher, "the room was awful but the view was great"},
      {Rule::irrealis, lower, "it would be nice"},
      {Rule::capitals, higher, "the staff was GREAT"},
      {Rule::phrases, higher, "It's without a doubt excellent"},
      {Rule::phrases, higher, "this is a no brainer, never fails to impress"},
      {Rule::placeholders, lower, "@lovely is here"},
      {Rule::advertising, lower, "#deal #sale #free amazing offers http://x.co/a"},
      {Rule::punctuation, higher, "the food was good!!"},
      {Rule::questions, lower, "is it any good?"},
  }));
  INFO(to_string(c.rule) << ": " << c.text);
  const auto on = judge(c.text).sentiment.score, off = score_without(c.rule, c.text);
  if (c.way == lower)
    REQUIRE(on < off);
  else
    REQUIRE(on > off);
}

TEST_CASE("without a rule, what it looks at makes no difference", "[analysis][rules]") {
  REQUIRE(score_without(Rule::capitals, "the staff was GREAT") ==
          Approx(score_without(Rule::capitals, "the staff was great")));
}

TEST_CASE("what a rule is not about it leaves alone", "[analysis][rules]") {
  struct Case {
    Rule rule;
    std::string_view text;
  };
  const auto c = GENERATE(values<Case>({
      {Rule::advertising, "amazing offers http://x.co/a"},
      {Rule::advertising, "#deal #sale #free amazing offers"},
      {Rule::length, "the food was good"},
  }));
  INFO(to_string(c.rule) << ": " << c.text);
  REQUIRE(judge(c.text).sentiment.score == score_without(c.rule, c.text));
}

TEST_CASE("a long text is not surer for its length alone", "[analysis][rules]") {
  std::string text;
  for (int i = 0; i < 15; ++i) text += "it does not work ";
  const auto sure = [](const Sentiment& s) { return std::max({s.negative, s.neutral, s.positive}); };
  Scratch scratch;
  const auto off = analyser_without(Rule::length).analyse(text, "en", WithEvidence::no, scratch).sentiment;
  REQUIRE(sure(judge(text).sentiment) < sure(off));
}

TEST_CASE("brands share what is said when attribution or comparison is off", "[analysis][rules]") {
  const std::string_view apart = "Acme is great, Globex is awful", compared = "Acme is better than Globex";
  const auto [acme, globex] = brand_scores(shared_analyser(), apart);
  REQUIRE(acme > globex);
  const auto [one, other] = brand_scores(analyser_without(Rule::attribution), apart);
  REQUIRE(one == other);
  const auto [winner, loser] = brand_scores(shared_analyser(), compared);
  REQUIRE(winner > loser);
  const auto [a, b] = brand_scores(analyser_without(Rule::comparison), compared);
  REQUIRE(a == b);
}

TEST_CASE("rules are named, and unknown names are answered with the known ones", "[analysis][rules]") {
  const std::string names[] = {"contrast", "booster"};
  const auto rules = rules_without(names);
  REQUIRE(rules);
  for (std::size_t i = 0; i < rule_count; ++i) {
    const auto rule = static_cast<Rule>(i);
    REQUIRE(rules->has(rule) == (rule != Rule::contrast && rule != Rule::booster));
  }
  REQUIRE(*rules_without({}) == RuleSet{});
  const std::string unknown[] = {"contrast", "irony"};
  const auto failed = rules_without(unknown);
  REQUIRE_FALSE(failed);
  REQUIRE(failed.error().kind == ErrorKind::invalid);
  REQUIRE(failed.error().message.find("'irony'") != std::string::npos);
  for (std::size_t i = 0; i < rule_count; ++i)
    REQUIRE(failed.error().message.find(to_string(static_cast<Rule>(i))) != std::string::npos);
}
