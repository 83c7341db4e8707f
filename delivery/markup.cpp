#include "delivery/markup.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

namespace earshot::delivery {

std::string escape_xml(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = utf8::next(text, at);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (c == '\r')
      out += "&#13;";
    else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0xFFFE || c == 0xFFFF)
      utf8::append(out, 0xFFFD);
    else
      utf8::append(out, c);
  }
  return out;
}

bool is_web(std::string_view url) {
  if (!starts_with_icase(url, "http://") && !starts_with_icase(url, "https://")) return false;
  return std::ranges::none_of(url, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '<' || c == '>' || c == '\\' ||
           c == '^' || c == '`' || c == '{' || c == '|' || c == '}';
  });
}

std::string slug(std::string_view name) {
  std::string out;
  const auto folded = fold_case(name);
  for (const char c : folded) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (kept)
      out.push_back(c);
    else if ((static_cast<unsigned char>(c) & 0x80) != 0) {
      constexpr std::string_view hex = "0123456789abcdef";
      out.push_back(hex[static_cast<unsigned char>(c) >> 4]);
      out.push_back(hex[static_cast<unsigned char>(c) & 15]);
    } else if (!out.empty() && out.back() != '-')
      out.push_back('-');
  }
  while (out.ends_with('-')) out.pop_back();
  return out.empty() ? "brand" : out;
}

}  // namespace earshot::delivery
