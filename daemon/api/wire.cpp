#include "daemon/api/wire.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "core/base/text.hpp"

namespace earshot::api::wire {
namespace http = boost::beast::http;
using boost::system::error_code;
namespace {

// Nothing but our own files runs or is loaded, nobody frames us, and nothing of a post can become a type of
// its own. Charts set their styles through the DOM, which this permits.
constexpr std::pair<const char*, const char*> security_headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
     "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"}};

/// Length of "http://" or "https://" at the begin; 0: it is a path.
std::size_t scheme_of(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (starts_with_icase(target, scheme)) return scheme.size();
  return 0;
}

std::string field(const Parser& parser, http::field name) { return std::string(parser.get()[name]); }

}  // namespace

Request request_of(const Parser& parser) {
  const auto& message = parser.get();
  Request out{.method = std::string(message.method_string())};
  if (out.method == "HEAD") out.method = "GET";
  std::string_view target(message.target().data(), message.target().size());
  out.host = field(parser, http::field::host);
  // Proxies are sent the whole address; its authority counts for more than Host (RFC 9112, 3.2.2).
  if (const auto scheme = scheme_of(target); scheme > 0) {
    target.remove_prefix(scheme);
    const auto end = std::min(target.find_first_of("/?"), target.size());
    out.host = std::string(target.substr(0, end));
    target.remove_prefix(end);
  }
  const auto mark = target.find('?');
  if (mark != 0 && !target.empty()) out.path = percent_decode(target.substr(0, mark));
  if (mark != std::string_view::npos) out.query = parse_query(target.substr(mark + 1));
  out.origin = field(parser, http::field::origin);
  out.fetch_site = std::string(message["Sec-Fetch-Site"]);
  out.content_type = field(parser, http::field::content_type);
  out.authorization = field(parser, http::field::authorization);
  out.cookie = field(parser, http::field::cookie);
  out.if_none_match = field(parser, http::field::if_none_match);
  out.accept_encoding = field(parser, http::field::accept_encoding);
  out.idempotency_key = std::string(message["Idempotency-Key"]);
  if (out.path.starts_with("/hooks/"))
    for (const auto& header : message)
      out.headers.emplace_back(std::string(header.name_string()), std::string(header.value()));
  return out;
}

Reply reply_of(Response response, unsigned version) {
  Reply out(static_cast<http::status>(response.status), version);
  out.reason(std::string(reason_phrase(response.status)));
  for (const auto& [name, value] : response.headers) out.insert(name, value);
  // A route may bring a policy of its own; two of them would both hold.
  for (const auto& [name, value] : security_headers)
    if (out.find(name) == out.end()) out.insert(name, value);
  if (response.status != 304) out.set(http::field::content_type, response.content_type);
  if (out.find(http::field::cache_control) == out.end())
    out.set(http::field::cache_control,
            response.lasting ? "public, max-age=31536000, immutable" : "private, no-cache");
  out.body() = std::move(response.body);
  return out;
}

Response complaint_of(error_code ec) {
  if (ec == http::error::body_limit) return problem(413, "the body is larger than 1 MB");
  if (ec == http::error::header_limit) return problem(431, "the request's head is larger than 16 KB");
  return problem(400, "this is no HTTP request");
}

Response no_room(std::string_view detail) {
  auto out = problem(503, detail);
  out.headers.emplace_back("Retry-After", "5");
  return out;
}

std::optional<Response> mistake_of(const Parser& parser) {
  const auto& message = parser.get();
  if (message.count(http::field::host) > 1) return problem(400, "there is more than one Host");
  const auto coding = message[http::field::content_encoding];
  if (!coding.empty() && !starts_with_icase(std::string_view(coding.data(), coding.size()), "identity"))
    return problem(415, "send the body as it is: no Content-Encoding is undone here");
  return std::nullopt;
}

bool is_http_mistake(error_code ec) {
  return ec.category() == make_error_code(http::error::bad_method).category() &&
         ec != http::error::end_of_stream && ec != http::error::partial_message;
}

}  // namespace earshot::api::wire
