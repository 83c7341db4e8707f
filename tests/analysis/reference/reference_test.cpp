// The fast scorer against plain ones, on every labelled post there is: those in the tree, and the public sets
// beside the checkout where they are. A wrong hash, slot or offset costs points of accuracy that no unit test
// sees.
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "analysis/text/features.hpp"
#include "analysis/text/lexicon_format.hpp"
#include "analysis/text/tokenizer.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "tests/analysis/fixture.hpp"
#include "tests/analysis/reference/plain_tokenizer.hpp"

using namespace earshot;
using namespace earshot::analysis;
using namespace earshot::analysis::reference;

namespace {

const std::filesystem::path root = EARSHOT_SOURCE_DIR;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Texts as they are, and cut and glued so that code points break and blocks end everywhere.
std::vector<std::string> texts(bool english) {
  std::vector<std::string> out;
  for (const auto& file : std::filesystem::directory_iterator(root / "analysis/training")) {
    if (file.path().extension() != ".tsv") continue;
    const auto posts = read_file(file.path());
    for (const auto line : split(posts, '\n'))
      if (const auto cells = split(line, '\t'); cells.size() == 4) out.emplace_back(cells[3]);
  }
  const auto sets = root / "../shared/sentiment/dev";
  if (!std::filesystem::exists(sets)) return out;
  const auto speed = read_file(sets / "speed_tweets.txt");
  for (const auto line : split(speed, '\n')) out.emplace_back(line);
  if (english) return out;
  const auto many =
      read_file(sets / "langid_lingua_sentences.jsonl");  // 28 scripts and languages, as JSON text
  for (const auto line : split(many, '\n')) out.emplace_back(line);
  return out;
}

/// "not:word" and "word" and "<feature>" → class weights, straight from the file that people read.
std::map<std::string, std::array<double, 3>> weights_of(const char* file) {
  std::map<std::string, std::array<double, 3>> out;
  const auto text = read_file(root / "analysis/data" / file);
  for (const auto line : split(text, '\n')) {
    const auto cells = split(line, '\t');
    if (line.starts_with("# ") || cells.size() < 5) continue;
    auto& weights = out[std::string(cells[0])];
    for (std::size_t c = 0; c < 3; ++c) weights[c] = std::stod(std::string(cells[c + 2]));
  }
  return out;
}

}  // namespace

TEST_CASE("the tokenizer is the plain one, token by token", "[analysis][reference]") {
  const Tokenizer tokenizer;
  TokenBuffer buffer;
  std::string all;
  const auto same = [&](std::string_view text) {
    tokenizer.tokenize(text, buffer);
    if (owned(buffer.tokens()) == plain_tokens(text)) return true;
    UNSCOPED_INFO(quote_printable(text));
    return false;
  };
  std::size_t number = 0;
  for (const auto& text : texts(false)) {
    REQUIRE(same(text));
    if (++number % 7 == 0) REQUIRE(same(std::string_view(text).substr(std::min(text.size(), number % 61))));
    if (number % 11 == 0)
      all = all.size() > 4000 ? text : all + text;  // no space between: words across blocks
    if (number % 77 == 0) REQUIRE(same(all));
  }
  REQUIRE(number > 5000);
}

TEST_CASE("sentiment is the sum of the lines that people read", "[analysis][reference]") {
  const auto weights = weights_of("en_learned.tsv");
  REQUIRE(weights.size() > 10000);
  Scratch scratch;
  double worst = 0;
  for (const auto& text : texts(true)) {
    std::array<double, 3> logits{};
    for (const auto& [name, value] : shared_analyser().features(text, "en", scratch))
      if (const auto found = weights.find(name); found != weights.end())
        for (std::size_t c = 0; c < 3; ++c) logits[c] += found->second[c] * static_cast<double>(value);
    double sum = 0;
    for (auto& logit : logits) sum += logit = std::exp(logit);
    const auto got = shared_analyser().sentiment(text, "en", scratch);
    const auto off = std::max({std::abs(logits[0] / sum - static_cast<double>(got.negative)),
                               std::abs(logits[1] / sum - static_cast<double>(got.neutral)),
                               std::abs(logits[2] / sum - static_cast<double>(got.positive))});
    if (off > 2e-4) {
      UNSCOPED_INFO(text << " is off by " << off);
      worst = std::max(worst, off);
    }
  }
  REQUIRE(worst <= 2e-4);
}
