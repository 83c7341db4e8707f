#include "delivery/faq.hpp"

#include <simdjson.h>

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::delivery;

namespace {

const Timestamp now = from_ms(1'772'409'600'000);
using std::chrono::hours;

std::vector<FaqEntry> entries() {
  return {
      {.question = "How do I reset </script><script>alert(1)</script>?",
       .askers = 7,
       .page = "https://acme.example/reset",
       .answer = FaqAnswer{.text = "Hold **reset** & wait <10 s>\xE2\x80\xA8 @you",
                           .url = "https://social.example/1",
                           .own = true,
                           .at = now - hours(24 * 100)}},
      {.question = "Is there a peer answer?",
       .askers = 3,
       .page = "javascript:alert(1)",
       .answer = FaqAnswer{.text = "Yes", .url = "javascript:alert(2)", .own = false, .at = now - hours(30)}},
      {.question = "And nobody answered?", .askers = 1, .page = {}, .answer = {}}};
}

}  // namespace

TEST_CASE("an FAQ says how old an answer is, whose it is, and when there is none", "[delivery][faq]") {
  const auto page = faq_markdown("Acme", entries(), now);
  INFO(page);
  CHECK(page.find("stale") != std::string::npos);
  CHECK(page.find("100 days old") != std::string::npos);
  CHECK(page.find("1 day old") != std::string::npos);
  CHECK(page.find("Answered by a peer, with thanks") != std::string::npos);
  CHECK(page.find("No public answer was heard. 1 person asks.") != std::string::npos);
  CHECK(page.find("Our page: <https://acme.example/reset>") != std::string::npos);
  CHECK(page.find("(https://social.example/1)") != std::string::npos);
  // Nothing that people wrote formats or links.
  CHECK(page.find("javascript:") == std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("**reset**") == std::string::npos);
  CHECK(faq_markdown("Acme", {}, now).find("No question") != std::string::npos);
}

TEST_CASE("the FAQ's JSON-LD may stand inside a script element, and reads back whole", "[delivery][faq]") {
  const auto text = faq_json_ld("Acme", entries());
  INFO(text);
  for (const char* bad : {"<", ">", "&", "\xE2\x80\xA8", "javascript:"})
    CHECK(text.find(bad) == std::string::npos);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  REQUIRE(parser.parse(text).get(root) == simdjson::SUCCESS);
  CHECK(std::string_view(root["@context"]) == "https://schema.org");
  CHECK(std::string_view(root["@type"]) == "FAQPage");
  simdjson::dom::array list = root["mainEntity"];
  REQUIRE(list.size() == 3);
  CHECK(std::string_view(list.at(0)["name"]) == entries()[0].question);
  CHECK(std::string_view(list.at(0)["acceptedAnswer"]["text"]) == entries()[0].answer->text);
  CHECK(std::int64_t(list.at(2)["answerCount"]) == 0);
  simdjson::dom::element none;
  CHECK(list.at(2)["acceptedAnswer"].get(none) != simdjson::SUCCESS);
  CHECK(list.at(1)["acceptedAnswer"]["author"].get(none) != simdjson::SUCCESS);
}
