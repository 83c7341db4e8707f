// Byte by byte, strings that own themselves: what the fast tokenizer does must be this, token by token. It
// shares with it what single characters, addresses, emoji and faces are.
#include "tests/analysis/reference/plain_tokenizer.hpp"

#include "analysis/text/address.hpp"
#include "analysis/text/characters.hpp"
#include "analysis/text/emoji.hpp"
#include "analysis/text/emoticon.hpp"
#include "analysis/text/hashtag.hpp"
#include "core/base/text.hpp"

namespace earshot::analysis::reference {
namespace {

using namespace characters;
using namespace std::string_view_literals;

class Scanner {
 public:
  Scanner(std::string_view text, std::vector<PlainToken>& tokens) : text_(text), tokens_(tokens) {}

  void run() {
    while (at_ < text_.size()) step();
  }

 private:
  void step();
  void wide();
  void number();
  void word(std::size_t end, bool in_hashtag);
  void hashtag();
  bool address();
  bool entity();
  void punctuation();
  bool picture();
  bool emoticon();
  void ideograph(bool in_hashtag);

  bool glued() const { return at_ > 0 && at_ == word_end_; }
  PlainToken& emit(TokenKind kind, std::size_t begin, std::size_t end, std::string folded) {
    const bool wordy = kind == TokenKind::word || kind == TokenKind::number;
    tokens_.push_back({.kind = kind,
                       .span = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
                       .folded = std::move(folded),
                       .sentence_start = wordy && sentence_,
                       .after_space = begin == 0 || begin > covered_end_});
    if (wordy) {
      sentence_ = false;
      word_end_ = end;
    }
    covered_end_ = end;
    return tokens_.back();
  }
  void mark(std::string_view folded, std::size_t length) {
    emit(TokenKind::punctuation, at_, at_ + length, std::string(folded));
    if (folded == "." || folded == "!" || folded == "?" || folded == "?!" || folded == "...")
      sentence_ = true;
    at_ += length;
  }
  static void put(std::string& out, char32_t c) {
    char bytes[4];
    out.append(bytes, encode(c, bytes));
  }

  std::string_view text_;
  std::vector<PlainToken>& tokens_;
  std::size_t at_ = 0;
  std::size_t word_end_ = 0;
  std::size_t covered_end_ = 0;
  bool sentence_ = true;
};

void Scanner::step() {
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

bool Scanner::picture() {
  const auto length = emoji::length(text_, at_);
  if (length == 0) return false;
  std::string folded(length, '\0');
  folded.resize(emoji::fold(text_.substr(at_, length), folded.data()));
  emit(TokenKind::emoji, at_, at_ + length, std::move(folded));
  at_ += length;
  return true;
}

bool Scanner::emoticon() {
  const auto found = emoticon_at(text_, at_, glued());
  if (found.length == 0) return false;
  emit(TokenKind::emoticon, at_, at_ + found.length, std::string(found.folded)).elongated = found.elongated;
  at_ += found.length;
  return true;
}

/// URLs, e-mail addresses and handles; all are folded to lower case (ASCII), handles without '@'.
bool Scanner::address() {
  const auto found = address_at(text_, at_, glued());
  if (found.length == 0) return false;
  std::string folded;
  const auto skip = found.kind == TokenKind::handle ? 1u : 0u;
  for (const char c : text_.substr(at_ + skip, found.length - skip))
    folded += class_of(c) == upper ? static_cast<char>(c | 0x20) : c;
  emit(found.kind, at_, at_ + found.length, std::move(folded));
  at_ += found.length;
  return true;
}

/// The four entities that leak into plain text from careless sources.
bool Scanner::entity() {
  if (text_[at_] != '&') return false;
  const auto rest = text_.substr(at_);
  if (rest.starts_with("&lt;3")) {
    emit(TokenKind::emoticon, at_, at_ + 5, "<3");
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

void Scanner::punctuation() {
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

void Scanner::number() {
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
  emit(TokenKind::number, start, end, std::string(text_.substr(start, end - start)));
  at_ = end;
}

/// Folds one word from `at_` on, at most to `limit`.
void Scanner::word(std::size_t limit, bool in_hashtag) {
  const auto start = at_;
  std::string folded;
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
      if (!repeats(static_cast<unsigned char>(low))) folded += low;
      ++end;
    } else if (kind == digit) {
      folded += c;
      previous = 0;
      ++end;
    } else if (is_ascii(c) && c != '\'') {
      break;
    } else if (const auto quote = apostrophe(text, end); quote != 0) {
      if (end == start || !letter_at(text, end + quote)) break;
      folded += '\'';
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
      if (wide_kind != Wide::letter || !repeats(low)) put(folded, low);
      end = decoded.end;
    }
  }
  if (folded.empty()) {  // only ignorable code points
    at_ = end > at_ ? end : at_ + 1;
    return;
  }
  if (marks) folded.resize(compose(folded.data(), folded.size()));
  auto& token = emit(TokenKind::word, start, end, std::move(folded));
  token.all_caps = letters >= 2 && capitals == letters;
  token.elongated = elongated;
  token.in_hashtag = in_hashtag;
  at_ = end;
}

/// Han and hiragana are written without spaces; each character is a word, phrases join them.
void Scanner::ideograph(bool in_hashtag) {
  const auto decoded = decode(text_, at_);
  std::string folded;
  put(folded, decoded.c);
  emit(TokenKind::word, at_, decoded.end, std::move(folded)).in_hashtag = in_hashtag;
  at_ = decoded.end;
}

void Scanner::hashtag() {
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
  std::string folded;
  for (auto i = begin; i < end;) {
    const auto decoded = decode(text_, i);
    put(folded, to_lower(narrow(decoded.c)));
    i = decoded.end;
  }
  emit(TokenKind::hashtag, at_, end, std::move(folded));
  static const HashtagSplitter splitter;
  const auto tag = text_.substr(begin, end - begin);
  const auto parts = splitter.split(tag, ascii_lower(tag));
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

void Scanner::wide() {
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

}  // namespace

std::vector<PlainToken> plain_tokens(std::string_view text) {
  std::vector<PlainToken> out;
  Scanner(text, out).run();
  return out;
}

std::vector<PlainToken> owned(Tokens tokens) {
  std::vector<PlainToken> out;
  for (const auto& token : tokens)
    out.push_back({.kind = token.kind,
                   .span = token.span,
                   .folded = std::string(token.folded),
                   .all_caps = token.has(all_caps),
                   .elongated = token.has(elongated),
                   .sentence_start = token.has(sentence_start),
                   .in_hashtag = token.has(in_hashtag),
                   .after_space = token.has(after_space)});
  return out;
}

}  // namespace earshot::analysis::reference
