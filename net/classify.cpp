#include "net/classify.hpp"

#include <string>

#include "core/base/text.hpp"
#include "net/retry_after.hpp"

namespace earshot::net {
namespace {

Error failure(ErrorKind kind, const HttpReply& reply, std::string_view what) {
  auto message = "HTTP " + std::to_string(reply.status);
  if (!what.empty()) message += ": " + std::string(what);
  return Error{.kind = kind, .message = std::move(message)};
}

Error waiting(ErrorKind kind, const HttpReply& reply, std::string_view what, Timestamp now) {
  auto error = failure(kind, reply, what);
  error.retry_after = requested_wait(reply.headers, now);
  return error;
}

bool header_contains(const HttpReply& reply, std::string_view name, std::string_view part) {
  const auto value = reply.headers.find(name);
  return value && ascii_lower(*value).find(part) != std::string::npos;
}

/// A challenge page of a content network stands between us and the site; asking again soon makes it worse.
bool is_challenge(const HttpReply& reply) { return header_contains(reply, "cf-mitigated", "challenge"); }

std::string_view without_bom(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  return trim(body);
}

}  // namespace

std::optional<Error> classify(const HttpReply& reply, Timestamp now) {
  const int status = reply.status;
  if ((status >= 200 && status < 300) || status == 304) return std::nullopt;
  switch (status) {
    case 401:
      return failure(ErrorKind::unauthorized, reply,
                     header_contains(reply, "WWW-Authenticate", "invalid_token")
                         ? "the access token is not valid"
                         : "credentials are needed");
    case 403:
      if (reply.headers.find("Retry-After") || budget_exhausted(reply.headers))
        return waiting(ErrorKind::rate_limited, reply, "the rate budget is used up", now);
      if (is_challenge(reply))
        return waiting(ErrorKind::unreachable, reply, "a challenge page stands before the site", now);
      return failure(ErrorKind::forbidden, reply, "not allowed");
    case 404:
    case 410:
    case 451:
      return failure(ErrorKind::gone, reply, status == 451 ? "withheld for legal reasons" : "not there");
    case 408: return waiting(ErrorKind::timed_out, reply, "the server gave up waiting", now);
    case 413:
    case 414:
    case 431: return failure(ErrorKind::bad_request, reply, "the request is too large");
    case 425: return waiting(ErrorKind::unreachable, reply, "too early", now);
    case 429: return waiting(ErrorKind::rate_limited, reply, "too many requests", now);
    case 420: return waiting(ErrorKind::rate_limited, reply, "too many requests", now);
    default: break;
  }
  if (status >= 300 && status < 400)
    return failure(ErrorKind::unreachable, reply, "a redirect that was not followed");
  if (status >= 400 && status < 500) return failure(ErrorKind::bad_request, reply, "the request was refused");
  if (status >= 500 && status < 600) {
    if (status == 501 || status == 505)
      return failure(ErrorKind::bad_request, reply, "the server does not offer this");
    return waiting(ErrorKind::unreachable, reply, "the server failed", now);
  }
  return failure(ErrorKind::unreachable, reply, "not an answer");
}

std::optional<Error> classify_json(const HttpReply& reply, Timestamp now) {
  if (auto error = classify(reply, now)) return error;
  if (reply.status == 304 || reply.status == 204) return std::nullopt;
  const auto body = without_bom(reply.body);
  if (body.empty()) return waiting(ErrorKind::unreachable, reply, "the body is empty", now);
  const bool html = body.front() == '<' || header_contains(reply, "Content-Type", "text/html");
  if (html && body.front() != '{' && body.front() != '[')
    return waiting(ErrorKind::unreachable, reply, "a page came where JSON was expected", now);
  return std::nullopt;
}

std::optional<Error> classify_live(const LiveReply& live, Timestamp now) {
  const bool switched = live.connection && live.reply.status == 101;
  if (switched) return std::nullopt;
  if (auto error = classify(live.reply, now)) return error;
  if (!live.connection)
    return waiting(ErrorKind::unreachable, live.reply, "the server does not stream here", now);
  if (header_contains(live.reply, "Content-Type", "text/html"))
    return waiting(ErrorKind::unreachable, live.reply, "a page came where a stream was expected", now);
  return std::nullopt;
}

}  // namespace earshot::net
