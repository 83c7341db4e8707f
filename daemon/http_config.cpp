#include "daemon/http_config.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"

namespace earshot::daemon {
namespace {

constexpr std::array<std::pair<Scope, std::string_view>, 6> scope_names{{{Scope::read, "read"},
                                                                         {Scope::feeds, "feeds"},
                                                                         {Scope::act, "act"},
                                                                         {Scope::ingest, "ingest"},
                                                                         {Scope::metrics, "metrics"},
                                                                         {Scope::admin, "admin"}}};

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

HttpToken read_token(TomlReader& reader) {
  HttpToken out{.name = reader.required_text("name"), .hash = {}};
  for (const auto& word : reader.list("scopes")) {
    if (const auto scope = scope_from(word))
      out.scopes = static_cast<std::uint8_t>(out.scopes | bit(*scope));
    else
      reader.mistake("scopes",
                     "'" + printable(word) + "' is none of read, feeds, act, ingest, metrics, admin");
  }
  if (out.scopes == 0 && reader.find("scopes") == nullptr)
    reader.mistake("scopes",
                   "is missing: which of read, feeds, act, ingest, metrics, admin may this token do?");
  auto hash = reader.required_text("hash");
  if (hash.starts_with("sha256:")) out.hash = hash.substr(7);
  // The text is not repeated: it could be the token itself.
  if (!hash.empty() && !is_hash(out.hash))
    reader.mistake("hash", "must be \"sha256:\" and 64 hexadecimal digits, as 'earshot token' prints it");
  if (const auto text = reader.text("expires"); !text.empty()) {
    out.expires = parse_rfc3339(text.size() == 10 ? text + "T00:00:00Z" : text);
    if (!out.expires) reader.mistake("expires", "must be a day such as \"2027-06-30\"");
  }
  return out;
}

}  // namespace

std::string_view to_string(Scope scope) {
  for (const auto& [known, name] : scope_names)
    if (known == scope) return name;
  return "none";
}

std::optional<Scope> scope_from(std::string_view name) {
  for (const auto& [scope, known] : scope_names)
    if (known == name) return scope;
  return std::nullopt;
}

std::optional<HttpAddress> parse_http_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto digits = text.substr(colon + 1);
  HttpAddress out;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (code != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  out.host = host;
  in_addr four{};
  in6_addr six{};
  if (!bracketed && inet_pton(AF_INET, out.host.c_str(), &four) == 1)
    out.loopback = (ntohl(four.s_addr) >> 24) == 127;
  else if (bracketed && inet_pton(AF_INET6, out.host.c_str(), &six) == 1)
    out.loopback = IN6_IS_ADDR_LOOPBACK(&six);
  else
    return std::nullopt;
  return out;
}

HttpConfig read_http(TomlReader& reader) {
  HttpConfig out;
  out.listen_given = reader.find("listen") != nullptr;
  out.listen = reader.text("listen", out.listen);
  if (out.listen == "off") out.listen.clear();
  out.socket = reader.text("socket");
  if (!out.socket.empty() && !out.socket.starts_with('/'))
    reader.mistake("socket", "must be a path that begins with /");
  out.hosts = reader.list("hosts");
  out.public_address = reader.text("public");
  while (out.public_address.ends_with('/')) out.public_address.pop_back();
  if (const auto url = parse_url(out.public_address);
      !out.public_address.empty() &&
      (!url || (url->scheme != "https" && url->scheme != "http") || url->query))
    reader.mistake("public", "must be an address such as \"https://listen.example.org\"");
  for (const auto* table : reader.tables("token")) {
    TomlReader token(*table, "http.token", reader.mistakes());
    out.tokens.push_back(read_token(token));
    token.finish();
  }
  if (!out.listen.empty()) {
    const auto address = parse_http_address(out.listen);
    if (!address)
      reader.mistake("listen", "must be a numeric address and a port such as \"127.0.0.1:8765\", or \"off\"");
    else if (!address->loopback && out.tokens.empty())
      reader.mistake(
          "listen",
          "others can reach this address: add a [[http.token]] ('earshot token' makes one), or listen on "
          "127.0.0.1");
  }
  reader.finish();
  return out;
}

}  // namespace earshot::daemon
