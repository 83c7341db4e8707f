#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/text/byte_masks.hpp"
#include "analysis/text/word_hash.hpp"
#include "core/model/verdict.hpp"

namespace earshot::analysis {

enum class TokenKind : std::uint8_t { word, number, hashtag, handle, url, emoji, emoticon, punctuation };

/// One token of a text. `folded` is the form every table is looked up by: case folded, elongation reduced to
/// two letters, curly apostrophes straightened; for a hashtag without '#', for a handle without '@'. Emoji
/// lose skin tone and variation selectors, emoticons their nose and repeated mouths, runs of punctuation
/// become one mark. A hashtag token is followed by the words it was split into; who reads words may skip the
/// hashtag itself.
struct Token {
  std::string_view folded;  ///< lives in the TokenBuffer, or is static
  std::uint64_t hash = 0;   ///< word_hash(folded); 0 for punctuation, which no table holds
  Span span;                ///< bytes in the text
  TokenKind kind = TokenKind::word;
  bool all_caps = false;    ///< two or more letters, all upper case
  bool elongated = false;   ///< had a letter three times in a row
  bool possessive = false;  ///< a word that ends in 's
  bool sentence_start = false;
  bool in_hashtag = false;   ///< a word that was split out of a hashtag
  bool after_space = false;  ///< white space (or the text's start) stands right before it

  /// The hash without a possessive 's; else `hash`.
  std::uint64_t base_hash() const {
    return possessive ? word_hash(folded.substr(0, folded.size() - 2)) : hash;
  }
};

using Tokens = std::span<const Token>;

/// Reusable storage for the tokens of one text: no allocation after warm-up. Not shared between threads.
class TokenBuffer {
 public:
  Tokens tokens() const { return {tokens_.data(), count_}; }
  bool has_wide() const { return has_wide_; }        ///< the text holds bytes beyond ASCII
  bool has_letters() const { return has_letters_; }  ///< … ASCII letters

 private:
  friend class Tokenizer;
  std::vector<Token> tokens_;  ///< only ever grows, as do the others; `count_` of them are in use
  std::size_t count_ = 0;
  std::vector<char> arena_;  ///< the text in lower case, then what is folded otherwise
  std::vector<ByteMasks> masks_;
  bool has_wide_ = false, has_letters_ = false;
};

}  // namespace earshot::analysis
