// Any bytes: tokens stay inside the text, in order, never empty, and say the hash of what they hold.
#include <cstdlib>

#include "analysis/text/tokenizer.hpp"
#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot::analysis;
  static const Tokenizer tokenizer;
  static TokenBuffer buffer;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tokenizer.tokenize(text, buffer);
  std::uint32_t last = 0;
  for (const auto& token : buffer.tokens()) {
    EARSHOT_ASSERT(token.span.begin < token.span.end && token.span.end <= size);
    EARSHOT_ASSERT(token.has(in_hashtag) || token.span.begin >= last);
    if (!token.has(in_hashtag)) last = token.span.end;
    EARSHOT_ASSERT(!token.folded.empty() &&
                   token.hash == (token.kind == TokenKind::punctuation ? 0 : word_hash(token.folded)));
  }
  return 0;
}
