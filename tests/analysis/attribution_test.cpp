#include <catch2/catch.hpp>
#include <string>

#include "analysis/text/brand_matcher.hpp"
#include "core/model/names.hpp"
#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

char sign(const Sentiment& sentiment) {
  return sentiment.polarity == Polarity::positive   ? '+'
         : sentiment.polarity == Polarity::negative ? '-'
         : sentiment.polarity == Polarity::neutral  ? '0'
                                                    : '?';
}

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
    out += sign(one.verdict.sentiment);
  return out;
}

/// "Fernwave+ Hub+ Play-; Globex0": what is said of each brand and product that is named.
std::string with_products(std::string text, std::string lang = "en") {
  const Brand brands[] = {
      {.id = BrandId{1}, .name = "Fernwave", .products = {"Fernwave Hub", "Fernwave Play", "MyFernwave"}},
      {.id = BrandId{2}, .name = "Globex", .products = {"Globex Box"}}};
  static const auto matcher = *BrandMatcher::create(brands);
  const Mention mention{.text = std::move(text), .lang = std::move(lang)};
  Scratch scratch;
  std::string out;
  for (const auto& one :
       shared_analyser().analyse(mention, matcher->match(mention), WithEvidence::no, scratch)) {
    out += (out.empty() ? "" : "; ") + brands[static_cast<std::size_t>(one.brand.value) - 1].name;
    out += sign(one.verdict.sentiment);
    for (const auto& product : one.verdict.products)
      out += " " + product.product.substr(product.product.find(' ') + 1) + sign(product.sentiment);
  }
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

TEST_CASE("polarity belongs to the product it is said of", "[analysis][products]") {
  struct Case {
    std::string_view text, expected;
  };
  const auto c = GENERATE(values<Case>({
      {"@fernwave the Hub is great", "Fernwave+ Hub+"},
      {"Fernwave again. The Hub is great but Play keeps buffering, awful", "Fernwave* Hub+ Play-"},
      {"The Fernwave Hub is awful, Fernwave Play is great, I love it", "Fernwave* Hub- Play+"},
      {"I hate Fernwave, such terrible support. The Hub is great, I love it", "Fernwave* Hub+"},
      {"Fernwave Play is fantastic. Globex is awful", "Fernwave+ Play+; Globex-"},
      {"Fernwave Hub. Waited two hours, horrible", "Fernwave- Hub-"},
  }));
  INFO(c.text);
  auto got = with_products(std::string(c.text));
  if (c.expected[8] == '*') got[8] = '*';  // of two opinions the whole brand may get either
  REQUIRE(got == c.expected);
}

TEST_CASE("comparisons and switches decide between products", "[analysis][products]") {
  struct Case {
    std::string_view text, expected;
  };
  const auto c = GENERATE(values<Case>({
      // Between two of a brand's own products the brand neither wins nor loses.
      {"With Fernwave I prefer the Hub over Play", "Hub+ Play-"},
      {"Went from the Fernwave Hub to Fernwave Play", "Hub- Play+"},
      {"I switched from the Hub to Play at Fernwave", "Hub- Play+"},
      {"Fernwave Play is so much better than the Hub", "Hub- Play+"},
      {"Fernwave Play is worse than the Hub", "Hub+ Play-"},
      {"Moved to Fernwave Play from the Hub", "Hub- Play+"},
      {"Ditched the Fernwave Hub for Play", "Hub- Play+"},
      {"Fernwave Play beats the Hub", "Hub- Play+"},
  }));
  INFO(c.text);
  const auto got = with_products(std::string(c.text));
  REQUIRE(got.substr(10) == c.expected);
  REQUIRE(got.substr(0, 9) == "Fernwave0");
}

TEST_CASE("a product that beats another brand wins for its own", "[analysis][products]") {
  CHECK(with_products("Left Globex for the Fernwave Hub") == "Fernwave+ Hub+; Globex-");
  CHECK(with_products("The Globex Box is better than the Fernwave Hub") == "Fernwave- Hub-; Globex+ Box+");
}

TEST_CASE("a product that is moved or gone to is not left or chosen", "[analysis][products]") {
  CHECK(with_products("Moved the Fernwave Hub to the kitchen").substr(10) == "Hub0");
  CHECK(with_products("I left the Fernwave Hub at home").substr(10) == "Hub0");
  CHECK(with_products("I went to MyFernwave on Tuesday") == "Fernwave0 MyFernwave0");
}

TEST_CASE("a product's own name is never scored, and its evidence says what named it",
          "[analysis][products]") {
  const Brand brand{.id = BrandId{1}, .name = "Acme", .products = {"Acme Terrible Joy"}};
  const auto matcher = *BrandMatcher::create(std::span(&brand, 1));
  const Mention mention{.text = "the Terrible Joy opens at nine, says Acme", .lang = "en"};
  Scratch scratch;
  const auto verdict =
      shared_analyser().analyse(mention, matcher->match(mention), WithEvidence::yes, scratch)[0].verdict;
  REQUIRE(verdict.products.size() == 1);
  const auto& evidence = verdict.products[0].evidence;
  REQUIRE(evidence.front() ==
          Evidence{.span = {4, 16}, .term = "Terrible Joy", .rule = "product", .weight = 1});
  for (const auto* list : {&evidence, &verdict.evidence})
    for (const auto& reason : *list)
      REQUIRE((reason.rule == "product" || reason.span.end <= 4 || reason.span.begin >= 16));
}

TEST_CASE("in a language without a lexicon products are named and not scored", "[analysis][products]") {
  CHECK(with_products("de Fernwave Hub werkt niet meer", "nl") == "Fernwave? Hub?");
}
