#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/content/terms.hpp"

/// Who says that they were led to expect something else, and by which words. Pure.
namespace earshot::analysis {

/// Phrases such as "not as advertised" and "thought it was included" (analysis/data/misled_phrases.tsv), with
/// `*` for one to three words between, and never behind "no" or "without" ("no hidden fees"). English. One
/// thread at a time, as it keeps a buffer of tokens.
class MisledPhrases {
 public:
  MisledPhrases();
  /// The phrase that the text holds, the first of them; empty: none.
  std::string find(std::string_view text);

 private:
  using Phrase = std::vector<std::string>;
  bool matches(const Phrase& phrase, std::size_t at) const;
  std::vector<Phrase> phrases_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_first_;
  Tokenizer tokenizer_;
  TokenBuffer tokens_;
  std::vector<std::string_view> words_;
};

/// How rare terms are among what people write of a brand; what everybody writes ties nobody to a claim.
class TermRarity {
 public:
  /// Counts one text's terms, each once.
  void add(const std::vector<Term>& terms);
  /// The same for what was counted elsewhere: so many texts, and how many of them have a term.
  void add_texts(std::int64_t texts) { documents_ += texts; }
  void add(const std::string& key, std::int64_t texts) { with_term_[key] += texts; }
  /// ln(1 + (documents + 200) / (those with the term + 1)): with little history every term counts as rare.
  double weight(const std::string& key) const;
  /// At most 4 % of the texts have it.
  bool is_rare(const std::string& key) const;

 private:
  double share(const std::string& key) const;
  std::int64_t documents_ = 0;
  std::unordered_map<std::string, std::int64_t> with_term_;
};

/// One thing the brand promises, as far as tying mentions to it needs it.
struct Claim {
  std::vector<std::string> terms = {};  ///< keys of its words, its campaign's among them; each once
  std::string product = {};
  std::int64_t from_ms = 0;
  std::optional<std::int64_t> to_ms = {};
};

struct Tie {
  std::size_t claim = 0;
  double score = 0;       ///< sum of the shared rare terms' weights, faded with the time since its end
  std::size_t terms = 0;  ///< rare terms that are shared
};

/// After its end a claim fades with this time constant, and is over after three of them.
inline constexpr std::int64_t fade_ms = 14LL * 24 * 3'600'000;

/// The claim that a text of this moment speaks of: the one with which it shares most rare terms by weight,
/// half as much again where it names the claim's product. Not before it began, and fading after its end.
/// Nothing when no rare term is shared, or the faded score is below what one term of one text in twenty-five
/// weighs. Of equals the later.
std::optional<Tie> tie(const std::vector<Term>& terms, const std::vector<std::string>& products,
                       std::int64_t at_ms, std::span<const Claim> claims, const TermRarity& rarity);

}  // namespace earshot::analysis
