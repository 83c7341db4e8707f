#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "analysis/text/lexicon_format.hpp"
#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

bool has_rule(const Verdict& verdict, std::string_view rule, std::string_view term) {
  return std::ranges::any_of(verdict.evidence, [&](const Evidence& one) {
    return one.rule == rule && one.term == term && one.weight != 0;
  });
}

}  // namespace

TEST_CASE("urgency is how soon somebody must act, as written", "[analysis][urgency]") {
  struct Case {
    std::string_view text;
    float least, most;
  };
  const auto c = GENERATE(values<Case>({
      {"my ferry leaves in 2 hours and the app won't show my ticket", 0.5f, 0.8f},
      {"Please fix this asap, I need to send the invoice today", 0.5f, 0.8f},
      {"Need this sorted before Friday", 0.5f, 0.8f},
      {"This is urgent, my card was blocked and I'm abroad", 0.6f, 0.8f},
      {"still stranded at the airport with no hotel", 0.55f, 0.8f},
      {"No heating for three days with a newborn in the house", 0.6f, 0.8f},
      {"third time I'm calling about the same problem, please help", 0.45f, 0.7f},
      {"I can smell gas near your meter, please send someone right now", 0.65f, 0.85f},
      {"locked out of my account and my rent is due tomorrow", 0.65f, 0.85f},
      {"The charger caught fire in my son's bedroom", 0.5f, 0.8f},
      {"You lost my luggage with my medication in it", 0.35f, 0.6f},
      {"Acme is down again, I can't work", 0.4f, 0.6f},
      {"my mother is alone at home without power", 0.5f, 0.7f},
      {"I'm going to miss my flight because of your queue, please help!", 0.6f, 0.8f},
      {"Luggage still not here after 8 hours, all our medication is inside. Please help", 0.5f, 0.75f},
      {"My salary is not in my account and I can't pay rent", 0.6f, 0.85f},
      {"We are trapped in your lift and nobody answers the alarm", 0.55f, 0.8f},
      {"The price went up again", 0, 0.2f},
      {"The delivery is late again", 0.05f, 0.25f},
      {"The waiter was rude", 0, 0},
      {"The button is a bit hard to find", 0, 0},
      {"Would be nice to have a dark mode", 0, 0},
      {"How do I change my email address?", 0, 0},
      {"what time do you open tomorrow?", 0.1f, 0.4f},
      {"Not urgent, but my invoice has the wrong address", 0, 0},
      {"no rush, but when you get time could you check my order?", 0, 0},
      {"Love the new app, works great today!", 0, 0},
      {"The package arrived today, thanks!", 0, 0},
      {"Thank you so much for the quick help today", 0, 0},
      {"Going to the cinema tonight", 0, 0},
      {"Watching a movie about fire and police tonight", 0, 0},
      {"Flying with Acme tomorrow", 0, 0},
      {"City council to vote on tram extension to hospital tonight", 0, 0},
      {"Fire sale at Acme today only!", 0, 0},
      {"lol the new ad is fire", 0, 0},
      {"Click here to get free followers today, urgent offer, use my code", 0, 0},
  }));
  INFO(c.text);
  const auto verdict = judge(c.text);
  CHECK(verdict.urgency >= c.least);
  CHECK(verdict.urgency <= c.most);
}

TEST_CASE("severity is how bad the matter is for its writer", "[analysis][urgency]") {
  struct Case {
    std::string_view text;
    float least, most;
  };
  const auto c = GENERATE(values<Case>({
      {"The charger caught fire in my son's bedroom", 0.7f, 1},
      {"lost everything after your app deleted all my photos", 0.75f, 1},
      {"someone hacked my account and stole my money", 0.7f, 1},
      {"I feel sick, I got food poisoning from your chicken", 0.65f, 1},
      {"reporting you to trading standards and going to the press", 0.65f, 1},
      {"I will see you in small claims court", 0.55f, 0.9f},
      {"My lawyer will contact you", 0.5f, 0.9f},
      {"You lost my luggage with my medication in it", 0.5f, 0.8f},
      {"I was charged twice for one order", 0.5f, 0.75f},
      {"My laptop won't turn on since the update", 0.5f, 0.75f},
      {"You sold my data without consent", 0.5f, 0.75f},
      {"the update deleted everything, this is a disaster", 0.55f, 0.85f},
      {"As a result of your mistake I missed my flight", 0.45f, 0.75f},
      {"The waiter was rude", 0.3f, 0.6f},
      {"The app keeps crashing since the update", 0.3f, 0.6f},
      {"The delivery is late again", 0.25f, 0.55f},
      {"The button is a bit hard to find", 0.05f, 0.35f},
      {"price went up again", 0.05f, 0.35f},
      {"I'm done, switching to Globex", 0.2f, 0.5f},
      {"How do I change my email address?", 0, 0.2f},
      {"what time do you open tomorrow?", 0, 0.05f},
      {"Nobody was injured but the shelf fell down", 0, 0.2f},
      {"Would be nice to have a dark mode", 0, 0.05f},
      {"Great customer service, kudos to your team!", 0, 0},
      {"Brilliant, works like a charm, no complaints", 0, 0},
      {"Love the new app, works great today!", 0, 0},
      {"The package arrived today, thanks!", 0, 0},
      {"I love this lawyer show", 0, 0},
      {"Going to the cinema tonight", 0, 0},
      {"Watching a movie about fire and police tonight", 0, 0},
      {"lol the new ad is fire", 0, 0},
  }));
  INFO(c.text);
  const auto verdict = judge(c.text);
  CHECK(verdict.severity >= c.least);
  CHECK(verdict.severity <= c.most);
}

TEST_CASE("of two posts the one that cannot wait is more urgent", "[analysis][urgency]") {
  struct Case {
    std::string_view more, less;
  };
  const auto c = GENERATE(values<Case>({
      {"my train leaves in 20 minutes and my ticket won't load", "my ticket won't load"},
      {"No heating with a newborn at home", "The heating is a bit loud"},
      {"Please help, still stranded at the airport", "Stranded at the airport for an hour last week"},
      {"third time asking, please respond", "why does nobody respond"},
      {"This is broken, I need it fixed by tomorrow", "This is broken, fix it at some point"},
      {"URGENT: my account is frozen and rent is due", "my account page is slow"},
      {"There are sparks coming from your socket", "The socket is ugly"},
      {"Locked out of my account, my exam is today", "Locked out of my account"},
      {"Still no power, my insulin is getting warm", "Still no power"},
      {"This is an emergency, there is a gas leak", "The gas bill is too high"},
  }));
  INFO(c.more << " / " << c.less);
  CHECK(judge(c.more).urgency > judge(c.less).urgency);
}

TEST_CASE("of two posts the one with more at stake is more severe", "[analysis][urgency]") {
  struct Case {
    std::string_view more, less;
  };
  const auto c = GENERATE(values<Case>({
      {"The kettle caught fire", "The kettle is slow"},
      {"Your courier lost my passport", "Your courier is late"},
      {"My account was hacked", "I can't log in, forgot my password"},
      {"You charged me twice", "You charge too much"},
      {"The update wiped everything", "The update moved a button"},
      {"Unacceptable, I will take you to court over this refund", "Unacceptable, I want this refund"},
      {"The waiter threatened me", "The waiter was rude"},
      {"I was injured by your broken chair", "Your chair is broken"},
      {"You lost my luggage and I'm switching to Globex", "You lost my luggage"},
      {"The charger is dangerous", "The charger is not dangerous"},
  }));
  INFO(c.more << " / " << c.less);
  CHECK(judge(c.more).severity > judge(c.less).severity);
}

TEST_CASE("other languages know what is urgent and what is grave", "[analysis][urgency]") {
  struct Case {
    std::string_view lang, urgent, calm;
  };
  const auto c = GENERATE(values<Case>({
      {"de", "Dringend! Keine Heizung mit Baby, schon wieder defekt, bitte helfen",
       "Die Heizung ist zu laut"},
      {"fr", "C'est urgent, plus de chauffage avec un bébé, inadmissible", "Le chauffage est trop bruyant"},
      {"es", "Es urgente, sin calefacción y con un bebé, pésimo servicio",
       "La calefacción es ruidosa, pésimo"},
      {"it", "Urgente, senza riscaldamento con un neonato, vergogna", "Il riscaldamento è rumoroso, pessimo"},
      {"pt", "É urgente, sem luz e com um bebê, péssimo serviço", "O serviço é péssimo"},
  }));
  INFO(c.urgent);
  const auto urgent = judge(c.urgent, WithEvidence::no, c.lang);
  const auto calm = judge(c.calm, WithEvidence::no, c.lang);
  CHECK(urgent.urgency > 0.5f);
  CHECK(urgent.urgency > calm.urgency);
  CHECK(urgent.severity > 0);
}

TEST_CASE("urgency and severity say where they come from", "[analysis][urgency]") {
  const auto verdict = judge("My account was hacked and I'm furious, please help asap or my lawyer will call",
                             WithEvidence::yes);
  CHECK(has_rule(verdict, "urgency", "asap"));
  CHECK(has_rule(verdict, "urgency", "please help"));
  CHECK(has_rule(verdict, "severity", "my lawyer"));
  CHECK(has_rule(verdict, "severity", "issue:security"));
  // The lines add up to the numbers.
  double urgency = 0, severity = 0;
  for (const auto& one : verdict.evidence) {
    if (one.rule == "urgency") urgency += one.weight;
    if (one.rule == "severity") severity += one.weight;
  }
  CHECK(static_cast<double>(verdict.urgency) == Approx(urgency / (1 + urgency)).epsilon(1e-3));
  CHECK(static_cast<double>(verdict.severity) == Approx(severity / (1 + severity)).epsilon(1e-3));
  for (const auto& one : judge("Love it, works great today!", WithEvidence::yes).evidence)
    CHECK((one.rule != "urgency" && one.rule != "severity"));
}

TEST_CASE("words of urgency change nothing else", "[analysis][urgency][lexicon]") {
  // Said of a word, of a family's member, of a phrase and of an idiom's part: all verdicts stay as they were.
  const auto with = Analyser::create({.languages = {},
                                      .own_issues = {},
                                      .overlay = "kettle\t-\t-\t-\t-\turgency=3 severity=2\n"
                                                 "disappointments\t-\t-\t-\t-\turgency=2\n"
                                                 "no problem\t-\t-\t-\t-\tseverity=2\n"
                                                 "kettle is\t-\t-\t-\t-\treason\n"
                                                 "love the\t-\t-\t-\t-\turgency=1 reason=-1\n"});
  REQUIRE(with);
  Scratch scratch;
  for (const std::string_view text :
       {"The kettle is bad", "KETTLEEEE broke again", "the kettle's lid fell off", "so many disappointments",
        "no problem at all", "I love the kettle", "not a bad kettle, no disappointments",
        "is the kettle slow?"}) {
    INFO(text);
    CHECK((*with)->features(text, "en", scratch) == shared_analyser().features(text, "en", scratch));
    const auto changed = (*with)->analyse(text, "en", WithEvidence::no, scratch);
    const auto plain = judge(text);
    CHECK(changed.sentiment == plain.sentiment);
    CHECK(changed.issues == plain.issues);
    CHECK(changed.intents == plain.intents);
    CHECK(changed.emotion == plain.emotion);
  }
  CHECK((*with)->analyse("The kettle is bad", "en", WithEvidence::no, scratch).urgency > 0.5f);
}

TEST_CASE("the lists of urgency parse, speak for nothing else and name their licence",
          "[analysis][urgency][lexicon]") {
  for (const std::string lang : {"en", "de", "es", "fr", "it", "pt"}) {
    INFO(lang);
    std::ifstream in(EARSHOT_SOURCE_DIR "/analysis/data/" + lang + "_urgency.tsv", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto file = parse_lexicon(lang, text);
    REQUIRE(file);
    CHECK(file->language == lang);
    CHECK(file->topics_only);
    CHECK(file->lines.size() > 40);
    CHECK(text.find("# licence: CC0-1.0") != std::string::npos);
    for (const auto& line : file->lines)
      for (const auto& setting : line.settings)
        CHECK((setting.facet == Facet::urgency || setting.facet == Facet::severity ||
               setting.facet == Facet::reason));
  }
}

TEST_CASE("no text brings urgency, severity or reasons out of bounds", "[analysis][urgency][reasons]") {
  std::vector<std::string> texts{
      "",
      " ",
      "because",
      "because because because because",
      "since since after the after the due to",
      "!!!???...,,,;;;",
      "urgent\0urgent",
      "because \xFF\xFE of \xC3",
      "€ £5 because £",
      "since\n\nsince\n.\nbecause\r\n?",
  };
  const auto repeated = [](std::string_view part, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += part;
    return out;
  };
  texts.push_back(repeated("urgent fire lawyer because ", 20'000));
  texts.push_back(repeated("it broke because it. ", 70'000));  // more sentences than sixteen bits count
  texts.push_back(repeated("a,because b,", 70'000));
  texts.push_back(repeated("not urgent no rush ", 5'000));
  texts.push_back(repeated("terrible ", 10) + std::string(100'000, 'x'));
  for (const auto& text : texts) {
    INFO(text.substr(0, 60));
    const auto verdict = judge(text, WithEvidence::yes);
    CHECK(verdict.urgency >= 0);
    CHECK(verdict.urgency <= 1);
    CHECK(verdict.severity >= 0);
    CHECK(verdict.severity <= 1);
    for (const auto& reason : verdict.reasons) {
      CHECK(reason.begin < reason.end);
      REQUIRE(reason.end <= text.size());
      CHECK(text.substr(reason.begin, reason.end - reason.begin).find_first_of(".!?\n") == std::string::npos);
    }
  }
}
