#include "analysis/content/terms.hpp"

#include <catch2/catch.hpp>

using namespace earshot::analysis;

namespace {

std::string keys(TermReader& reader, std::string_view text) {
  std::string out;
  for (const auto& term : reader.terms(text)) out += (out.empty() ? "" : " ") + term.key;
  return out;
}

}  // namespace

TEST_CASE("light stems meet across plural and participle", "[analysis][content]") {
  struct Row {
    const char *word, *stem;
  };
  for (const auto& row : {Row{"invoices", "invoic"},
                          {"invoice", "invoic"},
                          {"moving", "mov"},
                          {"move", "mov"},
                          {"bodies", "body"},
                          {"dropped", "drop"},
                          {"boxes", "box"},
                          {"bus", "bus"},
                          {"press", "press"},
                          {"thing", "thing"},
                          {"string", "string"},
                          {"need", "need"},
                          {"tv", "tv"},
                          {"installing", "install"}})
    CHECK(light_stem(row.word) == row.stem);
}

TEST_CASE("terms are what a text is about", "[analysis][content]") {
  TermReader reader({"Fernwave", "Fernwave Hub"});
  CHECK(keys(reader, "How do I export my Fernwave invoices as CSV, please?") ==
        "=table_file =invoice =table_file");
  CHECK(keys(reader, "@fernwavehelp can the bills be had in Excel https://x.example/1") ==
        "=invoice =table_file");
  CHECK(keys(reader, "e-SIM on the hub's WLAN") == "=esim =wifi");
  CHECK(keys(reader, "Wie kann man bitte das?") == "");
  CHECK(keys(reader, "") == "");
  CHECK(reader.terms("the Invoices")[0].word == "invoices");
}
