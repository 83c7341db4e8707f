#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "analysis/text/lexicon.hpp"

/// The lexicons of all languages: those shipped stand in the program as they are used, made from the word
/// lists when it was built. With an overlay they are made anew.
namespace earshot::analysis {

struct LexiconSet {
  std::map<std::string, Lexicon, std::less<>> languages;  ///< by ISO 639-1 code
  Lexicon common;                                         ///< what is said for every language: emoji, faces
  /// One number for the shipped word lists and the overlay: any edited byte makes another. Fits 31 bits.
  std::uint32_t version = 0;
};

struct LexiconChoice {
  std::span<const std::string> languages = {};  ///< empty: all
  std::string_view overlay = {};                ///< text of a lexicon file
  bool learned = true;                          ///< false: without learned weights
};

/// The shipped lexicons as they stand where that is what is asked for, else built. Fails with `invalid`
/// naming line and column of the overlay's first mistake.
Result<LexiconSet> load_lexicons(const LexiconChoice& choice, const Tokenizer& tokenizer);

/// From the word lists in any case: 0.2 s.
Result<LexiconSet> build_lexicons(const LexiconChoice& choice, const Tokenizer& tokenizer);

}  // namespace earshot::analysis
