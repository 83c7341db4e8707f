#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;

TEST_CASE("languages are told by script, words and statistics", "[analysis][language]") {
  struct Case {
    std::string_view text, lang;
  };
  const auto c = GENERATE(values<Case>({
      {"I have been waiting for my order since Monday", "en"},
      {"Ich warte seit Montag auf mein Paket und niemand antwortet", "de"},
      {"Llevo dos semanas esperando mi pedido y nadie responde", "es"},
      {"Je suis très déçu de votre service client", "fr"},
      {"Sono molto deluso dal vostro servizio clienti", "it"},
      {"Estou muito decepcionado com o atendimento de vocês", "pt"},
      {"Ik wacht al een week op mijn bestelling en niemand reageert", "nl"},
      {"Где моя посылка? Я жду уже неделю", "ru"},
      {"Πού είναι το δέμα μου", "el"},
      {"注文した商品がまだ届きません", "ja"},
      {"我的包裹在哪里", "zh"},
      {"내 소포는 어디에 있나요", "ko"},
      {"พัสดุของฉันอยู่ที่ไหน", "th"},
      {"أين طلبي؟ لم يصل بعد", "ar"},
      {"😀😀 123", "und"},
      {"", "und"},
  }));
  INFO(c.text);
  REQUIRE(judge(c.text, WithEvidence::no, "").lang == c.lang);
}

TEST_CASE("a language without a lexicon is unscored, never neutral", "[analysis][language]") {
  const auto verdict =
      judge("Ik wacht al een week op mijn bestelling en niemand reageert", WithEvidence::no, "");
  REQUIRE(verdict.sentiment.polarity == Polarity::unscored);
  REQUIRE(verdict.sentiment.negative + verdict.sentiment.neutral + verdict.sentiment.positive == 0);
}

TEST_CASE("identification stays within the configured languages", "[analysis][language]") {
  auto analyser = Analyser::create({.languages = {"en", "de"}, .own_issues = {}, .overlay = ""});
  REQUIRE(analyser);
  Scratch scratch;
  for (const std::string_view text :
       {"Llevo dos semanas esperando mi pedido", "the parcel is late", "das Paket ist zu spät"}) {
    const auto lang = (*analyser)->analyse(text, "", WithEvidence::no, scratch).lang;
    INFO(text << " → " << lang);
    REQUIRE((lang == "en" || lang == "de" || lang == "und"));
  }
}

TEST_CASE("small lexicons tell good from bad in their languages", "[analysis][language]") {
  struct Case {
    std::string_view good, bad;
  };
  const auto c = GENERATE(values<Case>({
      {"Super Service, vielen Dank, ich bin sehr zufrieden!",
       "Katastrophe, das Paket ist kaputt und niemand hilft, sehr enttäuscht"},
      {"Excelente servicio, muchas gracias, me encanta", "Pésimo servicio, una vergüenza, estoy muy enojado"},
      {"Service excellent, merci beaucoup, je suis très content",
       "Service nul, une honte, je suis très déçu"},
      {"Ottimo servizio, grazie mille, sono molto felice",
       "Servizio pessimo, una vergogna, sono molto deluso"},
      {"Excelente atendimento, muito obrigado, adorei",
       "Péssimo atendimento, uma vergonha, estou muito decepcionado"},
  }));
  INFO(c.good);
  REQUIRE(judge(c.good, WithEvidence::no, "").sentiment.polarity == Polarity::positive);
  REQUIRE(judge(c.bad, WithEvidence::no, "").sentiment.polarity == Polarity::negative);
}

TEST_CASE("same text, same verdict, whatever came before and on however many threads",
          "[analysis][determinism]") {
  const std::vector<std::string_view> texts{"Still waiting, on hold for 2 hours!!",
                                            "Great job, thanks :)",
                                            "where is my bag",
                                            "",
                                            "Je suis déçu",
                                            "#NotHappy 👎👎",
                                            "Left Acme for Globex, so much better",
                                            "ok"};
  std::vector<Verdict> expected;
  for (const auto text : texts) expected.push_back(judge(text, WithEvidence::yes, ""));
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&, t] {
      Scratch scratch;
      for (std::size_t i = 0; i < 400; ++i) {
        const auto k = (i * 7 + t * 3) % texts.size();
        wrong[t] += shared_analyser().analyse(texts[k], "", WithEvidence::yes, scratch) != expected[k];
      }
    });
  for (auto& thread : threads) thread.join();
  REQUIRE(wrong == std::vector<int>(4, 0));
}
