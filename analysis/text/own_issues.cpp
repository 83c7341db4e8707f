#include "analysis/text/own_issues.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "analysis/text/tokenizer.hpp"

namespace earshot::analysis {
namespace {

constexpr std::size_t types_max = 64;
constexpr float floor = 0.45f;

/// Words too common to tell anything; everything else may be a company's term.
bool is_function_word(std::string_view word) {
  static const std::set<std::string_view> words{
      "the",    "a",     "an",     "and",   "or",    "but",   "of",   "to",   "in",   "on",   "at",
      "for",    "with",  "is",     "are",   "was",   "were",  "be",   "been", "it",   "its",  "it's",
      "this",   "that",  "these",  "those", "i",     "you",   "we",   "they", "he",   "she",  "my",
      "your",   "our",   "their",  "me",    "us",    "them",  "do",   "does", "did",  "have", "has",
      "had",    "can",   "could",  "will",  "would", "not",   "no",   "so",   "if",   "as",   "by",
      "from",   "when",  "what",   "why",   "how",   "there", "here", "just", "very", "i'm",  "don't",
      "please", "after", "before", "again", "still"};
  return words.contains(word);
}

}  // namespace

OwnIssues::OwnIssues(std::span<const OwnIssueType> types, const Lexicon&, const Tokenizer& tokenizer)
    : types_(std::min(types.size(), types_max)) {
  std::map<std::uint64_t, std::map<std::size_t, float>> share;  // word → type → share of its examples
  TokenBuffer buffer;
  for (std::size_t t = 0; t < types_; ++t) {
    for (const auto& example : types[t].examples) {
      tokenizer.tokenize(example, buffer);
      std::set<std::uint64_t> seen;
      for (const auto& token : buffer.tokens())
        if (token.kind == TokenKind::word && !is_function_word(token.folded)) seen.insert(token.base_hash());
      for (const auto hash : seen) share[hash][t] += 1.0f / static_cast<float>(types[t].examples.size());
    }
  }
  for (const auto& [hash, by_type] : share) {
    // Rare across types is telling; in all of them, nothing.
    const auto telling = 1 / static_cast<float>(by_type.size());
    for (const auto& [type, part] : by_type)
      weights_.emplace(
          hash, Weight{.type = static_cast<std::uint8_t>(type), .weight = (0.35f + 0.65f * part) * telling});
  }
}

void OwnIssues::score(Tokens tokens, std::vector<ScoredIssue>& out) const {
  std::array<float, types_max> sums{};
  for (const auto& token : tokens) {
    if (token.kind != TokenKind::word) continue;
    const auto [first, last] = weights_.equal_range(token.base_hash());
    for (auto at = first; at != last; ++at) sums[at->second.type] += at->second.weight;
  }
  for (std::size_t t = 0; t < types_; ++t) {
    const auto score = 1 - std::exp(-sums[t]);
    if (score >= floor) out.push_back({.type = static_cast<IssueType>(own_issue_first + t), .score = score});
  }
}

}  // namespace earshot::analysis
