#pragma once
#include <string_view>

#include "analysis/text/hashtag.hpp"
#include "analysis/text/token.hpp"

namespace earshot::analysis {

/// Cuts a text into tokens in one pass; the one place that decides what a word is. Immutable and thread-safe
/// after construction; a TokenBuffer belongs to one thread and is not allocated again once it has seen its
/// longest text.
///
/// Rules worth knowing: "don't" is one word, "well-known" two without a token for the hyphen; "2hrs" is a
/// number and a word; "#NotHappy" is a hashtag token followed by the words not and happy; "@user@host.tld" is
/// one handle; e-mail addresses count as URLs; Han and hiragana characters are words of their own, Thai runs
/// are one word; ill-formed bytes and control characters separate. Spans never cut a code point of
/// well-formed text.
class Tokenizer {
 public:
  /// Loads the embedded dictionary that opens hashtags.
  Tokenizer() = default;

  /// Replaces what `out` held. `text` may be dropped afterwards: tokens point into `out` only.
  void tokenize(std::string_view text, TokenBuffer& out) const;

  const HashtagSplitter& splitter() const { return splitter_; }

 private:
  class Scanner;
  HashtagSplitter splitter_;
};

}  // namespace earshot::analysis
