// score: labels lines from standard input, in order; the tool that evaluations drive.
#include <simdjson.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "analysis/text/score_json.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/config.hpp"
#include "daemon/score_text.hpp"

namespace earshot::cli {
namespace {

/// Optional keys may be missing or null; a key of the wrong type is a mistake.
bool read_text(simdjson::dom::object object, std::string_view key, std::string& out, bool required) {
  simdjson::dom::element value;
  if (object[key].get(value) != simdjson::SUCCESS || value.is_null()) return !required;
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) {
    out = text;
    return true;
  }
  std::int64_t number = 0;
  if (key != "id" || value.get(number) != simdjson::SUCCESS) return false;
  out = std::to_string(number);
  return true;
}

Result<daemon::TextToScore> parse_line(simdjson::dom::parser& parser, const std::string& line) {
  simdjson::dom::object object;
  auto code = parser.parse(line).get(object);
  std::string repaired;
  if (code == simdjson::UTF8_ERROR) {
    repaired = utf8::sanitise(line);
    code = parser.parse(repaired).get(object);
  }
  if (code != simdjson::SUCCESS) return unexpected(ErrorKind::malformed, "is no JSON object");
  daemon::TextToScore out;
  if (!read_text(object, "id", out.id, true)) return unexpected(ErrorKind::malformed, "has no \"id\"");
  if (!read_text(object, "text", out.text, true)) return unexpected(ErrorKind::malformed, "has no \"text\"");
  if (!read_text(object, "brand", out.brand, false))
    return unexpected(ErrorKind::malformed, "\"brand\" is no text");
  if (!read_text(object, "lang", out.lang, false))
    return unexpected(ErrorKind::malformed, "\"lang\" is no text");
  return out;
}

}  // namespace

int score(const Options& options) {
  analysis::AnalyserOptions analyser_options;
  if (options.config_given) {
    auto config = daemon::load_config(options.config_path);
    if (!config) return fail(config.error().message, 2);
    analyser_options = config->analysis;
  }
  if (!options.rules_off.empty()) {
    const auto rules = analysis::rules_without(options.rules_off);
    if (!rules) return fail("--rules-off: " + rules.error().message, 2);
    analyser_options.rules = *rules;
  }
  auto analyser = analysis::Analyser::create(analyser_options);
  if (!analyser) return fail(analyser.error().message, 2);
  std::vector<std::string> own_names;
  for (const auto& type : analyser_options.own_issues) own_names.push_back(type.name);
  const auto evidence = options.explain ? analysis::WithEvidence::yes : analysis::WithEvidence::no;
  std::ios::sync_with_stdio(false);
  simdjson::dom::parser parser;
  analysis::Scratch scratch;
  JsonWriter out;
  std::string line;
  bool bad = false;
  for (std::size_t number = 1; std::getline(std::cin, line); ++number) {
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (trim(line).empty()) continue;
    auto parsed = parse_line(parser, line);
    if (!parsed) {
      std::fprintf(stderr, "earshot: line %zu %s\n", number, parsed.error().message.c_str());
      bad = true;
      continue;
    }
    analysis::write_score(out, parsed->id, parsed->text,
                          daemon::score_text(**analyser, *parsed, evidence, scratch), evidence, own_names);
    auto text = out.str();
    text.push_back('\n');
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  if (std::fflush(stdout) != 0) return fail("the answers could not be written");
  return bad ? 1 : 0;
}

CommandSpec score_command() {
  return {
      .name = "score",
      .group = CommandGroup::keep,
      .purpose = "Label lines {\"id\",\"text\"[,\"brand\"][,\"lang\"]} from standard input",
      .examples =
          "  echo '{\"id\":\"1\",\"text\":\"still waiting for my refund\"}' | earshot score --explain",
      .run = score,
      .options = OptionList{{.names = "--explain", .target = &Options::explain, .help = "Add the evidence"},
                            {.names = "--rules-off",
                             .target = &Options::rules_off,
                             .help = "Rules of sentiment to do without",
                             .comma_separated = true}},
      .fails = "Lines were bad; the others were labelled."};
}

}  // namespace earshot::cli
