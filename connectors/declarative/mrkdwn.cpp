#include "connectors/declarative/mrkdwn.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace earshot::connectors::declarative {
namespace {

/// The address that a reference leads to; empty: it leads nowhere that a browser could go.
bool is_web_address(std::string_view target) {
  return starts_with_icase(target, "http://") || starts_with_icase(target, "https://");
}

/// What stands for `<target|label>`; nothing: Slack writes no such reference.
std::string shown(std::string_view target, std::string_view label) {
  if (target.empty()) return {};
  const auto name = label.empty() ? target.substr(1) : label;
  switch (target.front()) {
    case '@': return (name.starts_with('@') ? "" : "@") + std::string(name);
    case '#': return (name.starts_with('#') ? "" : "#") + std::string(name);
    case '!':
      // A date and a group are written out in their label; <!here> and <!channel> have none.
      if (!label.empty()) return std::string(label);
      return "@" + std::string(name.substr(0, name.find('^')));
    default: break;
  }
  const auto colon = target.find(':');
  if (colon == std::string_view::npos) return {};
  if (!label.empty()) return std::string(label);
  return std::string(starts_with_icase(target, "mailto:") ? target.substr(colon + 1) : target);
}

}  // namespace

HtmlText mrkdwn_to_text(std::string_view text) {
  HtmlText out;
  std::string read;
  read.reserve(text.size());
  while (!text.empty()) {
    const auto open = text.find('<');
    read += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    // Slack escapes every other angle bracket, so the next one closes or opens a reference.
    const auto end = text.find_first_of("<>", 1);
    const bool closed = end != std::string_view::npos && text[end] == '>';
    const auto inside = text.substr(1, (closed ? end : 1) - 1);
    const auto bar = inside.find('|');
    const auto target = inside.substr(0, bar);
    const auto label = bar == std::string_view::npos ? std::string_view() : inside.substr(bar + 1);
    const auto words = closed ? shown(target, label) : std::string();
    if (words.empty()) {
      read += '<';
      text.remove_prefix(1);
      continue;
    }
    if (is_web_address(target)) out.links.push_back(unescape_html(target));
    read += words;
    text.remove_prefix(end + 1);
  }
  out.text = unescape_html(read);
  return out;
}

}  // namespace earshot::connectors::declarative
