#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/content/terms.hpp"

/// How people put things: runs of words, hashtags and emoji, by how many people use them. Pure.
namespace earshot::analysis {

enum class PhraseKind { words, hashtag, emoji };
std::string_view to_string(PhraseKind kind);

struct Phrase {
  std::string text = {};  ///< case folded; words with a space between, a hashtag with its sign
  PhraseKind kind = PhraseKind::words;
  bool operator==(const Phrase&) const = default;
};

/// Reads the phrases of texts. Immutable after construction; one thread at a time, as it keeps a buffer.
class PhraseReader {
 public:
  /// `names`: of the brand and its products, which tell nothing.
  explicit PhraseReader(const std::vector<std::string>& names = {});

  /// Every run of one to four words, each once: not across punctuation, links, handles or emoji, beginning
  /// with a word of meaning and ending with one or, behind another, with a number. Beside them hashtags and
  /// emoji.
  std::vector<Phrase> phrases(std::string_view text);

 private:
  TermReader terms_;
  Tokenizer tokenizer_;
  TokenBuffer tokens_;
};

/// One text that somebody wrote.
struct Wording {
  std::string_view text = {};
  std::uint64_t author = 0;
  std::size_t group = 0;  ///< in which of several stretches or camps it is counted
};

struct PhraseCount {
  Phrase phrase = {};
  std::vector<std::int64_t> authors = {};  ///< distinct, by group
  std::vector<std::size_t> texts = {};     ///< indices of those that have it, ascending
};

/// Phrases that `least` or more authors use, groups added up; in the order of their texts. Two passes: the
/// first counts roughly, in a table that only ever overestimates, so that what is rare takes no memory.
std::vector<PhraseCount> count_phrases(std::span<const Wording> texts, std::size_t groups, std::int64_t least,
                                       PhraseReader& reader);

/// Leaves out phrases that are part of a longer one which nearly as many use (four in five, by the sum over
/// `authors`).
void drop_contained(std::vector<PhraseCount>& counts);

/// How much more one camp uses a phrase than another: the log-odds ratio of its shares with an informative
/// Dirichlet prior, which is what both together use, worth 50 texts; divided by its standard error.
/// Above 1.96 it is hardly chance. `with` of `all`, of both camps.
double log_odds(std::int64_t with, std::int64_t all, std::int64_t other_with, std::int64_t other_all);

}  // namespace earshot::analysis
