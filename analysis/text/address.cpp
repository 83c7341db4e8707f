#include "analysis/text/address.hpp"

#include <algorithm>

namespace earshot::analysis {
namespace {

using namespace std::string_view_literals;

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name(char c) { return is_alnum(c) || c == '_'; }
bool is_label(char c) { return is_alnum(c) || c == '-'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// `prefix` is in lower case. Of our own, because this is asked for every word and must not make strings.
bool starts_with_icase(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i)
    if (lower(text[i]) != prefix[i]) return false;
  return true;
}

/// Top-level domains that are believed without "http" or a path before or behind them. Words such as "so",
/// "it" and "no" are missing on purpose: "late.So" is two sentences.
bool is_known_tld(std::string_view label) {
  static constexpr std::string_view known[] = {"com",    "org",  "net", "io",  "dev",    "app",  "edu", "gov",
                                               "social", "info", "co",  "uk",  "de",     "fr",   "es",  "eu",
                                               "ly",     "gl",   "tv",  "ca",  "nl",     "jp",   "au",  "br",
                                               "ru",     "ch",   "biz", "xyz", "online", "chat", "blog"};
  return std::ranges::any_of(
      known, [&](auto tld) { return tld.size() == label.size() && starts_with_icase(label, tld); });
}

struct Host {
  std::size_t end = 0;
  std::string_view last_label;
  std::size_t labels = 0;
};

/// labels joined by dots; a dot that no label follows ends the sentence, not the host.
Host host_at(std::string_view text, std::size_t at) {
  Host host{.end = at, .last_label = {}};
  for (;;) {
    auto end = host.end + (host.labels > 0 ? 1 : 0);
    const auto begin = end;
    while (end < text.size() && is_label(text[end])) ++end;
    if (end == begin) return host;
    host.end = end;
    host.last_label = text.substr(begin, end - begin);
    ++host.labels;
    if (end >= text.size() || text[end] != '.') return host;
  }
}

/// A closing curly quote or an ellipsis: what a platform puts behind a link it has cut.
bool closes(std::string_view text, std::size_t at) {
  if (text[at] != '\xE2') return false;
  const auto rest = text.substr(at);
  return rest.starts_with("\u201D") || rest.starts_with("\u2026");
}

/// The rest of a URL up to white space, quotes or what is more likely the sentence's punctuation.
std::size_t path_end(std::string_view text, std::size_t at) {
  auto end = at;
  while (end < text.size() && !is_space(text[end]) && text[end] != '"' && text[end] != '<' &&
         text[end] != '>' && text[end] != '@' && !closes(text, end))
    ++end;
  const auto open = std::ranges::count(text.substr(at, end - at), '(');
  const auto closed = std::ranges::count(text.substr(at, end - at), ')');
  while (end > at && ".,!?;:'*)]}"sv.find(text[end - 1]) != std::string_view::npos) {
    if (text[end - 1] == ')' && closed <= open) break;
    --end;
  }
  return end;
}

Address handle_at(std::string_view text, std::size_t at) {
  auto end = at + 1;
  while (end < text.size() && is_name(text[end])) ++end;
  if (end == at + 1) return {};
  // "@user@host.tld" (federated) and "@name.bsky.social" (a host as a name).
  if (end < text.size() && text[end] == '@') {
    const auto host = host_at(text, end + 1);
    if (host.labels >= 2) end = host.end;
  } else if (end < text.size() && (text[end] == '.' || text[end] == '-')) {
    const auto host = host_at(text, at + 1);
    if (host.labels >= 2 && is_known_tld(host.last_label) && host.end > end) end = host.end;
  }
  return {.length = end - at, .kind = TokenKind::handle};
}

}  // namespace

Address address_at(std::string_view text, std::size_t at, bool glued) {
  if (text[at] == '@') return glued ? Address{} : handle_at(text, at);
  if (glued) return {};
  const auto rest = text.substr(at);
  if ((rest[0] == 'h' || rest[0] == 'H') && starts_with_icase(rest, "http")) {
    const auto after = starts_with_icase(rest, "https") ? 5u : 4u;
    if (rest.substr(after).starts_with("://")) return {.length = path_end(text, at + after + 3) - at};
    if (after == rest.size() || !is_name(rest[after]))
      return {.length = after};  // a link cut off by its platform
  }
  // Cheap refusal: most words hold neither '.' nor '@' before the next space.
  std::size_t end = at;
  while (end < text.size() && (is_name(text[end]) || text[end] == '-' || text[end] == '+')) ++end;
  if (end >= text.size() || (text[end] != '.' && text[end] != '@')) return {};
  const auto mail = [&]() -> std::size_t {
    auto name = end;
    while (name < text.size() &&
           (is_name(text[name]) || text[name] == '.' || text[name] == '-' || text[name] == '+'))
      ++name;
    if (name >= text.size() || text[name] != '@') return 0;
    const auto host = host_at(text, name + 1);
    return host.labels >= 2 ? host.end : 0;
  }();
  if (mail != 0) return {.length = mail - at};
  const auto host = host_at(text, at);
  if (host.labels < 2 || host.end < end) return {};
  const bool www = host.labels >= 3 && starts_with_icase(rest, "www.");
  const bool path = host.end < text.size() && text[host.end] == '/' && host.last_label.size() >= 2 &&
                    !std::ranges::all_of(host.last_label, [](char c) { return c >= '0' && c <= '9'; }) &&
                    is_known_tld(host.last_label);
  if (!www && !is_known_tld(host.last_label)) return {};
  return {.length = (path || www ? path_end(text, host.end) : host.end) - at};
}

}  // namespace earshot::analysis
