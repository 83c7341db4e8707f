#include "analysis/content/expectation.hpp"

#include <catch2/catch.hpp>

using namespace earshot::analysis;

namespace {

constexpr std::int64_t day = 24LL * 3'600'000;

std::vector<Term> terms(const char* text) {
  static TermReader reader({"Acme"});  // its tables take longer to make than all tests to run
  return reader.terms(text);
}

std::vector<std::string> keys(const char* text) {
  std::vector<std::string> out;
  for (const auto& term : terms(text)) out.push_back(term.key);
  return out;
}

Claim claim(const char* text, std::int64_t from_day, std::int64_t to_day, std::string product = {}) {
  return {
      .terms = keys(text), .product = std::move(product), .from_ms = from_day * day, .to_ms = to_day * day};
}

}  // namespace

TEST_CASE("people say in many ways that they were misled, and in some that they were not",
          "[analysis][content][misled]") {
  MisledPhrases phrases;
  for (const char* text :
       {"Not as advertised. At all.", "we thought roaming was included", "Thought it was INCLUDED??",
        "there is a hidden fee in it", "total bait and switch", "would not have booked it",
        "not what the big advert promised", "\"everywhere\" should mean everywhere"})
    CHECK_FALSE(phrases.find(text).empty());
  for (const char* text : {"exactly as advertised", "no hidden fees, I like it",
                           "thought I would ask: where is the manual included "
                           "with the box that I bought in spring",
                           "a deal without hidden costs", "", "* * *"})
    CHECK(phrases.find(text).empty());
  CHECK(phrases.find("I thought delivery was included") == "thought * included");
}

TEST_CASE("what everybody writes ties nobody to a claim", "[analysis][content][misled]") {
  TermRarity rarity;
  for (int i = 0; i < 1000; ++i) rarity.add(terms(i % 5 == 0 ? "the call dropped again" : "slow router"));
  CHECK_FALSE(rarity.is_rare("call"));
  CHECK(rarity.is_rare("overnight"));
  CHECK(rarity.weight("overnight") > rarity.weight("call"));
  const std::vector<Claim> claims = {claim("unlimited calls overnight", 0, 10)};
  CHECK_FALSE(tie(terms("your call dropped"), {}, day, claims, rarity));
  const auto tied = tie(terms("overnight calls are not free at all"), {}, day, claims, rarity);
  REQUIRE(tied);
  CHECK(tied->terms == 1);
}

TEST_CASE("a claim is tied to from its first moment on, and fades after its end",
          "[analysis][content][misled]") {
  TermRarity rarity;
  for (int i = 0; i < 1000; ++i) rarity.add(terms("slow router"));
  const std::vector<Claim> claims = {claim("free delivery always", 10, 20)};
  const auto said = terms("free delivery they said");
  CHECK_FALSE(tie(said, {}, 10 * day - 1, claims, rarity));
  const auto during = tie(said, {}, 10 * day, claims, rarity);
  const auto later = tie(said, {}, 30 * day, claims, rarity);
  REQUIRE((during && later));
  CHECK(later->score < during->score);
  CHECK_FALSE(tie(said, {}, 20 * day + 3 * fade_ms + 1, claims, rarity));
}

TEST_CASE("of several claims the one that shares most is meant, its product counts, and of equals the later",
          "[analysis][content][misled]") {
  TermRarity rarity;
  for (int i = 0; i < 1000; ++i) rarity.add(terms("slow router"));
  const std::vector<Claim> claims = {claim("unlimited data", 0, 50),
                                     claim("unlimited calls everywhere", 0, 50),
                                     claim("unlimited data", 5, 50), claim("unlimited data", 1, 50, "Tab")};
  CHECK(tie(terms("unlimited calls, they said"), {}, 9 * day, claims, rarity)->claim == 1);
  CHECK(tie(terms("unlimited data, they said"), {}, 9 * day, claims, rarity)->claim == 2);
  CHECK(tie(terms("unlimited data, they said"), {"tab"}, 9 * day, claims, rarity)->claim == 3);
  CHECK_FALSE(tie({}, {}, 9 * day, claims, rarity));
}
