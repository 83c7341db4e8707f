#include "core/base/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/base/utf8.hpp"

namespace earshot {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_hidden(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

/// Number of single-letter edits between two short words.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = lower(c);
  return out;
}

bool ascii_iequals(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool starts_with_icase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && ascii_iequals(text.substr(0, prefix.size()), prefix);
}

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {  // nearly all of nearly every text
      out.push_back(lower(text[at++]));
      continue;
    }
    utf8::append(out, fold_case(utf8::next(text, at)));
  }
  return out;
}

char32_t fold_case(char32_t code_point) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code_point)));
}

bool same_folded(std::string_view a, std::string_view b) {
  if (is_printable_ascii(a) && is_printable_ascii(b)) return ascii_iequals(a, b);
  return fold_case(a) == fold_case(b);
}

bool is_printable_ascii(std::string_view text) {
  // Eight bytes at once. The high bit of a byte of `outside` is set when that byte is below 0x20, is 0x7F or
  // is not ASCII; borrows and carries reach other bytes only from one that is outside itself.
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101, high = 0x8080'8080'8080'8080;
  std::uint64_t outside = 0;
  while (text.size() >= 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data(), 8);
    outside |= bytes | (bytes - 0x20 * ones) | (bytes + ones);
    text.remove_prefix(8);
  }
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F) return false;
  }
  return (outside & high) == 0;
}

std::string quote_printable(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const auto c = utf8::next(text, at);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else if (c == '\n') {
      out += "\\n";
    } else if (is_hidden(c)) {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out.push_back(hex[c >> shift & 15]);
    } else {
      utf8::append(out, c);
    }
  }
  out.push_back('"');
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = utf8::next(text, at);
    if (is_hidden(c))
      out.push_back(' ');
    else
      utf8::append(out, c);
  }
  return out;
}

std::string squeeze_space(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : trim(text)) {
    if (!is_space(c))
      out.push_back(c);
    else if (out.back() != ' ')
      out.push_back(' ');
  }
  return out;
}

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& known) {
  if (wanted.size() > 200) return {};
  std::string best;
  auto least = 2 + wanted.size() / 3;
  for (const auto& name : known) {
    const auto distance = edits(wanted, name);
    if (name.empty() || distance >= least) continue;
    least = distance;
    best = name;
  }
  return best;
}

}  // namespace earshot
