#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analysis/text/byte_masks.hpp"
#include "analysis/text/characters.hpp"
#include "analysis/text/tokenizer.hpp"
#include "core/base/assert.hpp"

namespace earshot::analysis {

/// Bytes a text may take once folded, beside its copy in lower case: folding never more than doubles it
/// (2-byte capitals with a 3-byte small letter), and a hashtag is stored twice: whole and in words.
constexpr std::size_t folded_bytes(std::size_t text) { return text * 4 + 16; }
/// Of the copy in lower case.
constexpr std::size_t lower_bytes(std::size_t text) { return (text / 64 + 1) * 64; }

/// The bit of a trait where it is there.
constexpr unsigned trait(TokenTrait one, bool there) { return there ? static_cast<unsigned>(one) : 0u; }

/// One text on its way into one buffer. Words of plain ASCII, nearly all there are, are taken whole from the
/// bit masks; everything else is read byte by byte.
class Tokenizer::Scanner {
 public:
  Scanner(std::string_view text, const HashtagSplitter& splitter, TokenBuffer& out)
      : text_(text),
        splitter_(splitter),
        out_(out),
        lower_(out.arena_.data()),
        masks_(out.masks_),
        arena_(lower_ + lower_bytes(text.size())),
        next_(out.tokens_.data()),
        tokens_end_(next_ + out.tokens_.size()) {}

  void run() {
    out_.masks_.classify(text_, lower_);
    while (at_ < text_.size()) step();
    out_.count_ = static_cast<std::size_t>(next_ - out_.tokens_.data());
    EARSHOT_ASSERT(used_ <= folded_bytes(text_.size()));
  }

 private:
  void step();
  std::size_t plain_size(std::size_t at) const;
  bool plain_words();
  bool plain_number();
  bool plain_handle();
  void wide();
  void number();
  std::size_t word(std::size_t end, bool of_hashtag);
  void hashtag();
  bool plain_part(std::size_t limit);
  std::size_t wide_hashtag_end(std::size_t from, bool& letters) const;
  bool address();
  bool entity();
  void punctuation();
  bool picture();
  bool emoticon();
  void ideograph(bool of_hashtag);

  bool glued() const { return at_ > 0 && at_ == word_end_; }
  std::uint64_t see(ByteClass kind) const { return masks_.window(kind, at_); }
  /// Whether the word of these bytes from `at_` on, all of them letters, digits or apostrophes, has two
  /// letters and only capitals.
  bool shouts(std::uint64_t bytes) const {
    const auto capitals = see(ByteClass::capital) & bytes;
    return (capitals & (capitals - 1)) != 0 && capitals == (see(ByteClass::letter) & bytes);
  }
  void grow() {
    const auto count = out_.tokens_.size();
    out_.tokens_.resize(count * 2 + 64);
    next_ = out_.tokens_.data() + count;
    tokens_end_ = out_.tokens_.data() + out_.tokens_.size();
  }
  void place(TokenKind kind, std::size_t begin, std::size_t end, std::string_view folded, std::uint64_t hash,
             unsigned traits);
  void emit(TokenKind kind, std::size_t begin, std::size_t end, std::string_view folded, unsigned traits = 0);
  void emit(TokenKind kind, std::size_t begin, std::size_t end, std::size_t folded_from,
            unsigned traits = 0) {
    emit(kind, begin, end, std::string_view(arena_ + folded_from, used_ - folded_from), traits);
  }
  void put(char c) { arena_[used_++] = c; }
  void put(std::string_view s) {
    for (const char c : s) put(c);
  }
  void put(char32_t c) { used_ += characters::encode(c, arena_ + used_); }
  /// `folded` must be static or lie in the buffer.
  void mark(std::string_view folded, std::size_t length) {
    emit(TokenKind::punctuation, at_, at_ + length, folded);
    const char c = folded.front();
    if (c == '!' || c == '?' || (c == '.' && folded.size() != 2)) sentence_ = true;
    at_ += length;
  }
  std::string_view in_lower(std::size_t begin, std::size_t end) const {
    return {lower_ + begin, end - begin};
  }

  std::string_view text_;
  const HashtagSplitter& splitter_;
  TokenBuffer& out_;
  char* lower_;  ///< as long as the text, in lower case
  const ByteMasks& masks_;
  char* arena_;
  Token* next_;  ///< where the next token goes
  Token* tokens_end_;
  std::size_t used_ = 0;
  std::size_t at_ = 0;
  std::size_t word_end_ = 0;     ///< where the last word or number ended
  std::size_t covered_end_ = 0;  ///< where the last token ended
  bool sentence_ = true;
};

inline void Tokenizer::Scanner::place(TokenKind kind, std::size_t begin, std::size_t end,
                                      std::string_view folded, std::uint64_t hash, unsigned traits) {
  if (next_ == tokens_end_) grow();
  auto& token = *next_++;
  if (begin == 0 || begin > covered_end_) traits |= after_space;
  if (kind == TokenKind::word || kind == TokenKind::number) {
    if (sentence_) traits |= sentence_start;
    sentence_ = false;
    word_end_ = end;
  }
  covered_end_ = end;
  token.folded = folded;
  token.hash = hash;
  token.span = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  token.kind = kind;
  token.traits = static_cast<std::uint8_t>(traits);
}

}  // namespace earshot::analysis
