#include "analysis/text/lexicon.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "analysis/text/reading.hpp"
#include "analysis/text/rules.hpp"
#include "analysis/text/tokenizer.hpp"
#include "core/base/text.hpp"
#include "embedded/lexicon.hpp"
#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

const Tokenizer& tokenizer() {
  static const Tokenizer shared;
  return shared;
}

Result<Lexicon> build(std::string_view text) {
  auto file = parse_lexicon("test.tsv", text);
  if (!file) return unexpected(file.error());
  const LexiconFile* layers[] = {&*file};
  return Lexicon::build(layers, tokenizer());
}

std::string data_file(std::string_view name) {
  std::ifstream in(std::string(EARSHOT_SOURCE_DIR "/analysis/data/") + std::string(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("lines say term, valence, class weights and keys", "[analysis][lexicon]") {
  const auto lexicon = build(
      "# version: 4\nstill waiting\t-1.9\t1\t-0.5\t-0.5\tissue:delay=0.7 "
      "intent:complaint\nnot:good\t-\t0.4\t0\t-0.4\n");
  REQUIRE(lexicon);
  REQUIRE(lexicon->entries().size() == 2);
  const auto entry = [&](std::string_view term) -> const Entry& {
    const auto entries = lexicon->entries();
    return *std::ranges::find_if(entries, [&](const Entry& e) { return lexicon->term(e) == term; });
  };
  REQUIRE(term_hashes("still waiting", tokenizer()).size() == 2);
  const auto& phrase = entry("still waiting");
  REQUIRE(phrase.valence == -190);
  REQUIRE(phrase.plain[0] == 100);
  REQUIRE(lexicon->facets(phrase).size() == 2);
  REQUIRE(lexicon->facets(phrase)[1].weight == 100);
  REQUIRE(entry("good").negated[2] == -40);
  REQUIRE(entry("good").plain[2] == 0);
}

TEST_CASE("a mistake is named with its file, line and column", "[analysis][lexicon]") {
  struct Case {
    std::string_view text, message;
  };
  const auto c = GENERATE(values<Case>({
      {"good\n", "test.tsv: line 1, column 1: the line says nothing about its term"},
      {"# x\ngood\tvery\n", "test.tsv: line 2, column 6: expected a number between -20 and 20, or '-'"},
      {"good\t1\t-\t-\t-\tissue:what=1\n", "test.tsv: line 1, column 14: unknown key \"issue:what\""},
      {"good\t1\t-\t-\t-\tbooster=x\n", "test.tsv: line 1, column 14: expected key=number"},
      {"good\t99\n", "test.tsv: line 1, column 6: expected a number between -20 and 20, or '-'"},
      {"\t1\n", "test.tsv: line 1, column 1: the term is missing"},
      {"one two three four five\t1\n",
       "test.tsv: line 1, column 1: \"one two three four five\" is not a term of one to four words, "
       "or a stem of up to twelve letters"},
  }));
  const auto lexicon = build(c.text);
  REQUIRE(!lexicon);
  REQUIRE(lexicon.error().kind == ErrorKind::invalid);
  REQUIRE(lexicon.error().message == c.message);
}

TEST_CASE("a later line replaces what it says again and keeps the rest", "[analysis][lexicon]") {
  const auto lexicon = build("late\t-1\t-\t-\t-\tissue:delay=1\nlate\t0.5\n");
  REQUIRE(lexicon->entries().size() == 1);
  REQUIRE(lexicon->entries()[0].valence == 50);
  REQUIRE(lexicon->facets(lexicon->entries()[0]).size() == 1);
}

TEST_CASE("a brand's overlay decides", "[analysis][lexicon]") {
  const std::string_view text = "that burger is sick";
  const auto plain = judge(text).sentiment.score;
  auto changed = Analyser::create({.languages = {}, .own_issues = {}, .overlay = "sick\t3.5\t-1\t0\t2\n"});
  REQUIRE(changed);
  Scratch scratch;
  const auto verdict = (*changed)->analyse(text, "en", WithEvidence::no, scratch);
  REQUIRE(verdict.sentiment.score > plain + 0.3f);
  REQUIRE(verdict.lexicon_version != shared_analyser().lexicon_version());
  REQUIRE(Analyser::create({.languages = {}, .own_issues = {}, .overlay = "x\ty\n"})
              .error()
              .message.starts_with("overlay: line 1, column 3"));
}

TEST_CASE("the flat table finds what a plain map finds", "[analysis][lexicon]") {
  std::map<std::string, bool> words;  // folded single words of the shipped files
  std::vector<std::string> texts{data_file("emoji.tsv"), data_file("en_general.tsv"),
                                 data_file("en_service.tsv"), data_file("en_phrases.tsv")};
  std::vector<LexiconFile> files;
  std::vector<const LexiconFile*> layers;
  for (const auto& text : texts) files.push_back(*parse_lexicon("file", text));
  TokenBuffer buffer;
  for (const auto& file : files) {
    layers.push_back(&file);
    for (const auto& line : file.lines) {
      tokenizer().tokenize(line.term, buffer);
      std::string key;
      for (const auto& token : buffer.tokens()) key += (key.empty() ? "" : " ") + std::string(token.folded);
      if (!line.term.starts_with('<') && line.term.find(" <") == std::string_view::npos) words[key] = true;
    }
  }
  const auto lexicon = Lexicon::build(layers, tokenizer());
  REQUIRE(lexicon);
  const std::string_view posts[] = {"Still waiting on hold for 2 hrs, third time this week!! Not happy :(",
                                    "Thanks for the great service, you rock ❤️",
                                    "No problem at all, without a doubt the best",
                                    "why is my flight getting delayed... lost my bags",
                                    "it crashes after the update, please fix",
                                    "Sooo gooood #nothappy #LoveIt",
                                    "charged twice and hung up on me"};
  for (const auto post : posts) {
    tokenizer().tokenize(post, buffer);
    Reading reading;
    read_tokens(buffer.tokens(), *lexicon, {}, RuleStrengths(RuleSet{}), reading);
    for (std::size_t at = 0; at < reading.units.size(); ++at) {
      std::string key;
      auto hash = std::uint64_t{0};
      for (std::size_t n = 0; n < Lexicon::phrase_max && at + n < reading.units.size(); ++n) {
        const auto& unit = reading.units[at + n];
        if ((n > 0 && !unit.joins) || unit.placeholder) break;
        hash = n == 0 ? unit.hash : join_hash(hash, unit.hash);
        key += (n == 0 ? "" : " ") + std::string(buffer.tokens()[unit.token].folded);
        INFO(key);
        const auto found = n == 0 ? lexicon->find(hash) : lexicon->find_phrase(hash);
        REQUIRE((found.entry != nullptr) == words.contains(key));
        if (n > 0 && words.contains(key)) REQUIRE(reading.units[at].longest > n);
      }
    }
  }
}

TEST_CASE("every shipped file parses, names its language and its licence", "[analysis][lexicon]") {
  REQUIRE(embedded::lexicon().size() >= 28);
  for (const auto& shipped : embedded::lexicon()) {
    const std::string_view name = shipped.name, text = shipped.bytes;
    const auto file = parse_lexicon(name, text);
    INFO(name);
    REQUIRE(file);
    REQUIRE(file->version > 0);
    // A list of words is long; these are a few lines of numbers, and the words of haste in one language.
    const bool few = name == "en_policy.tsv" || name == "topic_prior.tsv";
    REQUIRE(file->lines.size() > (few ? 0 : name.ends_with("_urgency.tsv") ? 80 : 100));
    REQUIRE(file->lines.size() <= 20000);
    REQUIRE(text.find("# licence:") != std::string_view::npos);
    REQUIRE(text.find("# source:") != std::string_view::npos);
  }
}
