#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "analysis/text/score_json.hpp"
#include "core/model/names.hpp"
#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

bool has(const Verdict& verdict, IssueType type) {
  return std::ranges::find(verdict.issues, type, &ScoredIssue::type) != verdict.issues.end();
}
bool has(const Verdict& verdict, Intent intent) {
  return std::ranges::find(verdict.intents, intent, &ScoredIntent::intent) != verdict.intents.end();
}

}  // namespace

TEST_CASE("every issue type is found by what people write", "[analysis][issues]") {
  struct Case {
    std::string_view text;
    IssueType type;
  };
  const auto c = GENERATE(values<Case>({
      {"Your site is down again", IssueType::outage},
      {"The app keeps crashing with an error message", IssueType::bug},
      {"The app is so slow and laggy", IssueType::performance},
      {"The new design is confusing and hard to use", IssueType::usability},
      {"Please add dark mode, it would be nice", IssueType::feature_request},
      {"Poor quality, it fell apart", IssueType::product_quality},
      {"My parcel arrived damaged", IssueType::damaged_item},
      {"You lost my luggage", IssueType::lost_item},
      {"My package was never delivered, tracking shows nothing", IssueType::delivery},
      {"Flight delayed for 3 hours, still waiting", IssueType::delay},
      {"They cancelled my flight", IssueType::cancellation},
      {"I can't change my reservation or rebook", IssueType::booking_order},
      {"I was charged twice on my credit card", IssueType::billing},
      {"I want a refund, give me my money back", IssueType::refund},
      {"Way overpriced after the price increase", IssueType::price},
      {"I can't log in, forgot my password", IssueType::account},
      {"My account was hacked, this is fraud", IssueType::security},
      {"You are selling my data without my consent", IssueType::privacy},
      {"On hold for 2 hours and then they hung up", IssueType::customer_service},
      {"The flight attendant was rude and yelled at me", IssueType::staff_behaviour},
      {"It is always out of stock, sold out", IssueType::availability},
      {"False advertising, not as described", IssueType::expectation_gap},
      {"The charger caught fire, this is dangerous", IssueType::safety},
      {"How do I reset it? What is the process?", IssueType::how_to},
      {"Great customer service, kudos to your team!", IssueType::praise},
      {"I am so unhappy about all of that", IssueType::other},
  }));
  INFO(c.text);
  const auto verdict = judge(c.text);
  std::string got;
  for (const auto& issue : verdict.issues) got += std::string(to_string(issue.type)) + ' ';
  INFO(got);
  REQUIRE(has(verdict, c.type));
  REQUIRE(std::ranges::is_sorted(verdict.issues, std::ranges::greater{}, &ScoredIssue::score));
}

TEST_CASE("everyday service posts name their trouble", "[analysis][issues]") {
  struct Case {
    std::string_view text;
    IssueType type;
  };
  const auto c = GENERATE(values<Case>({
      {"No internet in the whole building since lunch", IssueType::outage},
      {"my phone line has been dead for two days", IssueType::outage},
      {"the router keeps dropping every evening", IssueType::outage},
      {"The wifi in our office has become terribly laggy", IssueType::performance},
      {"Videos are buffering all the time on this network", IssueType::performance},
      {"The banking app crashes as soon as I scan a cheque", IssueType::bug},
      {"Their export setting is buried three menus deep, so confusing", IssueType::usability},
      {"somebody logged into my wallet from another country", IssueType::security},
      {"Got a phishing text pretending to be my bank", IssueType::security},
      {"There is a burning smell from the heater", IssueType::safety},
      {"The kettle started smoking on the second day", IssueType::safety},
      {"When will fibre be available in our valley", IssueType::availability},
      {"The fitter never showed up, appointment postponed again", IssueType::delay},
      {"The waiter was so patient and kind to my dad", IssueType::staff_behaviour},
      {"They promised a free upgrade but it turns out that was not true", IssueType::expectation_gap},
      {"another price hike, the gym next door is cheaper", IssueType::price},
      {"I want to get out of my contract", IssueType::cancellation},
      {"locked out of my account and the reset mail never arrives", IssueType::account},
      {"They sold my phone number to advertisers without asking", IssueType::privacy},
      {"The chatbot loops and nobody replies to my emails", IssueType::customer_service},
      {"The suitcase handle is flimsy and fell apart", IssueType::product_quality},
      {"which setting turns the backlight off", IssueType::how_to},
      {"Brilliant, works like a charm, no complaints", IssueType::praise},
      {"Walked past their new office on the way home", IssueType::other},
  }));
  INFO(c.text);
  std::string got;
  const auto verdict = judge(c.text);
  for (const auto& issue : verdict.issues) got += std::string(to_string(issue.type)) + ' ';
  INFO(got);
  REQUIRE(has(verdict, c.type));
}

TEST_CASE("a general word alone is no trouble of a type, nor is a denied one", "[analysis][issues]") {
  REQUIRE(!has(judge("My sister has a new phone and a new case"), IssueType::customer_service));
  REQUIRE(!has(judge("The service runs on the same network as before"), IssueType::customer_service));
  REQUIRE(!has(judge("My internet is not slow at all"), IssueType::performance));
  REQUIRE(!has(judge("The app is fine. The kettle is slow"), IssueType::usability));
}

TEST_CASE("two groups speak only within one sentence and within reach", "[analysis][issues]") {
  REQUIRE(has(judge("the broadband here is dead"), IssueType::outage));
  REQUIRE(!has(judge("We have broadband. The plants are dead."), IssueType::outage));
  REQUIRE(!has(judge("We chose this broadband because my uncle told us that his old dog is dead"),
               IssueType::outage));
}

TEST_CASE("every intent is found by what people write", "[analysis][intents]") {
  struct Case {
    std::string_view text;
    Intent intent;
  };
  const auto c = GENERATE(values<Case>({
      {"where is my order", Intent::question},
      {"This is unacceptable, I am still waiting for my refund", Intent::complaint},
      {"You guys are amazing, great job", Intent::praise},
      {"Could you please send me the invoice", Intent::request},
      {"You should add a search box, please consider it", Intent::suggestion},
      {"Where can I buy one? I want to buy two", Intent::purchase_intent},
      {"I'm done with you, switching to Globex", Intent::churn_threat},
      {"I would highly recommend this to anyone", Intent::recommendation},
      {"Thank you so much for your help", Intent::thanks},
      {"Last chance, otherwise we will switch provider", Intent::churn_threat},
      {"about to sign up, anything to know before I order", Intent::purchase_intent},
      {"would be handy if it could read PDF files", Intent::suggestion},
      {"do yourself a favour and look elsewhere", Intent::recommendation},
      {"You have been selected, claim your reward on telegram", Intent::spam},
      {"Click here to get free followers, use my code", Intent::spam},
  }));
  INFO(c.text);
  REQUIRE(has(judge(c.text), c.intent));
}

TEST_CASE("questions are heard without their mark", "[analysis][question]") {
  struct Case {
    std::string_view text;
    bool asks;
  };
  const auto c = GENERATE(values<Case>({
      {"where are you from", true},
      {"anyone know when it opens", true},
      {"do you deliver on sundays", true},
      {"so how does this work", true},
      {"@acme can i change my seat", true},
      {"ready?", true},
      {"what a day", false},
      {"when i arrived it was closed", false},
      {"I know how it works", false},
      {"thank you", false},
      {"great!", false},
  }));
  INFO(c.text);
  REQUIRE(judge(c.text).question == c.asks);
}

TEST_CASE("a bug report is a bug, not hostility, and praise is no complaint", "[analysis][issues]") {
  const auto report =
      judge("Hi, thanks for the nice app! After the update I get an error message when I export.");
  REQUIRE(has(report, IssueType::bug));
  REQUIRE(report.sentiment.polarity != Polarity::negative);
  REQUIRE(!judge("Love the quick delivery, thank you!").complaint);
  REQUIRE(judge("My order never arrived and nobody answers, terrible service").complaint);
}

TEST_CASE("emotions have names", "[analysis][emotion]") {
  REQUIRE(judge("I am so angry, this is outrageous 😡").emotion == Emotion::anger);
  REQUIRE(judge("Thank you so much, I really appreciate it 🙏").emotion == Emotion::gratitude);
  REQUIRE(judge("I love it, so happy 😍").emotion == Emotion::joy);
  REQUIRE(judge("The door is open").emotion == Emotion::none);
}

TEST_CASE("a company's own issue types come from example sentences", "[analysis][issues]") {
  auto analyser = Analyser::create(
      {.languages = {},
       .own_issues = {{"espresso_leak",
                       {"the espresso machine drips on the counter", "espresso drips everywhere"}},
                      {"loyalty_stamp", {"my loyalty stamp is missing", "they forgot the stamp on my card"}}},
       .overlay = ""});
  REQUIRE(analyser);
  Scratch scratch;
  const auto verdict = (*analyser)->analyse("my espresso drips again", "en", WithEvidence::no, scratch);
  REQUIRE(!verdict.issues.empty());
  REQUIRE(static_cast<int>(verdict.issues.front().type) == own_issue_first);
  JsonWriter out;
  const std::vector<std::string> names{"espresso_leak", "loyalty_stamp"};
  write_score(out, "1", "my espresso drips again", verdict, WithEvidence::no, names);
  REQUIRE(out.view().find("\"type\":\"espresso_leak\"") != std::string::npos);
}

TEST_CASE("a score line has the fixed keys in the fixed order", "[analysis][score]") {
  JsonWriter out;
  Verdict verdict{.sentiment = {.polarity = Polarity::negative,
                                .score = -0.5f,
                                .negative = 0.7f,
                                .neutral = 0.1f,
                                .positive = 0.2f},
                  .issues = {{IssueType::delay, 0.75f}},
                  .intents = {{Intent::complaint, 0.8f}},
                  .emotion = Emotion::anger,
                  .lang = "en",
                  .question = false,
                  .complaint = true,
                  .urgency = 0.25f,
                  .severity = 0.5f,
                  .reasons = {{5, 15}},
                  .lexicon_version = 1,
                  .evidence = {{{0, 4}, "late", "sentiment", -1.5}}};
  write_score(out, "a\"b", "late since noon", verdict, WithEvidence::yes);
  REQUIRE(
      out.str() ==
      R"({"id":"a\"b","label":"negative","score":-0.5,"probabilities":{"negative":0.7,"neutral":0.1,"positive":0.2},)"
      R"("issues":[{"type":"delay","score":0.75}],"intents":["complaint"],"emotion":"anger","lang":"en","question":false,"complaint":true,)"
      R"("urgency":0.25,"severity":0.5,"reasons":["since noon"],)"
      R"("evidence":[{"span":[0,4],"term":"late","rule":"sentiment","weight":-1.5}]})");
}
