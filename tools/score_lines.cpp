// Developers' tool: {"id","text"[,"lang"]} per line on stdin, one verdict per line on stdout, as `earshot
// score` does.
//   score_lines [--explain] [--languages en,de] [--overlay FILE] | --features   (the model's inputs, for
//   tools/train_lexicon.py)
#include <simdjson.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "analysis/text/score_json.hpp"
#include "core/base/text.hpp"

using namespace earshot;

int main(int argc, char** argv) {
  analysis::AnalyserOptions options;
  auto evidence = analysis::WithEvidence::no;
  bool features = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    if (arg == "--explain")
      evidence = analysis::WithEvidence::yes;
    else if (arg == "--features")
      features = true;
    else if (arg == "--languages" && i + 1 < argc) {
      for (const auto tag : split(argv[++i], ',')) options.languages.emplace_back(tag);
    } else if (arg == "--overlay" && i + 1 < argc) {
      std::ifstream file(argv[++i], std::ios::binary);
      options.overlay.assign(std::istreambuf_iterator<char>(file), {});
    } else {
      std::cerr << "score_lines: unknown argument " << arg << '\n';
      return 2;
    }
  }
  auto analyser = analysis::Analyser::create(options);
  if (!analyser) {
    std::cerr << "score_lines: " << analyser.error().message << '\n';
    return 1;
  }
  std::ios::sync_with_stdio(false);
  std::string line, id;
  simdjson::ondemand::parser parser;
  analysis::Scratch scratch;
  JsonWriter out;
  bool bad = false;
  for (std::size_t number = 1; std::getline(std::cin, line); ++number) {
    if (trim(line).empty()) continue;
    line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
    auto document = parser.iterate(line.data(), line.size(), line.capacity());
    std::string_view text, lang, id_view;
    const bool ok = document["id"].get_string().get(id_view) == simdjson::SUCCESS && (id = id_view, true) &&
                    document["text"].get_string().get(text) == simdjson::SUCCESS;
    if (!ok) {
      std::cerr << "score_lines: line " << number << " is not an object with id and text\n";
      bad = true;
      continue;
    }
    // Another field's string may take the parser's buffer, so the text is read last unless there is a "lang".
    const std::string kept(text);
    if (document["lang"].get_string().get(lang) != simdjson::SUCCESS) lang = {};
    if (features) {
      out.begin_object().field("id", id).key("f").begin_object();
      for (const auto& [name, value] : (*analyser)->features(kept, lang.empty() ? "en" : lang, scratch))
        out.key(name).rounded(value, 4);
      out.end_object().end_object();
    } else {
      analysis::write_score(out, id, (*analyser)->analyse(kept, lang, evidence, scratch), evidence);
    }
    const auto text_out = out.str();
    std::fwrite(text_out.data(), 1, text_out.size(), stdout);
    std::fputc('\n', stdout);
  }
  return bad ? 1 : 0;
}
