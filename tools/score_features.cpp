// Developers' tool: {"id","text"[,"lang"]} per line on stdin, the sentiment model's inputs by name per line
// on stdout, for tools/train_lexicon.py. Verdicts come from `earshot score`.
#include <simdjson.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "analysis/text/analyser.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"

using namespace earshot;

int main() {
  auto analyser = analysis::Analyser::create({});
  if (!analyser) {
    std::cerr << "score_features: " << analyser.error().message << '\n';
    return 1;
  }
  std::ios::sync_with_stdio(false);
  simdjson::dom::parser parser;
  analysis::Scratch scratch;
  JsonWriter out;
  std::string line;
  for (std::size_t number = 1; std::getline(std::cin, line); ++number) {
    if (trim(line).empty()) continue;
    simdjson::dom::object object;
    std::string_view id, text, lang;
    if (parser.parse(line).get(object) != simdjson::SUCCESS || object["id"].get(id) != simdjson::SUCCESS ||
        object["text"].get(text) != simdjson::SUCCESS) {
      std::cerr << "score_features: line " << number << " is not an object with id and text\n";
      return 1;
    }
    if (object["lang"].get(lang) != simdjson::SUCCESS) lang = "en";
    out.begin_object().field("id", id).key("f").begin_object();
    for (const auto& [name, value] : (*analyser)->features(text, lang, scratch))
      out.key(name).rounded(static_cast<double>(value), 4);
    out.end_object().end_object();
    const auto answer = out.str();
    std::fwrite(answer.data(), 1, answer.size(), stdout);
    std::fputc('\n', stdout);
  }
  return 0;
}
