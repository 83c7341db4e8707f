#include "analysis/text/tokenizer.hpp"

#include <utf8proc.h>

#include <array>

#include "analysis/text/address.hpp"
#include "analysis/text/emoji.hpp"
#include "analysis/text/emoticon.hpp"
#include "core/base/assert.hpp"
#include "core/base/hash.hpp"
#include "core/base/utf8.hpp"

namespace earshot::analysis {
namespace {

using namespace std::string_view_literals;

enum : std::uint8_t {
  other = 0,
  upper = 1,
  lower = 2,
  digit = 4,
  space = 8,
  alpha = upper | lower,
  alnum = 7
};

constexpr auto ascii_class = [] {
  std::array<std::uint8_t, 256> table{};
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = upper;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = lower;
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = digit;
  for (const char c : " \t\n\r\f\v"sv) table[static_cast<std::size_t>(c)] = space;
  return table;
}();

std::uint8_t class_of(char c) { return ascii_class[static_cast<unsigned char>(c)]; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

enum class Wide : std::uint8_t { letter, mark, digit, ideograph, space, ignorable, separator, symbol };

/// What a code point beyond ASCII is to us.
Wide classify(char32_t c) {
  if (c == 0xAD || c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF ||
      (c >= 0xFE00 && c <= 0xFE0F) || c == 0x200E || c == 0x200F)
    return Wide::ignorable;
  if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x323AF) ||
      (c >= 0x3041 && c <= 0x3096) || (c >= 0xF900 && c <= 0xFAFF))
    return Wide::ideograph;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL: return Wide::letter;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME: return Wide::mark;
    case UTF8PROC_CATEGORY_ND: return Wide::digit;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return Wide::space;
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO: return Wide::separator;
    default: return Wide::symbol;
  }
}

/// Full-width Latin is the ASCII it shows.
char32_t narrow(char32_t c) { return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c; }

/// Units that may follow a number without a space.
bool is_unit(std::string_view text, std::size_t begin, std::size_t end) {
  static constexpr std::string_view units[] = {"h",       "hr",    "hrs",   "hour",   "hours", "min", "mins",
                                               "minutes", "sec",   "secs",  "day",    "days",  "wk",  "wks",
                                               "week",    "weeks", "month", "months", "yr",    "yrs", "year",
                                               "years",   "am",    "pm",    "x",      "stars", "star"};
  const auto word = text.substr(begin, end - begin);
  for (const auto unit : units) {
    if (unit.size() != word.size()) continue;
    std::size_t i = 0;
    while (i < unit.size() && (word[i] | 0x20) == unit[i]) ++i;
    if (i == unit.size()) return true;
  }
  return false;
}

/// The sequence's first code point, decoded, and where it ends; ill-formed bytes give a separator's U+0000.
struct Decoded {
  char32_t c = 0;
  std::size_t end = 0;
};
Decoded decode(std::string_view text, std::size_t at) {
  if (utf8::sequence_length(text, at) == 0) return {.c = 0, .end = at + 1};
  const auto c = utf8::next(text, at);
  return {.c = c, .end = at};
}

/// Length of an apostrophe at `at` (straight, curly, modifier letter, reversed quotation mark), or 0.
std::size_t apostrophe(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] == '\'') return 1;
  const auto rest = text.substr(at);
  if (rest.starts_with("\u2019") || rest.starts_with("\u2018") || rest.starts_with("\u201B")) return 3;
  return rest.starts_with("\u02BC") || rest.starts_with("\u00B4") ? 2 : 0;
}

/// Letters with combining marks become their composed form, in place; long words stay as they are.
std::size_t compose(char* bytes, std::size_t size) {
  std::array<utf8proc_int32_t, 64> points{};
  std::size_t count = 0;
  for (std::size_t at = 0; at < size;) {
    if (count == points.size()) return size;
    points[count++] = static_cast<utf8proc_int32_t>(utf8::next({bytes, size}, at));
  }
  constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  const auto composed =
      utf8proc_normalize_utf32(points.data(), static_cast<utf8proc_ssize_t>(count), options);
  if (composed < 0) return size;
  std::size_t written = 0;
  for (utf8proc_ssize_t i = 0; i < composed; ++i) {
    utf8proc_uint8_t encoded[4];
    const auto n =
        static_cast<std::size_t>(utf8proc_encode_char(points[static_cast<std::size_t>(i)], encoded));
    if (written + n > size) return size;
    for (std::size_t k = 0; k < n; ++k) bytes[written++] = static_cast<char>(encoded[k]);
  }
  return written;
}

bool letter_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  if (is_ascii(text[at])) return (class_of(text[at]) & alpha) != 0;
  const auto decoded = decode(text, at);
  return decoded.c != 0 && classify(decoded.c) == Wide::letter;
}
bool word_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  if (is_ascii(text[at])) return (class_of(text[at]) & alnum) != 0;
  const auto decoded = decode(text, at);
  if (decoded.c == 0 || emoji::length(text, at) != 0) return false;
  const auto kind = classify(decoded.c);
  return kind == Wide::letter || kind == Wide::mark || kind == Wide::digit || kind == Wide::ideograph;
}

}  // namespace

/// One text on its way into one buffer.
class Tokenizer::Scanner {
 public:
  Scanner(std::string_view text, const HashtagSplitter& splitter, std::vector<Token>& tokens, char* arena,
          std::size_t& used)
      : text_(text), splitter_(splitter), tokens_(tokens), arena_(arena), used_(used) {}

  void run() {
    while (at_ < text_.size()) step();
  }

 private:
  void step();
  void wide();
  void number();
  std::size_t word(std::size_t end, bool in_hashtag);
  void hashtag();
  bool address();
  bool entity();
  void punctuation();
  bool picture();
  bool emoticon();
  void ideograph(bool in_hashtag);

  bool glued() const { return at_ > 0 && at_ == word_end_; }
  Token& emit(TokenKind kind, std::size_t begin, std::size_t end, std::size_t folded_from);
  void put(char c) { arena_[used_++] = c; }
  void put(std::string_view s) {
    for (const char c : s) put(c);
  }
  void put(char32_t c) {
    utf8proc_uint8_t bytes[4];
    const auto n = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes);
    for (utf8proc_ssize_t i = 0; i < n; ++i) put(static_cast<char>(bytes[i]));
  }
  void mark(std::string_view folded, std::size_t length) {
    const auto from = used_;
    put(folded);
    emit(TokenKind::punctuation, at_, at_ + length, from);
    if (folded == "." || folded == "!" || folded == "?" || folded == "?!" || folded == "...")
      sentence_ = true;
    at_ += length;
  }

  std::string_view text_;
  const HashtagSplitter& splitter_;
  std::vector<Token>& tokens_;
  char* arena_;
  std::size_t& used_;
  std::size_t at_ = 0;
  std::size_t word_end_ = 0;     ///< where the last word or number ended
  std::size_t covered_end_ = 0;  ///< where the last token ended
  bool sentence_ = true;
};

Token& Tokenizer::Scanner::emit(TokenKind kind, std::size_t begin, std::size_t end, std::size_t folded_from) {
  const std::string_view folded(arena_ + folded_from, used_ - folded_from);
  Token token{.kind = kind,
              .span = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
              .folded = folded,
              .hash = hash64(folded)};
  token.base = token.hash;
  if (kind == TokenKind::word && folded.size() > 2 && folded.ends_with("'s"))
    token.base = hash64(folded.substr(0, folded.size() - 2));
  token.after_space = begin == 0 || begin > covered_end_;
  if (kind == TokenKind::word || kind == TokenKind::number) {
    token.sentence_start = sentence_;
    sentence_ = false;
    word_end_ = end;
  }
  covered_end_ = end;
  tokens_.push_back(token);
  return tokens_.back();
}

void Tokenizer::Scanner::step() {
  const char c = text_[at_];
  const auto kind = class_of(c);
  if (kind == space) {
    if (c == '\n') sentence_ = true;
    ++at_;
  } else if (kind & alpha) {
    if (!address() && (glued() || !emoticon())) word(text_.size(), false);
  } else if (kind == digit) {
    if (!picture() && !address()) number();
  } else if (!is_ascii(c)) {
    wide();
  } else if (c == '@' || c == '#') {
    if (picture() || address()) return;
    if (c == '#')
      hashtag();
    else
      mark("@", 1);
  } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
    ++at_;
  } else if (!emoticon() && !picture() && !entity()) {
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
  const auto from = used_;
  put(found.folded);
  emit(TokenKind::emoticon, at_, at_ + found.length, from).elongated = found.elongated;
  at_ += found.length;
  return true;
}

/// URLs, e-mail addresses and handles; all are folded to lower case (ASCII), handles without '@'.
bool Tokenizer::Scanner::address() {
  const auto found = address_at(text_, at_, glued());
  if (found.length == 0) return false;
  const auto from = used_;
  const auto skip = found.kind == TokenKind::handle ? 1u : 0u;
  for (const char c : text_.substr(at_ + skip, found.length - skip))
    put(class_of(c) == upper ? static_cast<char>(c | 0x20) : c);
  emit(found.kind, at_, at_ + found.length, from);
  at_ += found.length;
  return true;
}

/// The four entities that leak into plain text from careless sources.
bool Tokenizer::Scanner::entity() {
  if (text_[at_] != '&') return false;
  const auto rest = text_.substr(at_);
  if (rest.starts_with("&lt;3")) {
    const auto from = used_;
    put("<3"sv);
    emit(TokenKind::emoticon, at_, at_ + 5, from);
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
  mark(text_.substr(at_, 1), end - at_);
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
    const bool unit = !word_at(text_, tail) && is_unit(text_, end, tail);
    if (!unit) {  // "4th", "3G", "2fa": a word that begins with a digit
      word(text_.size(), false);
      return;
    }
  }
  const auto from = used_;
  put(text_.substr(start, end - start));
  emit(TokenKind::number, start, end, from);
  at_ = end;
}

/// Folds one word from `at_` on, at most to `limit`; returns the bytes read.
std::size_t Tokenizer::Scanner::word(std::size_t limit, bool in_hashtag) {
  const auto start = at_, from = used_;
  const auto text = text_.substr(0, limit);
  std::size_t end = start, letters = 0, capitals = 0, run = 0;
  char32_t previous = 0;
  bool elongated = false, marks = false;
  const auto repeats = [&](char32_t c) {
    run = c == previous ? run + 1 : 1;
    previous = c;
    elongated |= run > 2;
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
      const auto low = static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(plain)));
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
  auto& token = emit(TokenKind::word, start, end, from);
  token.all_caps = letters >= 2 && capitals == letters;
  token.elongated = elongated;
  token.in_hashtag = in_hashtag;
  at_ = end;
  return end - start;
}

/// Han and hiragana are written without spaces; each character is a word, phrases join them.
void Tokenizer::Scanner::ideograph(bool in_hashtag) {
  const auto decoded = decode(text_, at_);
  const auto from = used_;
  put(decoded.c);
  emit(TokenKind::word, at_, decoded.end, from).in_hashtag = in_hashtag;
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
    put(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(narrow(decoded.c)))));
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
        const char narrow_mark = static_cast<char>(c);
        return mark({&narrow_mark, 1}, length);
      }
      mark(text_.substr(at_, length), length);
  }
}

void Tokenizer::tokenize(std::string_view text, TokenBuffer& out) const {
  out.clear();
  // Folding never more than doubles a text (2-byte capitals with a 3-byte small letter), and a hashtag is
  // stored twice: whole and in words.
  const auto bound = text.size() * 4 + 16;
  if (out.arena_.size() < bound) out.arena_.resize(bound);
  Scanner scanner(text, splitter_, out.tokens_, out.arena_.data(), out.used_);
  scanner.run();
  EARSHOT_ASSERT(out.used_ <= out.arena_.size());
}

}  // namespace earshot::analysis
