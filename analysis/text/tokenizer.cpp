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

/// A word of plain ASCII letters, digits and inner apostrophes that needs no second look. False: it may.
bool Tokenizer::Scanner::plain_word() {
  const auto size = static_cast<std::size_t>(std::countr_one(see(ByteClass::word)));
  if (size >= 48) return false;
  const auto bits = (1ull << size) - 1;
  const auto* here = lower_ + at_;
  const char next = here[size];
  if (const auto odd = see(ByteClass::odd); odd != 0) {
    const auto run = up_to_space();
    if (run == ~0ull) return false;
    if ((odd & run) != 0) {
      if ((see(ByteClass::repeat) & bits) != 0 || (see(ByteClass::dotted) & run) != 0) return false;
      if (!is_ascii(next) || (next == '\'' && !is_ascii(here[size + 1]))) return false;
    }
  }
  if (size <= 2 && (size == 1 ? next == '_' || next == ':' || next == '.' : here[0] == 'x' && here[1] == 'd'))
    return false;  // faces: "o_O", "D:", "xD"
  std::uint32_t four = 0;
  std::memcpy(&four, here, 4);
  if (four == http) return false;
  auto traits = trait(all_caps, shouts(bits));
  if (size > 2 && here[size - 2] == '\'' && here[size - 1] == 's') traits |= possessive;
  const auto end = at_ + size;
  place(TokenKind::word, at_, end, {here, size}, word_hash_padded(here, size), traits);
  at_ = end + (next == ' ' ? 1 : 0);  // spaces between words are nearly all there are
  return true;
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
    if (!plain_word() && !address() && (glued() || !emoticon())) word(text_.size(), false);
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
  out.count_ = 0;
  const auto bytes = lower_bytes(text.size()) + folded_bytes(text.size()) + byte_padding;
  if (out.arena_.size() < bytes) out.arena_.resize(bytes);
  Scanner(text, splitter_, out).run();
}

}  // namespace earshot::analysis
