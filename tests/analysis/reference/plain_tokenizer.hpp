#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/token.hpp"

namespace earshot::analysis::reference {

/// A token that owns its text.
struct PlainToken {
  TokenKind kind = TokenKind::word;
  Span span = {};
  std::string folded = {};
  bool all_caps = false, elongated = false, sentence_start = false, in_hashtag = false, after_space = false;
  bool operator==(const PlainToken&) const = default;
};

/// The tokenizer as one would first write it: one character after the other.
std::vector<PlainToken> plain_tokens(std::string_view text);

/// What the fast one made of the same text, in the same form.
std::vector<PlainToken> owned(Tokens tokens);

}  // namespace earshot::analysis::reference
