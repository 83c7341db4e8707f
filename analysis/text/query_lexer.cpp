#include "analysis/text/query_lexer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace earshot::analysis::query {
namespace {

constexpr std::string_view prefixes[] = {"case", "exact", "author", "site", "lang", "source", "link"};

bool ends_word(char c) { return std::string_view(" \t\r\n()\"").find(c) != std::string_view::npos; }

Lexeme operator_or_word(Lexeme out) {
  if (out.text == "OR") out.kind = LexKind::op_or;
  if (out.text == "AND") out.kind = LexKind::op_and;
  if (out.text == "NOT") out.kind = LexKind::op_not;
  for (const auto& [name, kind] :
       {std::pair("NEAR/", LexKind::op_near), std::pair("ONEAR/", LexKind::op_ordered)}) {
    if (!out.text.starts_with(name)) continue;
    const auto digits = std::string_view(out.text).substr(std::string_view(name).size());
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out.distance);
    if (failure != std::errc{} || end != digits.data() + digits.size() || out.distance < 1 ||
        out.distance > 100)
      fail(out.column, std::string(name) + "n needs a distance from 1 to 100");
    out.kind = kind;
  }
  if (out.text == "NEAR" || out.text == "ONEAR") fail(out.column, "write " + out.text + "/n, such as NEAR/5");
  return out;
}

}  // namespace

void fail(std::size_t column, const std::string& what) {
  throw Failure{"column " + std::to_string(column) + ": " + what};
}

Lexeme Lexer::next() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
    ++at_;
  Lexeme out{.column = at_ + 1};
  if (at_ == text_.size()) return out;
  const char c = text_[at_];
  if (c == '(' || c == ')') {
    ++at_;
    out.kind = c == '(' ? LexKind::open : LexKind::close;
    return out;
  }
  if (c == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ' ') {
    ++at_;
    out.kind = LexKind::op_not;
    return out;
  }
  if (c == '"') return phrase(std::move(out));
  return word(std::move(out));
}

Lexeme Lexer::phrase(Lexeme out) {
  const auto end = text_.find('"', at_ + 1);
  if (end == std::string_view::npos) fail(at_ + 1, "the quote is not closed");
  out.kind = LexKind::phrase;
  out.quoted = true;
  out.text = std::string(text_.substr(at_ + 1, end - at_ - 1));
  at_ = end + 1;
  return out;
}

Lexeme Lexer::word(Lexeme out) {
  const auto start = at_;
  while (at_ < text_.size() && !ends_word(text_[at_])) {
    if (text_[at_] == ':' && out.prefix.empty()) {
      const auto name = text_.substr(start, at_ - start);
      if (std::ranges::find(prefixes, name) != std::end(prefixes)) {
        out.prefix = std::string(name);
        ++at_;
        if (at_ < text_.size() && text_[at_] == '"') return phrase(std::move(out));
        return rest(std::move(out));
      }
    }
    ++at_;
  }
  out.text = std::string(text_.substr(start, at_ - start));
  out.kind = LexKind::word;
  return operator_or_word(std::move(out));
}

Lexeme Lexer::rest(Lexeme out) {
  const auto start = at_;
  while (at_ < text_.size() && !ends_word(text_[at_])) ++at_;
  out.kind = LexKind::word;
  out.text = std::string(text_.substr(start, at_ - start));
  if (out.text.empty()) fail(out.column, out.prefix + ": needs a value");
  return out;
}

}  // namespace earshot::analysis::query
