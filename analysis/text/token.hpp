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

/// What else is known of a token, one bit each.
enum TokenTrait : std::uint8_t {
  all_caps = 1,    ///< two or more letters, all upper case
  elongated = 2,   ///< had a letter three times in a row
  possessive = 4,  ///< a word that ends in 's
  sentence_start = 8,
  in_hashtag = 16,   ///< a word that was split out of a hashtag
  after_space = 32,  ///< white space (or the text's start) stands right before it
};

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
  std::uint8_t traits = 0;  ///< of TokenTrait

  bool has(TokenTrait trait) const { return (traits & trait) != 0; }
  /// The hash without a possessive 's; else `hash`.
  std::uint64_t base_hash() const {
    return has(possessive) ? word_hash(folded.substr(0, folded.size() - 2)) : hash;
  }
};

using Tokens = std::span<const Token>;

/// Reusable storage for the tokens of one text: no allocation after warm-up. Not shared between threads.
class TokenBuffer {
 public:
  Tokens tokens() const { return {tokens_.data(), count_}; }
  bool has_wide() const { return masks_.has_wide(); }        ///< the text holds bytes beyond ASCII
  bool has_letters() const { return masks_.has_letters(); }  ///< … ASCII letters

 private:
  friend class Tokenizer;
  std::vector<Token> tokens_;  ///< only ever grows, as do the others; `count_` of them are in use
  std::size_t count_ = 0;
  std::vector<char> arena_;  ///< the text in lower case, then what is folded otherwise
  ByteMasks masks_;
};

/// A mention's words, cut once for everything that reads them. Reused from mention to mention; not shared
/// between threads.
struct MentionWords {
  TokenBuffer title;
  TokenBuffer text;
};

}  // namespace earshot::analysis
