#include <catch2/catch.hpp>
#include <string>

#include "core/model/names.hpp"
#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

/// Polarities of Acme and Globex in the order (Acme, Globex), '+', '-' or '0' each.
std::string polarities(std::string_view text) {
  Mention mention{.platform = "test", .native_id = "1", .text = std::string(text), .lang = "en"};
  std::vector<Match> matches;
  std::int64_t id = 0;
  for (const std::string_view name : {"Acme", "Globex"}) {
    Match match{.brand = BrandId{++id}, .spans = {}};
    for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1))
      match.spans.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + name.size())});
    matches.push_back(match);
  }
  Scratch scratch;
  std::string out;
  for (const auto& one : shared_analyser().analyse(mention, matches, WithEvidence::no, scratch))
    out += one.verdict.sentiment.polarity == Polarity::positive   ? '+'
           : one.verdict.sentiment.polarity == Polarity::negative ? '-'
                                                                  : '0';
  return out;
}

}  // namespace

TEST_CASE("polarity belongs to the brand it is said of", "[analysis][brands]") {
  struct Case {
    std::string_view text, expected;
  };
  const auto c = GENERATE(values<Case>({
      {"Left Acme for Globex, so much better", "-+"},
      {"left Globex for Acme, so much better!", "+-"},
      {"Switched from Acme to Globex last week", "-+"},
      {"I switched to Globex from Acme", "-+"},
      {"Globex is better than Acme", "-+"},
      {"Acme is so much better than Globex", "+-"},
      {"Acme is worse than Globex", "-+"},
      {"Nothing is better than Acme", "+0"},
      {"I prefer Acme over Globex", "+-"},
      {"Globex beats Acme every time", "-+"},
      {"Acme is great, Globex is awful", "+-"},
      {"I love Globex but I hate Acme", "-+"},
      {"Acme is terrible. Globex was fantastic, I love it!", "-+"},
      {"I hate Acme, such terrible service. I use a Globex now", "-0"},
  }));
  INFO(c.text);
  const auto got = polarities(c.text);
  if (c.text.starts_with("Nothing"))
    REQUIRE(got[0] == '+');
  else if (c.expected[1] == '0')
    REQUIRE((got[0] == '-' && got[1] != '-'));
  else
    REQUIRE(got == c.expected);
}

TEST_CASE("a brand alone in a text gets the verdict of all of it", "[analysis][brands]") {
  Mention mention{
      .platform = "test", .native_id = "1", .text = "Acme again. Waited two hours, horrible.", .lang = "en"};
  const std::vector<Match> matches{{.brand = BrandId{1}, .spans = {{0, 4}}}};
  Scratch scratch;
  const auto got = shared_analyser().analyse(mention, matches, WithEvidence::yes, scratch);
  REQUIRE(got.size() == 1);
  REQUIRE(got[0].verdict.sentiment.polarity == Polarity::negative);
  REQUIRE(got[0].verdict.evidence.front().rule == "brand");
}

TEST_CASE("a brand's own name is never scored", "[analysis][brands]") {
  Mention mention{
      .platform = "test", .native_id = "1", .text = "Terrible Love Pizza opens at nine", .lang = "en"};
  const std::vector<Match> named{{.brand = BrandId{1}, .spans = {{0, 19}}}};
  Scratch scratch;
  const auto verdict = shared_analyser().analyse(mention, named, WithEvidence::yes, scratch)[0].verdict;
  for (const auto& reason : verdict.evidence) REQUIRE((reason.rule == "brand" || reason.span.begin >= 19));
}
