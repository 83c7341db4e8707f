// The careful half of the tokenizer: what is not a plain word, number or handle, byte by byte.
#include "analysis/text/token_scanner.hpp"

#include <algorithm>

#include "analysis/text/address.hpp"
#include "analysis/text/emoji.hpp"
#include "analysis/text/emoticon.hpp"

namespace earshot::analysis {

using namespace std::string_view_literals;
using namespace characters;

void Tokenizer::Scanner::emit(TokenKind kind, std::size_t begin, std::size_t end, std::string_view folded,
                              unsigned traits) {
  std::uint64_t hash = 0;
  if (kind != TokenKind::punctuation)
    hash = kind == TokenKind::emoticon ? word_hash(folded) : word_hash_padded(folded.data(), folded.size());
  place(kind, begin, end, folded, hash, traits);
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
  for (; (class_of(lower_[end]) & alnum) != 0 || lower_[end] == '_'; ++end)  // zeros stand behind the text
    letters |= (class_of(lower_[end]) & alpha) != 0;
  const auto plain_end = end;
  if (!is_ascii(lower_[end])) end = wide_hashtag_end(end, letters);
  const bool plain = end == plain_end;
  if (!letters || glued()) return mark("#", 1);
  const auto from = used_;
  for (auto i = begin; i < end && !plain;) {
    const auto decoded = decode(text_, i);
    put(to_lower(narrow(decoded.c)));
    i = decoded.end;
  }
  emit(TokenKind::hashtag, at_, end,
       plain ? in_lower(begin, end) : std::string_view(arena_ + from, used_ - from));
  const auto parts = splitter_.split(text_.substr(begin, end - begin), in_lower(begin, end));
  at_ = begin;
  for (std::size_t i = 0; i < parts.count; ++i) {
    const auto limit = begin + parts.ends[i];
    while (at_ < limit) {
      if (text_[at_] == '_')
        ++at_;
      else if (const auto next = decode(text_, at_); next.c >= 0x80 && classify(next.c) == Wide::ideograph)
        ideograph(true);
      else if (!plain || !plain_part(limit))
        word(limit, true);
    }
  }
  at_ = end;
}

/// Where a tag with letters beyond ASCII ends, from its first of them on.
std::size_t Tokenizer::Scanner::wide_hashtag_end(std::size_t from, bool& letters) const {
  auto end = from;
  while (end < text_.size()) {
    if (text_[end] == '_') {
      ++end;
    } else if (word_at(text_, end)) {
      letters |= !is_ascii(text_[end]) || (class_of(text_[end]) & alpha) != 0;
      end = decode(text_, end).end;
    } else {
      break;
    }
  }
  return end;
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

}  // namespace earshot::analysis
