#include "net/link_header.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace earshot::net {
namespace {

/// "next prev", in quotes or bare, in any case.
bool names_relation(std::string_view parameters, std::string_view relation) {
  auto lower = ascii_lower(parameters);
  for (const auto parameter : split(lower, ';')) {
    auto text = trim(parameter);
    if (!text.starts_with("rel")) continue;
    text = trim(text.substr(3));
    if (!text.starts_with('=')) continue;
    text = trim(text.substr(1));
    while (text.ends_with(',') || text.ends_with(' ')) text.remove_suffix(1);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    for (const auto one : split(text, ' '))
      if (one == relation) return true;
  }
  return false;
}

std::optional<std::string> target_in(std::string_view header, std::string_view relation) {
  for (auto rest = header;;) {
    const auto open = rest.find('<');
    const auto close = open == std::string_view::npos ? open : rest.find('>', open);
    if (close == std::string_view::npos) return std::nullopt;
    const auto next = rest.find('<', close);
    const auto parameters = rest.substr(close + 1, next == std::string_view::npos ? next : next - close - 1);
    if (names_relation(parameters, relation)) return std::string(rest.substr(open + 1, close - open - 1));
    if (next == std::string_view::npos) return std::nullopt;
    rest = rest.substr(next);
  }
}

}  // namespace

std::optional<std::string> link_target(const HttpReply& reply, std::string_view relation) {
  for (const auto& [name, value] : reply.headers.items())
    if (ascii_iequals(name, "Link"))
      if (auto target = target_in(value, relation)) return target;
  return std::nullopt;
}

}  // namespace earshot::net
