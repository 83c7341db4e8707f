#include "delivery/escape.hpp"

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "core/base/utf8.hpp"

namespace earshot::delivery {

std::string escape_markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]()<>#+-.!|~:&").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
    if (c == '@') out += "\xE2\x80\x8B";  // a space of no width: no name, nobody is called
  }
  return out;
}

std::string escape_slack(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out.push_back(c);
  }
  return out;
}

std::string escape_json(std::string_view text) {
  const auto quoted = json_quote(text);
  return quoted.substr(1, quoted.size() - 2);
}

std::string clip(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view dots = "…";
  if (text.size() <= bytes_max) return std::string(text);
  if (bytes_max < dots.size()) return {};
  return std::string(utf8::truncate(text, bytes_max - dots.size())) + std::string(dots);
}

std::string one_line(std::string_view text, std::size_t bytes_max) {
  return clip(squeeze_space(printable(utf8::sanitise(text))), bytes_max);
}

std::string safe_link(std::string_view url) {
  const auto parsed = parse_url(url);
  if (!parsed || (parsed->scheme != "http" && parsed->scheme != "https") || url.size() > 2'000) return {};
  std::string out;
  for (const char c : parsed->str()) {
    switch (c) {
      case '<': out += "%3C"; break;
      case '>': out += "%3E"; break;
      case '|': out += "%7C"; break;
      case '(': out += "%28"; break;
      case ')': out += "%29"; break;
      case '\\': out += "%5C"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

}  // namespace earshot::delivery
