#include "core/base/url.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

namespace earshot {
namespace {

constexpr std::size_t url_bytes_max = 8192;

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_unreserved(char c) {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void append_percent(std::string& out, char c) {
  static constexpr char hex[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out.push_back('%');
  out.push_back(hex[byte >> 4]);
  out.push_back(hex[byte & 15]);
}

/// Encodes what may not stand in a URL; leaves valid escapes alone.
std::string encode_unsafe(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '"' || c == '<' || c == '>' || c == '`' || c == '{' ||
        c == '}' || c == '|' || c == '\\' || c == '^')
      append_percent(out, c);
    else
      out.push_back(c);
  }
  return out;
}

std::string_view default_port(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws") return "80";
  if (scheme == "https" || scheme == "wss") return "443";
  return {};
}

struct Parts {
  std::string_view scheme, authority, path;
  std::optional<std::string_view> query, fragment;
  bool has_authority = false;
};

Parts split_reference(std::string_view text) {
  Parts parts;
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    parts.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const auto mark = text.find('?'); mark != std::string_view::npos) {
    parts.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  std::size_t end = 0;
  while (end < text.size() && (is_alpha(text[end]) || (end > 0 && (is_digit(text[end]) || text[end] == '+' ||
                                                                   text[end] == '-' || text[end] == '.'))))
    ++end;
  if (end > 0 && end < text.size() && text[end] == ':') {
    parts.scheme = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (text.starts_with("//")) {
    parts.has_authority = true;
    const auto slash = text.find('/', 2);
    parts.authority = text.substr(2, slash == std::string_view::npos ? slash : slash - 2);
    text = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
  }
  parts.path = text;
  return parts;
}

std::string remove_dot_segments(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> kept;
  const auto segments = split(absolute ? path.substr(1) : path, '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool last = i + 1 == segments.size();
    if (segments[i] == "." || segments[i] == "..") {
      if (segments[i] == ".." && !kept.empty()) kept.pop_back();
      if (last) kept.push_back("");
    } else {
      kept.push_back(segments[i]);
    }
  }
  std::string out;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0 || absolute) out.push_back('/');
    out += kept[i];
  }
  return out.empty() && absolute ? "/" : out;
}

bool is_tracker(std::string_view name) {
  static constexpr std::string_view names[] = {"_ga",
                                               "_gl",
                                               "_hsenc",
                                               "_hsmi",
                                               "cmpid",
                                               "dclid",
                                               "fbclid",
                                               "fb_action_ids",
                                               "fb_action_types",
                                               "fb_ref",
                                               "fb_source",
                                               "ga_source",
                                               "ga_medium",
                                               "ga_campaign",
                                               "gbraid",
                                               "gclid",
                                               "gclsrc",
                                               "gs_lcp",
                                               "hsctatracking",
                                               "icid",
                                               "igsh",
                                               "igshid",
                                               "mc_cid",
                                               "mc_eid",
                                               "mibextid",
                                               "mkt_tok",
                                               "msclkid",
                                               "ncid",
                                               "oly_anon_id",
                                               "oly_enc_id",
                                               "ref",
                                               "ref_src",
                                               "ref_url",
                                               "referrer",
                                               "s_cid",
                                               "s_kwcid",
                                               "share_id",
                                               "si",
                                               "spm",
                                               "srsltid",
                                               "trk",
                                               "ttclid",
                                               "twclid",
                                               "vero_id",
                                               "wbraid",
                                               "wickedid",
                                               "yclid",
                                               "__twitter_impression"};
  const auto lower = ascii_lower(name);
  return lower.starts_with("utm_") || lower.starts_with("pk_") || lower.starts_with("mtm_") ||
         std::ranges::find(names, lower) != std::end(names);
}

bool valid_host(std::string_view host) {
  if (host.empty() || host.size() > 255 || !utf8::is_valid(host)) return false;
  if (host.front() == '[')
    return host.size() > 3 && host.back() == ']' &&
           std::ranges::all_of(host.substr(1, host.size() - 2),
                               [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
  return std::ranges::none_of(host, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F ||
           std::string_view("/?#[]@:\\<>\"^`{|}%").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string Url::origin() const { return scheme + "://" + host + (port.empty() ? "" : ":" + port); }

std::string Url::str() const {
  auto out = scheme + "://" + (userinfo.empty() ? "" : userinfo + "@") + host +
             (port.empty() ? "" : ":" + port) + path;
  if (query) out += "?" + *query;
  if (fragment) out += "#" + *fragment;
  return out;
}

std::optional<Url> parse_url(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > url_bytes_max) return std::nullopt;
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    return std::nullopt;
  const auto parts = split_reference(text);
  if (parts.scheme.empty() || !parts.has_authority) return std::nullopt;
  Url url;
  url.scheme = ascii_lower(parts.scheme);
  auto authority = parts.authority;
  // Browsers read a backslash as a slash and others as part of the user: whom it names is open, so nobody.
  if (authority.find('\\') != std::string_view::npos) return std::nullopt;
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    url.userinfo = encode_unsafe(authority.substr(0, at));
    authority.remove_prefix(at + 1);
  }
  const auto bracket = authority.rfind(']');
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const auto port = authority.substr(colon + 1);
    if (port.size() > 5 || !std::ranges::all_of(port, is_digit)) return std::nullopt;
    if (port != default_port(url.scheme)) url.port = port;
    authority = authority.substr(0, colon);
  }
  url.host = ascii_lower(authority);
  while (url.host.ends_with('.')) url.host.pop_back();
  if (!valid_host(url.host)) return std::nullopt;
  url.path = encode_unsafe(parts.path);
  if (parts.query) url.query = encode_unsafe(*parts.query);
  if (parts.fragment) url.fragment = encode_unsafe(*parts.fragment);
  return url;
}

namespace {

/// As most URLs come: a plain host, a plain path without escapes, dot segments, query or fragment.
bool is_canonical(std::string_view text) {
  if (text.size() > url_bytes_max || !text.starts_with("http")) return false;
  text.remove_prefix(4);
  if (text.starts_with('s')) text.remove_prefix(1);
  if (!text.starts_with("://")) return false;
  text.remove_prefix(3);
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || text[slash - 1] == '.') return false;
  const auto host = text.substr(0, slash);
  const auto lower = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto in_host = [&](char c) { return lower(c) || c == '.' || c == '-'; };
  const auto in_path = [&](char c) {
    return lower(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '-' || c == '_' || c == '.';
  };
  const auto path = text.substr(slash);
  return std::ranges::all_of(host, in_host) && std::ranges::all_of(path, in_path) &&
         path.find("/.") == std::string_view::npos;
}

}  // namespace

std::string canonical_url(std::string_view text) {
  if (is_canonical(text)) return std::string(text);
  auto url = parse_url(text);
  if (!url || (url->scheme != "http" && url->scheme != "https")) return {};
  url->userinfo.clear();
  url->fragment.reset();
  url->path = url->path.empty() ? "/" : remove_dot_segments(url->path);
  if (url->query) {
    std::string kept;
    for (const auto pair : split(*url->query, '&')) {
      if (pair.empty() || is_tracker(pair.substr(0, pair.find('=')))) continue;
      if (!kept.empty()) kept.push_back('&');
      kept += pair;
    }
    if (kept.empty())
      url->query.reset();
    else
      url->query = std::move(kept);
  }
  // Escapes of unreserved characters are another spelling of the character; the rest are written in upper
  // case.
  const auto normal = [](std::string_view part) {
    std::string out;
    out.reserve(part.size());
    for (std::size_t i = 0; i < part.size(); ++i) {
      const bool escape =
          part[i] == '%' && i + 2 < part.size() && hex_value(part[i + 1]) >= 0 && hex_value(part[i + 2]) >= 0;
      if (!escape) {
        // A percent sign that escapes nothing stays, unless what is decoded behind it would make it an
        // escape.
        const bool would_escape = part[i] == '%' && part.substr(i + 1, 2).find('%') != std::string_view::npos;
        out += would_escape ? std::string_view("%25") : std::string_view(&part[i], 1);
        continue;
      }
      const char c = static_cast<char>(hex_value(part[i + 1]) * 16 + hex_value(part[i + 2]));
      // Dots stay escaped: decoding them could make a new dot segment.
      if (is_unreserved(c) && c != '.')
        out.push_back(c);
      else
        append_percent(out, c);
      i += 2;
    }
    return out;
  };
  url->path = normal(url->path);
  if (url->query) url->query = normal(*url->query);
  auto out = url->str();
  return out.size() <= url_bytes_max ? out : std::string();
}

std::string resolve_url(std::string_view base, std::string_view reference) {
  reference = trim(reference);
  const auto parts = split_reference(reference);
  const auto root = parse_url(base);
  if (!parts.scheme.empty() || !root) return std::string(reference);
  if (parts.has_authority) return root->scheme + ":" + std::string(reference);
  Url out = *root;
  out.fragment.reset();
  if (parts.fragment) out.fragment = std::string(*parts.fragment);
  if (parts.path.empty()) {
    if (parts.query) out.query = std::string(*parts.query);
    return out.str();
  }
  out.query.reset();
  if (parts.query) out.query = std::string(*parts.query);
  if (parts.path.front() == '/') {
    out.path = remove_dot_segments(parts.path);
  } else {
    const auto slash = root->path.rfind('/');
    const auto folder = slash == std::string::npos ? std::string("/") : root->path.substr(0, slash + 1);
    out.path = remove_dot_segments(folder + std::string(parts.path));
  }
  return out.str();
}

bool same_origin(std::string_view a, std::string_view b) {
  const auto left = parse_url(a);
  const auto right = parse_url(b);
  return left && right && left->scheme == right->scheme && left->host == right->host &&
         left->port == right->port;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c))
      out.push_back(c);
    else
      append_percent(out, c);
  }
  return out;
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

QueryPairs parse_query(std::string_view query) {
  QueryPairs pairs;
  for (const auto part : split(query, '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    pairs.emplace_back(percent_decode(part.substr(0, equals), true),
                       equals == std::string_view::npos ? "" : percent_decode(part.substr(equals + 1), true));
  }
  return pairs;
}

std::string encode_query(const QueryPairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out.push_back('&');
    out += percent_encode(name) + "=" + percent_encode(value);
  }
  return out;
}

std::optional<std::string> query_value(std::string_view url, std::string_view name) {
  const auto parts = split_reference(url);
  if (!parts.query) return std::nullopt;
  for (auto& [key, value] : parse_query(*parts.query))
    if (key == name) return std::move(value);
  return std::nullopt;
}

std::string with_query(std::string_view base, const QueryPairs& pairs) {
  std::string out(base);
  if (pairs.empty()) return out;
  out.push_back(out.find('?') == std::string::npos ? '?' : '&');
  return out + encode_query(pairs);
}

}  // namespace earshot
