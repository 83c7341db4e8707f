#include "analysis/people/signs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace earshot;
using namespace earshot::analysis;

namespace {

std::vector<SignHit> read(std::string_view text) {
  static SignReader reader({"Fernwave", "Fernwave Hub"}, {"Quillnet"});
  return reader.read(text);
}

bool has(std::string_view text, Sign sign) {
  return std::ranges::any_of(read(text), [&](const SignHit& hit) { return hit.sign == sign; });
}

}  // namespace

TEST_CASE("set phrases give away who writes and what happened", "[analysis][people][signs]") {
  const std::pair<Sign, std::vector<const char*>> cases[] = {
      {Sign::customer,
       {"my bill from Fernwave is wrong", "since I switched to you nothing works",
        "customer for 8 years, by the way", "My Fernwave router is red", "I've been with #Fernwave for ages",
        "meine Rechnung ist falsch", "soy cliente desde 2019", "mon abonnement est cher", "la mia bolletta",
        "minha fatura"}},
      {Sign::staff, {"I work for Fernwave and love it", "ich arbeite bei Fernwave"}},
      {Sign::affiliate, {"use my code FERN10 at checkout", "here is my referral link"}},
      {Sign::referral,
       {"you should try @fernwave", "if you're fed up, switch to Fernwave", "go with Fernwave"}},
      {Sign::switched_from, {"Switched from Quillnet to Fernwave in spring", "bye Quillnet, hello Fernwave"}},
      {Sign::switched_to, {"left Fernwave for Quillnet, so much better", "I signed up with Quillnet today"}},
      {Sign::correction,
       {"that's not true, they answered me", "can't confirm, works for me", "mine is fine here"}},
      {Sign::settled, {"sorted, thanks", "works again!", "refund arrived!!"}},
      {Sign::refers_back, {"update on my rant: fixed", "I take back every word"}},
  };
  for (const auto& [sign, texts] : cases)
    for (const auto* text : texts) {
      INFO(to_string(sign) << ": " << text);
      CHECK(has(text, sign));
    }
}

TEST_CASE("what only sounds like it is no sign", "[analysis][people][signs]") {
  CHECK_FALSE(has("the bill was passed in parliament", Sign::customer));
  CHECK_FALSE(has("my sister works at Fernwave", Sign::staff));
  CHECK_FALSE(has("Quillnet is down again", Sign::switched_from));
  CHECK_FALSE(has("thinking of Quillnet", Sign::switched_to));
  CHECK_FALSE(has("", Sign::customer));
}

TEST_CASE("spans lie in the text, and a reason ends with its clause", "[analysis][people][signs]") {
  const std::string_view text = "Bye Fernwave, I left because the hotline never answers. Cheers!";
  const auto hits = read(text);
  REQUIRE_FALSE(hits.empty());
  for (const auto& hit : hits) {
    CHECK(hit.span.begin < hit.span.end);
    CHECK(hit.span.end <= text.size());
  }
  const auto reason = reason_of(text, hits);
  REQUIRE(reason);
  CHECK(text.substr(reason->begin, reason->end - reason->begin) == "the hotline never answers");
  CHECK_FALSE(reason_of("Bye Fernwave", read("Bye Fernwave")));
  // A long reason is cut between words and letters.
  const std::string long_text = "because " + std::string(200, 'x') + "ü" + std::string(200, 'y');
  const auto cut = reason_of(long_text, read(long_text));
  REQUIRE(cut);
  CHECK(cut->end - cut->begin <= 160);
}
