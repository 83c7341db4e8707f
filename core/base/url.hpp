#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// URLs as RFC 3986 splits them, with the leniency that posts and feeds need. No I/O, no name resolution.
namespace earshot {

struct Url {
  std::string scheme;  ///< lower case, without ':'
  std::string userinfo;
  std::string host;  ///< lower case; IPv6 with its brackets
  std::string port;  ///< empty when it is the scheme's default
  std::string path;
  std::optional<std::string> query;     ///< without '?'
  std::optional<std::string> fragment;  ///< without '#'

  /// Scheme, host and port, as "https://example.com:8443".
  std::string origin() const;
  std::string str() const;
  bool operator==(const Url&) const = default;
};

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

/// An absolute URL with a host; nothing for anything else. Spaces, quotes and non-ASCII bytes are percent-encoded,
/// control characters refuse it.
std::optional<Url> parse_url(std::string_view text);

/// One spelling per page: http(s) only, lower-case host, no default port, no user, no fragment, dot segments resolved,
/// tracking parameters (utm_*, fbclid, gclid, ref, …) dropped, other parameters left in their order, "/" for an empty
/// path. Text that is not such a URL comes back empty. Idempotent.
std::string canonical_url(std::string_view text);

/// Resolves a reference against an absolute base (RFC 3986 §5.2); the reference itself when there is no usable base.
std::string resolve_url(std::string_view base, std::string_view reference);

bool same_origin(std::string_view a, std::string_view b);

std::string percent_encode(std::string_view text);
/// Decodes %XX; '+' becomes a space when `plus_is_space`.
std::string percent_decode(std::string_view text, bool plus_is_space = false);
QueryPairs parse_query(std::string_view query);
std::string encode_query(const QueryPairs& pairs);
/// First value of a parameter in a URL's query.
std::optional<std::string> query_value(std::string_view url, std::string_view name);
/// `base` with the pairs added to its query.
std::string with_query(std::string_view base, const QueryPairs& pairs);

}  // namespace earshot
