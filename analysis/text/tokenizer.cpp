#include "analysis/text/tokenizer.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "analysis/text/address.hpp"
#include "analysis/text/characters.hpp"
#include "analysis/text/emoji.hpp"
#include "analysis/text/emoticon.hpp"
#include "core/base/assert.hpp"

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

/// Bytes a text may take once folded, beside its copy in lower case: folding never more than doubles it
/// (2-byte capitals with a 3-byte small letter), and a hashtag is stored twice: whole and in words.
constexpr std::size_t folded_bytes(std::size_t text) { return text * 4 + 16; }
/// Of the copy in lower case.
constexpr std::size_t lower_bytes(std::size_t text) { return (text / 64 + 1) * 64; }

constexpr unsigned trait(TokenTrait one, bool there) { return there ? static_cast<unsigned>(one) : 0u; }

}  // namespace

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
        arena_(lower_ + lower_bytes(text.size())) {}

  void run() {
    out_.masks_.classify(text_, lower_);
    while (at_ < text_.size()) step();
    EARSHOT_ASSERT(used_ <= folded_bytes(text_.size()));
  }

 private:
  void step();
  bool plain_word();
  bool plain_number();
  bool plain_handle();
  void wide();
  void number();
  std::size_t word(std::size_t end, bool of_hashtag);
  void hashtag();
  bool address();
  bool entity();
  void punctuation();
  bool picture();
  bool emoticon();
  void ideograph(bool of_hashtag);

  bool glued() const { return at_ > 0 && at_ == word_end_; }
  std::uint64_t see(ByteClass kind) const { return masks_.window(kind, at_); }
  /// The bytes before the next white space, as a mask; all 64 when it is further away.
  std::uint64_t up_to_space() const {
    const auto space = see(ByteClass::space);
    return space == 0 ? ~0ull : (space & -space) - 1;
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
  void put(char32_t c) { used_ += encode(c, arena_ + used_); }
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
  std::size_t used_ = 0;
  std::size_t at_ = 0;
  std::size_t word_end_ = 0;     ///< where the last word or number ended
  std::size_t covered_end_ = 0;  ///< where the last token ended
  bool sentence_ = true;
};

inline void Tokenizer::Scanner::place(TokenKind kind, std::size_t begin, std::size_t end,
                                      std::string_view folded, std::uint64_t hash, unsigned traits) {
  if (out_.count_ == out_.tokens_.size()) out_.tokens_.resize(out_.count_ * 2 + 64);
  auto& token = out_.tokens_.data()[out_.count_++];
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

void Tokenizer::Scanner::emit(TokenKind kind, std::size_t begin, std::size_t end, std::string_view folded,
                              unsigned traits) {
  std::uint64_t hash = 0;
  if (kind != TokenKind::punctuation)
    hash = kind == TokenKind::emoticon ? word_hash(folded) : word_hash_padded(folded.data(), folded.size());
  place(kind, begin, end, folded, hash, traits);
}

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
  unsigned traits = 0;
  if (const auto capitals = see(ByteClass::capital) & bits; (capitals & (capitals - 1)) != 0)
    traits |= trait(all_caps, capitals == (see(ByteClass::letter) & bits));
  if (size > 2 && here[size - 2] == '\'' && here[size - 1] == 's') traits |= possessive;
  const auto end = at_ + size;
  place(TokenKind::word, at_, end, {here, size}, word_hash_padded(here, size), traits);
  at_ = end + (next == ' ' ? 1 : 0);  // spaces between words are nearly all there are
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

bool Tokenizer::Scanner::picture() {
  const auto length = emoji::length(text_, at_);
  if (length == 0) return false;
  const auto from = used_;
  used_ += emoji::fold(text_.substr(at_, length), arena_ + used_);
  emit(TokenKind::emoji, at_, at_ + length, from);
  at_ += length;
  return true;
}

bool Tokenizer::Scanner::emoticon() {
  const auto found = emoticon_at(text_, at_, glued());
  if (found.length == 0) return false;
  emit(TokenKind::emoticon, at_, at_ + found.length, found.folded, trait(elongated, found.elongated));
  at_ += found.length;
  return true;
}

/// URLs, e-mail addresses and handles; all are folded to lower case (ASCII), handles without '@'.
bool Tokenizer::Scanner::address() {
  const auto found = address_at(text_, at_, glued());
  if (found.length == 0) return false;
  const auto skip = found.kind == TokenKind::handle ? 1u : 0u;
  emit(found.kind, at_, at_ + found.length, in_lower(at_ + skip, at_ + found.length));
  at_ += found.length;
  return true;
}

/// The four entities that leak into plain text from careless sources.
bool Tokenizer::Scanner::entity() {
  if (text_[at_] != '&') return false;
  const auto rest = text_.substr(at_);
  if (rest.starts_with("&lt;3")) {
    emit(TokenKind::emoticon, at_, at_ + 5, "<3"sv);
    at_ += 5;
    return true;
  }
  struct Name {
    std::string_view written, mark;
  };
  static constexpr Name names[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}};
  for (const auto& name : names)
    if (rest.starts_with(name.written)) {
      mark(name.mark, name.written.size());
      return true;
    }
  return false;
}

void Tokenizer::Scanner::punctuation() {
  const char c = text_[at_];
  auto end = at_ + 1;
  if (c == '!' || c == '?') {
    bool bang = c == '!', ask = c == '?';
    for (; end < text_.size() && (text_[end] == '!' || text_[end] == '?'); ++end) {
      bang |= text_[end] == '!';
      ask |= text_[end] == '?';
    }
    return mark(bang && ask ? "?!"sv : bang ? "!"sv : "?"sv, end - at_);
  }
  while (end < text_.size() && text_[end] == c) ++end;
  if (c == '.') return mark(end - at_ > 1 ? "..."sv : "."sv, end - at_);
  // A hyphen inside a word only separates: "well-known", "delayed-thats".
  if (c == '-' && end - at_ == 1 && glued() && word_at(text_, end)) {
    at_ = end;
    return;
  }
  mark(in_lower(at_, at_ + 1), end - at_);
}

void Tokenizer::Scanner::number() {
  const auto start = at_;
  auto end = at_;
  while (end < text_.size() &&
         (class_of(text_[end]) == digit || ((text_[end] == '.' || text_[end] == ',' || text_[end] == ':') &&
                                            end + 1 < text_.size() && class_of(text_[end + 1]) == digit)))
    ++end;
  if (word_at(text_, end)) {
    auto tail = end;
    while (tail < text_.size() && (class_of(text_[tail]) & alnum)) ++tail;
    const bool unit = !word_at(text_, tail) && is_unit(text_.substr(end, tail - end));
    if (!unit) {  // "4th", "3G", "2fa": a word that begins with a digit
      word(text_.size(), false);
      return;
    }
  }
  emit(TokenKind::number, start, end, in_lower(start, end));
  at_ = end;
}

/// Folds one word from `at_` on, at most to `limit`; returns the bytes read.
std::size_t Tokenizer::Scanner::word(std::size_t limit, bool of_hashtag) {
  const auto start = at_, from = used_;
  const auto text = text_.substr(0, limit);
  std::size_t end = start, letters = 0, capitals = 0, run = 0;
  char32_t previous = 0;
  bool stretched = false, marks = false;
  const auto repeats = [&](char32_t c) {
    run = c == previous ? run + 1 : 1;
    previous = c;
    stretched |= run > 2;
    return run > 2;
  };
  while (end < text.size()) {
    const char c = text[end];
    const auto kind = class_of(c);
    if (kind & alpha) {
      ++letters;
      capitals += kind == upper;
      const char low = static_cast<char>(c | 0x20);
      if (!repeats(static_cast<unsigned char>(low))) put(low);
      ++end;
    } else if (kind == digit) {
      put(c);
      previous = 0;
      ++end;
    } else if (is_ascii(c) && c != '\'') {
      break;
    } else if (const auto quote = apostrophe(text, end); quote != 0) {
      if (end == start || !letter_at(text, end + quote)) break;
      put('\'');
      previous = 0;
      end += quote;
    } else {
      const auto decoded = decode(text, end);
      if (decoded.c == 0 || emoji::length(text, end) != 0) break;
      const auto wide_kind = classify(decoded.c);
      if (wide_kind == Wide::ignorable) {
        end = decoded.end;
        continue;
      }
      if (wide_kind != Wide::letter && wide_kind != Wide::mark && wide_kind != Wide::digit) break;
      marks |= wide_kind == Wide::mark;
      const auto plain = narrow(decoded.c);
      const auto low = to_lower(plain);
      letters += wide_kind == Wide::letter;
      capitals += low != plain;
      if (wide_kind != Wide::letter || !repeats(low)) put(low);
      end = decoded.end;
    }
  }
  if (used_ == from) {  // only ignorable code points
    at_ = end > at_ ? end : at_ + 1;
    return 0;
  }
  if (marks) used_ = from + compose(arena_ + from, used_ - from);
  const std::string_view folded(arena_ + from, used_ - from);
  emit(TokenKind::word, start, end, folded,
       trait(all_caps, letters >= 2 && capitals == letters) | trait(elongated, stretched) |
           trait(in_hashtag, of_hashtag) | trait(possessive, folded.size() > 2 && folded.ends_with("'s")));
  at_ = end;
  return end - start;
}

/// Han and hiragana are written without spaces; each character is a word, phrases join them.
void Tokenizer::Scanner::ideograph(bool of_hashtag) {
  const auto decoded = decode(text_, at_);
  const auto from = used_;
  put(decoded.c);
  emit(TokenKind::word, at_, decoded.end, from, trait(in_hashtag, of_hashtag));
  at_ = decoded.end;
}

void Tokenizer::Scanner::hashtag() {
  const auto begin = at_ + 1;
  auto end = begin;
  bool letters = false;
  while (end < text_.size()) {
    if (text_[end] == '_') {
      ++end;
    } else if (word_at(text_, end)) {
      letters |= is_ascii(text_[end]) ? (class_of(text_[end]) & alpha) != 0 : true;
      end = decode(text_, end).end;
    } else {
      break;
    }
  }
  if (!letters || glued()) return mark("#", 1);
  const auto from = used_;
  for (auto i = begin; i < end;) {
    const auto decoded = decode(text_, i);
    put(to_lower(narrow(decoded.c)));
    i = decoded.end;
  }
  emit(TokenKind::hashtag, at_, end, from);
  const auto parts = splitter_.split(text_.substr(begin, end - begin));
  at_ = begin;
  for (std::size_t i = 0; i < parts.count; ++i) {
    const auto limit = begin + parts.ends[i];
    while (at_ < limit) {
      if (text_[at_] == '_')
        ++at_;
      else if (const auto next = decode(text_, at_); next.c >= 0x80 && classify(next.c) == Wide::ideograph)
        ideograph(true);
      else
        word(limit, true);
    }
  }
  at_ = end;
}

void Tokenizer::Scanner::wide() {
  if (picture()) return;
  const auto decoded = decode(text_, at_);
  const auto length = decoded.end - at_;
  if (decoded.c == 0) {
    ++at_;
    return;
  }
  switch (classify(decoded.c)) {
    case Wide::letter:
    case Wide::digit: word(text_.size(), false); return;
    case Wide::ideograph: ideograph(false); return;
    case Wide::mark:
    case Wide::ignorable:
    case Wide::separator:
    case Wide::space:
      if (decoded.c == 0x2028 || decoded.c == 0x2029 || decoded.c == 0x85) sentence_ = true;
      at_ = decoded.end;
      return;
    case Wide::symbol: break;
  }
  switch (const auto c = narrow(decoded.c)) {
    case 0x2026: return mark("...", length);
    case 0x3002: return mark(".", length);
    case 0x3001: return mark(",", length);
    case 0x61F: return mark("?", length);
    case 0x60C: return mark(",", length);
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0xAB:
    case 0xBB: return mark("\"", length);
    case 0x2018:
    case 0x2019:
    case 0x201A: return mark("'", length);
    case 0x2013:
    case 0x2014: return mark("-", length);
    default:
      if (c < 0x80) {
        const auto from = used_;
        put(static_cast<char>(c));
        return mark({arena_ + from, 1}, length);
      }
      mark(in_lower(at_, at_ + length), length);
  }
}

void Tokenizer::tokenize(std::string_view text, TokenBuffer& out) const {
  out.count_ = 0;
  const auto bytes = lower_bytes(text.size()) + folded_bytes(text.size()) + byte_padding;
  if (out.arena_.size() < bytes) out.arena_.resize(bytes);
  Scanner(text, splitter_, out).run();
}

}  // namespace earshot::analysis
