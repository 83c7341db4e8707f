#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/model/verdict.hpp"

namespace earshot::analysis {

enum class TokenKind : std::uint8_t { word, number, hashtag, handle, url, emoji, emoticon, punctuation };

/// One token of a text. `folded` is the form every table is looked up by: case folded, elongation reduced to
/// two letters, curly apostrophes straightened; for a hashtag without '#', for a handle without '@'. Emoji
/// lose skin tone and variation selectors, emoticons their nose and repeated mouths, runs of punctuation
/// become one mark. A hashtag token is followed by the words it was split into; who reads words may skip the
/// hashtag itself.
struct Token {
  TokenKind kind = TokenKind::word;
  Span span;                ///< bytes in the text
  std::string_view folded;  ///< lives in the TokenBuffer
  std::uint64_t hash = 0;   ///< hash64(folded)
  std::uint64_t base = 0;   ///< hash64(folded) without a possessive 's; else equal to `hash`
  bool all_caps = false;    ///< two or more letters, all upper case
  bool elongated = false;   ///< had a letter three times in a row
  bool sentence_start = false;
  bool in_hashtag = false;   ///< a word that was split out of a hashtag
  bool after_space = false;  ///< white space (or the text's start) stands right before it
};

/// Reusable storage for the tokens of one text: no allocation after warm-up. Not shared between threads.
class TokenBuffer {
 public:
  const std::vector<Token>& tokens() const { return tokens_; }
  void clear();

 private:
  friend class Tokenizer;
  std::vector<Token> tokens_;
  std::vector<char>
      arena_;  ///< only ever grows; sized before a text is read, so that views into it stay valid
  std::size_t used_ = 0;
};

}  // namespace earshot::analysis
