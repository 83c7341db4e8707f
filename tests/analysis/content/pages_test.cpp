#include "analysis/content/pages.hpp"

#include <catch2/catch.hpp>

using namespace earshot::analysis;

namespace {

std::vector<Term> terms_of(const std::vector<std::string>& keys) {
  std::vector<Term> out;
  for (const auto& key : keys) out.push_back({.key = key});
  return out;
}

/// 400 questions: every one has "help", every tenth "router", every fortieth "reset".
TermRarity usual() {
  TermRarity out;
  for (int i = 0; i < 400; ++i) {
    std::vector<std::string> keys{"help"};
    if (i % 10 == 0) keys.emplace_back("router");
    if (i % 40 == 0) keys.emplace_back("reset");
    out.add(terms_of(keys));
  }
  return out;
}

}  // namespace

TEST_CASE("the page with most of a question's weight answers it", "[analysis][content][pages]") {
  const auto rarity = usual();
  const std::vector<std::vector<std::string>> pages{{"help", "bill"}, {"router", "reset"}, {"router", "buy"}};
  const auto fit = best_page({"help", "reset", "router"}, pages, rarity);
  REQUIRE(fit);
  CHECK(fit->page == 1);
  CHECK(fit->terms == std::vector<std::string>{"reset", "router"});
  CHECK(fit->score > 0.8);
  CHECK(fit->score < 1);
  CHECK(best_page({"router", "reset"}, pages, rarity)->score == Approx(1));
}

TEST_CASE("what everybody writes ties no question to a page", "[analysis][content][pages]") {
  const auto rarity = usual();
  const std::vector<std::vector<std::string>> pages{{"help"}};
  CHECK_FALSE(best_page({"help"}, pages, rarity));
  CHECK_FALSE(best_page({"help", "reset"}, pages, rarity));
  CHECK_FALSE(best_page({}, pages, rarity));
  CHECK_FALSE(best_page({"help"}, {}, rarity));
}

TEST_CASE("a page that has a third of the weight or less answers nothing", "[analysis][content][pages]") {
  const TermRarity rarity;  // without history all terms weigh the same
  const std::vector<std::vector<std::string>> pages{{"reset"}};
  CHECK(best_page({"reset", "router"}, pages, rarity));
  CHECK_FALSE(best_page({"reset", "router", "light"}, pages, rarity));
}

TEST_CASE("of pages that fit alike the one that says less beside it comes first",
          "[analysis][content][pages]") {
  const TermRarity rarity;
  const std::vector<std::vector<std::string>> pages{{"reset", "bill", "light"}, {"reset"}, {"reset"}};
  CHECK(best_page({"reset"}, pages, rarity)->page == 1);
}

TEST_CASE("an address is read as words", "[analysis][content][pages]") {
  CHECK(address_words("/help/reset-your_router.html") == "help reset your router");
  CHECK(address_words("/").empty());
  CHECK(address_words("//a--b//") == "a b");
}
