#include "core/base/html_attribute.hpp"

#include <algorithm>

#include "core/base/html_text.hpp"
#include "core/base/text.hpp"

namespace earshot {

std::string html_attribute(std::string_view tag, std::string_view wanted) {
  std::size_t at = 0;
  while (at < tag.size() && !is_html_blank(tag[at]) && tag[at] != '/') ++at;
  while (at < tag.size()) {
    while (at < tag.size() && (is_html_blank(tag[at]) || tag[at] == '/')) ++at;
    const auto begin = at;
    while (at < tag.size() && !is_html_blank(tag[at]) && tag[at] != '=' && tag[at] != '/') ++at;
    const auto name = tag.substr(begin, at - begin);
    if (name.empty() && at < tag.size() && tag[at] == '=') ++at;
    while (at < tag.size() && is_html_blank(tag[at])) ++at;
    if (at >= tag.size() || tag[at] != '=') continue;
    ++at;
    while (at < tag.size() && is_html_blank(tag[at])) ++at;
    std::string_view value;
    if (at < tag.size() && (tag[at] == '"' || tag[at] == '\'')) {
      const auto end = tag.find(tag[at], at + 1);
      if (end == std::string_view::npos) return {};
      value = tag.substr(at + 1, end - at - 1);
      at = end + 1;
    } else {
      const auto first = at;
      while (at < tag.size() && !is_html_blank(tag[at])) ++at;
      value = tag.substr(first, at - first);
    }
    if (ascii_iequals(name, wanted)) return unescape_html(value);
  }
  return {};
}

}  // namespace earshot
