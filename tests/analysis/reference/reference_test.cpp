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
#include "core/model/names.hpp"
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

/// Calls line(term, cells) for each line of a lexicon file, straight from the file that people read.
template <typename Line>
void each_line(const char* file, const Line& line) {
  const auto text = read_file(root / "analysis/data" / file);
  for (const auto one : split(text, '\n'))
    if (const auto cells = split(one, '\t'); cells.size() >= 5 && !one.starts_with("# "))
      line(std::string(cells[0]), cells);
}

/// "not:word" and "word" and "<feature>" → class weights.
std::map<std::string, std::array<double, 3>> class_lines() {
  std::map<std::string, std::array<double, 3>> out;
  const auto read = [&](const char* file, const std::string& as) {
    each_line(file, [&](const std::string& term, const auto& cells) {
      for (std::size_t c = 0; c < 3; ++c)
        out[term == lean_name ? as : term][c] += std::stod(std::string(cells[c + 2]));
    });
  };
  read("en_learned.tsv", "");
  read("en_policy.tsv", "<bias>");
  return out;
}

/// "word" and "<feature>" → logits of the issue types. What was learned of a feature replaces its prior.
std::map<std::string, std::map<std::string, double>> issue_lines() {
  std::map<std::string, std::map<std::string, double>> out;
  const auto read = [&](const char* file, bool add) {
    each_line(file, [&](const std::string& term, const auto& cells) {
      auto& weights = out[term == lean_name ? "<bias>" : term];
      for (const auto part : split(cells.size() > 5 ? cells[5] : std::string_view(), ' ')) {
        constexpr std::string_view key = "issue_logit:";
        if (!part.starts_with(key)) continue;
        const auto equals = part.find('=');
        auto& weight = weights[std::string(part.substr(key.size(), equals - key.size()))];
        const auto value = std::stod(std::string(part.substr(equals + 1)));
        weight = add ? weight + value : value;
      }
    });
  };
  read("topic_prior.tsv", false);
  read("en_topics.tsv", false);
  read("en_policy.tsv", true);
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
  const auto weights = class_lines();
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

TEST_CASE("issue types are the sums of the lines that people read", "[analysis][reference]") {
  const auto lines = issue_lines();
  REQUIRE(lines.size() > 3000);
  Scratch scratch;
  std::size_t said = 0;
  for (const auto& text : texts(true)) {
    std::map<std::string, double> logits;
    for (const auto& [name, value] : shared_analyser().features(text, "en", scratch))
      if (const auto found = lines.find(name.starts_with("not:") && name.size() > 4 ? name.substr(4) : name);
          found != lines.end())
        for (const auto& [type, weight] : found->second) logits[type] += weight * static_cast<double>(value);
    const auto verdict = shared_analyser().analyse(text, "en", WithEvidence::no, scratch);
    if (verdict.lang != "en") continue;
    INFO(text);
    float least = 1;
    for (const auto& issue : verdict.issues) {
      least = std::min(least, issue.score);
      if (issue.type == IssueType::other) continue;
      const auto expected = 1 / (1 + std::exp(-logits[std::string(to_string(issue.type))]));
      if (std::abs(expected - static_cast<double>(issue.score)) > 2e-4)
        FAIL(to_string(issue.type) << ' ' << expected << " is said as " << issue.score);
      ++said;
    }
    // What is not said is weaker than what is, or too weak to be said at all.
    for (const auto& [type, logit] : logits) {
      const auto share = 1 / (1 + std::exp(-logit));
      const auto is_said = [&](const ScoredIssue& issue) { return to_string(issue.type) == type; };
      if (share < 0.4 + 2e-4 || type == "other" || std::ranges::any_of(verdict.issues, is_said)) continue;
      if (verdict.issues.size() < issues_max || share > static_cast<double>(least) + 2e-4)
        FAIL(type << ' ' << share << " is not said");
    }
  }
  REQUIRE(said > 5000);
}
