#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/model/verdict.hpp"

namespace earshot::analysis {

enum class TokenKind : std::uint8_t { word, number, hashtag, handle, url, emoji, emoticon, punctuation };

/// One token of a text. `folded` is the form every table is looked up by: case folded, elongation reduced to two
/// letters, curly apostrophes straightened; for a hashtag without '#', for a handle without '@'.
struct Token {
  TokenKind kind = TokenKind::word;
  Span span;                ///< bytes in the text
  std::string_view folded;  ///< lives in the TokenBuffer
  std::uint64_t hash = 0;   ///< hash64(folded)
  bool all_caps = false;    ///< two or more letters, all upper case
  bool elongated = false;   ///< had a letter three times in a row
  bool sentence_start = false;
  bool in_hashtag = false;  ///< a word that was split out of a hashtag
};

/// Reusable storage for the tokens of one text: no allocation after warm-up. Not shared between threads.
class TokenBuffer {
 public:
  const std::vector<Token>& tokens() const { return tokens_; }
  void clear();

 private:
  friend class Tokenizer;
  std::vector<Token> tokens_;
  std::vector<char> arena_;
};

}  // namespace earshot::analysis
