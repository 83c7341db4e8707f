#include "analysis/text/brand_matcher.hpp"

#include <catch2/catch.hpp>
#include <thread>

using namespace earshot;
using namespace earshot::analysis;

namespace {

std::unique_ptr<BrandMatcher> matcher(std::vector<Brand> brands) {
  for (std::size_t i = 0; i < brands.size(); ++i) brands[i].id = BrandId{static_cast<std::int64_t>(i) + 1};
  auto made = BrandMatcher::create(brands);
  if (!made) FAIL(made.error().message);
  return std::move(*made);
}

bool hits(const std::string& query, Mention mention) {
  mention.platform = "mastodon";
  return !matcher({Brand{.name = "B", .query = query}})->match(mention).empty();
}
bool hits(const std::string& query, const std::string& text) { return hits(query, Mention{.text = text}); }

}  // namespace

TEST_CASE("a word is matched as a word, never inside another", "[analysis][brand]") {
  struct Row {
    const char* query;
    const char* text;
    bool hit;
  };
  const Row rows[] = {
      {"UN", "what fun", false},
      {"UN", "the UN said", true},
      {"UN", "UN-led talks", true},
      {"case:UN", "un petit", false},
      {"case:UN", "the UN's plan", true},
      {"fernwave", "Fernwave's router", true},
      {"fernwave", "Fernwave’s router", true},
      {"fernwave", "#Fernwave rocks", true},
      {"fernwave", "thanks @fernwave", true},
      {"fernwave", "a fern waved in the wind", false},
      {"fernwave", "fernwaves of grass", false},
      {"fernwave", "FERNWAVE!!!", true},
      {"fernwave", "(fernwave)", true},
      {"#fernwave", "fernwave", false},
      {"#fernwave", "#FernWave", true},
      {"@fernwave", "hi @fernwave@social.example", true},
      {"@fernwave", "hi @fernwavehelp", false},
      {"fern*", "fernwaves", true},
      {"\"slow wifi\"", "my slow WiFi", true},
      {"\"slow wifi\"", "slow. very bad wifi", false},
      {"slow NEAR/3 router", "the router is very slow", true},
      {"slow NEAR/2 router", "the router is very very slow", false},
      {"slow ONEAR/3 router", "the router is slow", false},
      {"slow ONEAR/3 router", "a slow old router", true},
      {"(slow OR laggy) NEAR/2 (wifi OR router)", "laggy router", true},
      {"fernwave -knitting", "fernwave knitting pattern", false},
      {"exact:\"C++\"", "I like C++.", true},
      {"exact:\"C++\"", "I like c++.", false},
      {"exact:\"C\"", "ABC", false},
      {"exact:\".NET\"", "on .NET core", true},
      {"müller", "MÜLLER ist zu", true},
      {"東京", "今日の東京は", true},
      {"naïve", "naïve", true},
  };
  for (const auto& row : rows) {
    INFO(row.query << " in " << row.text);
    CHECK(hits(row.query, row.text) == row.hit);
  }
}

TEST_CASE("fields ask about the mention, not its words", "[analysis][brand]") {
  Mention mention{.text = "look at this",
                  .url = "https://forum.acme.example/t/1",
                  .lang = "en",
                  .author = Author{.id = "did:plc:1", .handle = "ann@social.example"},
                  .links = {"https://www.acme.example/sale?x=1"}};
  CHECK(hits("author:ann@social.example", mention));
  CHECK(hits("author:did:plc:1", mention));
  CHECK(hits("author:ann@*", mention));
  CHECK(hits("site:acme.example look", mention));
  CHECK_FALSE(hits("site:cme.example look", mention));
  CHECK(hits("link:acme.example", mention));
  CHECK(hits("link:/sale", mention));
  CHECK(hits("look lang:en source:mastodon", mention));
  CHECK_FALSE(hits("look lang:de", mention));
}

TEST_CASE("names, products, handles and own accounts make the default query", "[analysis][brand]") {
  const auto m = matcher({Brand{.name = "Fernwave",
                                .aliases = {"Fern Wave"},
                                .handles = {"@fernwavehelp"},
                                .own_accounts = {"@FernwaveHelp@social.example"},
                                .products = {"Hub \"Max\""}}});
  CHECK(m->match(Mention{.text = "fern wave is ok"}).front().kind == MatchKind::query);
  CHECK(m->match(Mention{.text = "my hub max died"}).size() == 1);
  const auto addressed = m->match(Mention{.text = "hey @fernwavehelp, still waiting"});
  REQUIRE(addressed.size() == 1);
  CHECK(addressed.front().kind == MatchKind::handle);
  CHECK(addressed.front().spans == std::vector<Span>{Span{4, 17}});
  const auto own =
      m->match(Mention{.text = "We are on it", .author = Author{.handle = "fernwavehelp@social.example"}});
  REQUIRE(own.size() == 1);
  CHECK(own.front().kind == MatchKind::own);
  CHECK(m->match(Mention{.text = "hello"}).empty());
}

TEST_CASE("a title counts, but gives no span in the text", "[analysis][brand]") {
  const auto m = matcher({Brand{.name = "Fernwave"}});
  const auto found = m->match(Mention{.text = "down again", .title = "Fernwave outage"});
  REQUIRE(found.size() == 1);
  CHECK(found.front().spans.empty());
}

TEST_CASE("thousands of brands are told apart in one pass, from many threads", "[analysis][brand]") {
  std::vector<Brand> brands;
  for (int i = 0; i < 5'000; ++i) brands.push_back(Brand{.name = "brand" + std::to_string(i) + "x"});
  const auto m = matcher(std::move(brands));
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = t; i < 5'000; i += 4) {
        const auto found = m->match(Mention{.text = "I like brand" + std::to_string(i) + "x more than brand" +
                                                    std::to_string((i + 7) % 5'000) + "x"});
        if (found.size() != 2) ++wrong;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("every mistake of every brand is reported at once", "[analysis][brand]") {
  const Brand brands[] = {{.name = "A", .query = "a1 AND"}, {.name = "B", .query = "the"}, {.name = "Fine"}};
  const auto made = BrandMatcher::create(brands);
  REQUIRE_FALSE(made);
  CHECK(made.error().message ==
        "brand 'A': query column 7: a word is missing at the end\n"
        "brand 'B': query column 1: the query matches (nearly) everything: 'the' is in nearly every text");
}

TEST_CASE("must-match examples are run", "[analysis][brand]") {
  const auto m = matcher({Brand{.name = "Fernwave",
                                .query = "fernwave -knitting",
                                .must_match = {"Fernwave is down", "hub broke"},
                                .must_not_match = {"fernwave knitting", "fernwave again"}}});
  const auto failures = m->run_examples();
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].find("hub broke") != std::string::npos);
  CHECK(failures[1].find("fernwave again") != std::string::npos);
}
