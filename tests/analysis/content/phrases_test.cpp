#include "analysis/content/phrases.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

using namespace earshot::analysis;

namespace {

std::vector<std::string> phrases(const char* text) {
  std::vector<std::string> out;
  for (const auto& phrase : PhraseReader({"Acme"}).phrases(text)) out.push_back(phrase.text);
  return out;
}

bool has(const std::vector<std::string>& all, const char* one) {
  return std::ranges::find(all, one) != all.end();
}

std::vector<PhraseCount> counted(const std::vector<Wording>& texts, std::size_t groups, std::int64_t least) {
  PhraseReader reader;
  return count_phrases(texts, groups, least, reader);
}

}  // namespace

TEST_CASE("phrases are runs of words that begin and end with meaning", "[analysis][content][phrases]") {
  const auto found = phrases("My router keeps dropping the signal. Acme, fix error 500 now! #RedLight 😡");
  for (const char* one :
       {"router", "router keeps dropping", "dropping the signal", "error 500", "#redlight", "😡"})
    CHECK(has(found, one));
  for (const char* none :
       {"acme", "the", "the signal", "signal acme", "signal fix", "my router", "500", "red", "light"})
    CHECK_FALSE(has(found, none));
  CHECK(phrases("").empty());
  CHECK(phrases("router router router") ==
        std::vector<std::string>{"router", "router router", "router router router"});
}

TEST_CASE("people are counted, not posts, group by group", "[analysis][content][phrases]") {
  const auto found = counted({{"slow router", 1, 0},
                              {"slow router", 1, 0},
                              {"slow router", 2, 0},
                              {"slow router", 1, 1},
                              {"slow train", 9, 1}},
                             2, 3);
  const auto at = std::ranges::find(found, "slow router", [](const auto& c) { return c.phrase.text; });
  REQUIRE(at != found.end());
  CHECK(at->authors == std::vector<std::int64_t>{2, 1});
  CHECK(at->texts == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(std::ranges::find(found, "slow train", [](const auto& c) { return c.phrase.text; }) == found.end());
}

TEST_CASE("two passes count what one over everything would", "[analysis][content][phrases][property]") {
  std::mt19937 random(7);
  const std::vector<std::string> words{"router", "signal", "the", "slow", "bill",
                                       "😡",      "#fail",  ".",   "12",   "app"};
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> texts;
    std::vector<Wording> all;
    for (int i = 0; i < 60; ++i) {
      std::string text;
      for (auto n = random() % 12; n > 0; --n) text += words[random() % words.size()] + " ";
      texts.push_back(text);
    }
    for (const auto& text : texts) all.push_back({text, random() % 9, random() % 3});
    std::map<std::string, std::set<std::pair<std::size_t, std::uint64_t>>> plain;
    PhraseReader reader;
    for (const auto& one : all)
      for (const auto& phrase : reader.phrases(one.text)) plain[phrase.text].emplace(one.group, one.author);
    std::erase_if(plain, [](const auto& one) { return one.second.size() < 4; });
    const auto found = count_phrases(all, 3, 4, reader);
    CHECK(found.size() == plain.size());
    for (const auto& count : found) {
      std::int64_t sum = 0;
      for (const auto authors : count.authors) sum += authors;
      CHECK(sum == std::ssize(plain[count.phrase.text]));
    }
  }
}

TEST_CASE("a phrase that is nearly always part of a longer one goes", "[analysis][content][phrases]") {
  const auto count = [](const char* text, std::int64_t authors) {
    return PhraseCount{.phrase = {.text = text}, .authors = {authors}};
  };
  std::vector<PhraseCount> all{count("red", 10), count("red light", 9), count("light", 30),
                               count("red light blinks", 3), count("blinks", 3)};
  drop_contained(all);
  std::vector<std::string> left;
  for (const auto& one : all) left.push_back(one.phrase.text);
  CHECK(left == std::vector<std::string>{"red light", "light", "red light blinks"});
}

TEST_CASE("log-odds tell whose word it is, and how sure that is", "[analysis][content][phrases]") {
  CHECK(log_odds(20, 100, 20, 100) == Approx(0).margin(1e-9));
  CHECK(log_odds(30, 100, 2, 100) > 3);
  CHECK(log_odds(30, 100, 2, 100) == Approx(-log_odds(2, 100, 30, 100)));
  // The same shares of more texts are surer.
  CHECK(log_odds(300, 1000, 20, 1000) > log_odds(30, 100, 2, 100));
  // One that three people use and the brand never is no more than a hint.
  CHECK(log_odds(3, 1000, 0, 100) < 1.96);
  CHECK(log_odds(0, 0, 0, 0) == 0);
  CHECK(std::isfinite(log_odds(5, 5, 0, 0)));
}
