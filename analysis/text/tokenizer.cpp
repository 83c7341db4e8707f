// The fast half of the tokenizer: plain words, numbers and handles, taken whole from the bit masks.
#include "analysis/text/tokenizer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "analysis/text/token_scanner.hpp"

namespace earshot::analysis {
namespace {

using namespace std::string_view_literals;
using namespace characters;

/// ASCII marks that may begin a face, an entity or a keycap; the others are only themselves.
constexpr auto may_be_more = [] {
  std::array<bool, 128> table{};
  for (const char c : ":;=><^-\\()&*"sv) table[static_cast<std::size_t>(c)] = true;
  return table;
}();

constexpr std::uint32_t http = 'h' | 't' << 8 | 't' << 16 | 'p' << 24;

}  // namespace

/// The bytes of the word at `at` if it is one of plain ASCII letters, digits and inner apostrophes that needs
/// no second look; 0: it may.
inline std::size_t Tokenizer::Scanner::plain_size(std::size_t at) const {
  const auto size = static_cast<std::size_t>(std::countr_one(masks_.window(ByteClass::word, at)));
  if (size >= 48) return 0;
  const auto* here = lower_ + at;
  const char next = here[size];
  if (const auto odd = masks_.window(ByteClass::odd, at); odd != 0) {
    const auto space = masks_.window(ByteClass::space, at);
    if (space == 0) return 0;
    const auto run = (space & -space) - 1;
    if ((odd & run) != 0) {
      const auto bits = (1ull << size) - 1;
      if ((masks_.window(ByteClass::repeat, at) & bits) != 0 ||
          (masks_.window(ByteClass::dotted, at) & run) != 0)
        return 0;
      if (!is_ascii(next) || (next == '\'' && !is_ascii(here[size + 1]))) return 0;
    }
  }
  if (size <= 2 && (size == 1 ? next == '_' || next == ':' || next == '.' : here[0] == 'x' && here[1] == 'd'))
    return 0;  // faces: "o_O", "D:", "xD"
  std::uint32_t four = 0;
  std::memcpy(&four, here, 4);
  return four == http ? 0 : size;
}

/// Words of which each is plain, with one space between them: most of most texts. False: not even the first.
bool Tokenizer::Scanner::plain_words() {
  const auto begin = at_;
  for (;;) {
    const auto at = at_;
    const auto size = plain_size(at);
    if (size == 0) break;
    const auto* here = lower_ + at;
    auto traits = trait(all_caps, shouts((1ull << size) - 1));
    if (size > 2 && here[size - 2] == '\'' && here[size - 1] == 's') traits |= possessive;
    place(TokenKind::word, at, at + size, {here, size}, word_hash_padded(here, size), traits);
    at_ = at + size;
    if (here[size] != ' ') break;
    ++at_;
    if ((class_of(here[size + 1]) & alpha) == 0) break;
  }
  return at_ != begin;
}

/// A word out of a hashtag of plain ASCII, which ends at `limit` at the latest. False: it wants a second
/// look.
bool Tokenizer::Scanner::plain_part(std::size_t limit) {
  const auto size = std::min(limit - at_, static_cast<std::size_t>(std::countr_one(see(ByteClass::word))));
  const auto bits = (1ull << (size % 64)) - 1;
  if (size == 0 || size >= 48 || (see(ByteClass::repeat) & bits) != 0) return false;
  emit(TokenKind::word, at_, at_ + size, in_lower(at_, at_ + size),
       in_hashtag | trait(all_caps, shouts(bits)));
  at_ += size;
  return true;
}

/// "@name" with nothing behind it that could belong to it.
bool Tokenizer::Scanner::plain_handle() {
  if (glued()) return false;
  auto end = at_ + 1;
  while ((class_of(lower_[end]) & alnum) != 0 || lower_[end] == '_') ++end;
  const char next = lower_[end];
  if (end == at_ + 1 || next == '@' || next == '.' || next == '-') return false;
  emit(TokenKind::handle, at_, end, in_lower(at_ + 1, end));
  at_ = end;
  return true;
}

/// Digits alone, with nothing behind them that could belong to them.
bool Tokenizer::Scanner::plain_number() {
  const auto size = static_cast<std::size_t>(std::countr_one(see(ByteClass::digit)));
  if (size >= ByteMasks::window_bits) return false;
  const char next = lower_[at_ + size];
  if (!is_ascii(next) || (class_of(next) & alnum) != 0 || "\'.,:@-+_"sv.find(next) != std::string_view::npos)
    return false;
  emit(TokenKind::number, at_, at_ + size, in_lower(at_, at_ + size));
  at_ += size;
  return true;
}

void Tokenizer::Scanner::step() {
  const char c = text_[at_];
  const auto kind = class_of(c);
  if (kind == space) {
    if (c == '\n') sentence_ = true;
    ++at_;
  } else if (kind & alpha) {
    if (!plain_words() && !address() && (glued() || !emoticon())) word(text_.size(), false);
  } else if (kind == digit) {
    if (!plain_number() && !picture() && !address()) number();
  } else if (!is_ascii(c)) {
    wide();
  } else if (c == '@' || c == '#') {
    if (c == '@' ? plain_handle() || address() : picture()) return;
    if (c == '#')
      hashtag();
    else
      mark("@", 1);
  } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
    ++at_;
  } else if (!may_be_more[static_cast<std::size_t>(c)] || (!emoticon() && !picture() && !entity())) {
    punctuation();
  }
}

void Tokenizer::tokenize(std::string_view text, TokenBuffer& out) const {
  const auto bytes = lower_bytes(text.size()) + folded_bytes(text.size()) + byte_padding;
  if (out.arena_.size() < bytes) out.arena_.resize(bytes);
  Scanner(text, splitter_, out).run();
}

}  // namespace earshot::analysis
