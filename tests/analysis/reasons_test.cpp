#include "analysis/text/reasons.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

std::vector<std::string> reasons_of(std::string_view text, std::string_view lang = "en") {
  std::vector<std::string> out;
  for (const auto& span : judge(text, WithEvidence::no, lang).reasons)
    out.emplace_back(text.substr(span.begin, span.end - span.begin));
  return out;
}

}  // namespace

TEST_CASE("what is said to be the reason is found", "[analysis][reasons]") {
  struct Case {
    std::string_view text, reason;
  };
  const auto c = GENERATE(values<Case>({
      {"The app keeps crashing since the update", "since the update"},
      {"I missed the parcel because the driver never rang, and nobody cares",
       "because the driver never rang"},
      {"After you changed the app nothing works", "After you changed the app nothing works"},
      {"I can't log in due to a forgotten password", "due to a forgotten password"},
      {"The battery is terrible ever since v5 came out!", "ever since v5 came out"},
      {"As a result of your mistake I missed my flight", "As a result of your mistake I missed my flight"},
      {"it crashes whenever I open the camera", "whenever I open the camera"},
      {"We have had no internet for the last 3 weeks, please fix", "for the last 3 weeks"},
      {"Been waiting since Monday and nobody answers the phone", "since Monday"},
      {"My router is dead because of your engineer. I want a refund.", "because of your engineer"},
      {"This crap is broken cuz u never test anything 😡😡 @acme https://a.example/b",
       "cuz u never test anything"},
      {"Awful. My card was declined because £40 was missing", "because £40 was missing"},
      {"Is the site down because of the storm?", "because of the storm"},
      {"the app fails every time I scan a ticket #fail #acme", "every time I scan a ticket"},
  }));
  INFO(c.text);
  const auto found = reasons_of(c.text);
  INFO((found.empty() ? std::string("none") : found.front()));
  REQUIRE(std::ranges::find(found, c.reason) != found.end());
}

TEST_CASE("a short clause that names the trouble is a reason", "[analysis][reasons]") {
  struct Case {
    std::string_view text, reason;
  };
  const auto c = GENERATE(values<Case>({
      {"Your driver never rang the bell because he was in a hurry", "Your driver never rang the bell"},
      {"great phone, but the battery died after 2 weeks", "the battery died after 2 weeks"},
      {"So disappointed. I was charged twice for one order. Never again.",
       "I was charged twice for one order"},
      {"@acme the waiter was rude 😡 https://a.example", "the waiter was rude"},
      {"Terrible: £62 a month for this, the price is a joke", "£62 a month for this"},
  }));
  INFO(c.text);
  const auto found = reasons_of(c.text);
  INFO((found.empty() ? std::string("none") : found.back()));
  REQUIRE(std::ranges::find(found, c.reason) != found.end());
}

TEST_CASE("reasons are few, short, apart and inside their sentence", "[analysis][reasons]") {
  const std::string many =
      "Terrible: it broke because of you. It broke since May. It broke due to rain. It broke because of age.";
  REQUIRE(reasons_of(many).size() == reasons_max);
  const std::string_view text =
      "I am angry because one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
  REQUIRE(reasons_of(text).front() == "because one two three four five six seven eight nine ten eleven");
  const auto verdict = judge("The app crashes since the update because of the new login, it crashes again");
  for (std::size_t i = 0; i < verdict.reasons.size(); ++i)
    for (std::size_t k = i + 1; k < verdict.reasons.size(); ++k) {
      const auto &a = verdict.reasons[i], &b = verdict.reasons[k];
      CHECK((a.end <= b.begin || b.end <= a.begin));
    }
  // Nothing follows it.
  for (const auto& reason : reasons_of("It is broken because. Terrible since!")) {
    CHECK(reason != "because");
    CHECK(reason != "since");
  }
}

TEST_CASE("praise and plain talk give no reasons", "[analysis][reasons]") {
  CHECK(reasons_of("I love it because the battery lasts forever").empty());
  CHECK(reasons_of("Happy customer since 2010, thank you!").empty());
  CHECK(reasons_of("How do I change my email address?").empty());
  CHECK(reasons_of("Perché non funziona?", "it").empty());
}

TEST_CASE("other languages have words for why", "[analysis][reasons]") {
  struct Case {
    std::string_view lang, text, reason;
  };
  const auto c = GENERATE(values<Case>({
      {"de", "Nichts geht mehr seit dem letzten Update, furchtbar", "seit dem letzten Update"},
      {"fr", "C'est nul, le colis est perdu à cause du livreur", "à cause du livreur"},
      {"es", "Pésimo servicio, no funciona desde ayer", "desde ayer"},
      {"it", "Pessimo, non funziona a causa di un errore", "a causa di un errore"},
      {"pt", "Péssimo, não funciona por causa da atualização", "por causa da atualização"},
  }));
  INFO(c.text);
  const auto found = reasons_of(c.text, c.lang);
  REQUIRE(std::ranges::find(found, c.reason) != found.end());
}
