#include "daemon/api/http.hpp"

#include <charconv>

#include "core/base/json_writer.hpp"

namespace earshot::api {
namespace {

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
    case ErrorKind::malformed: return 400;
    case ErrorKind::unauthorized: return 401;
    case ErrorKind::forbidden: return 403;
    case ErrorKind::gone: return 404;
    case ErrorKind::too_large: return 413;
    case ErrorKind::rate_limited: return 429;
    case ErrorKind::busy:
    case ErrorKind::timed_out:
    case ErrorKind::cancelled: return 503;
    case ErrorKind::disk_full: return 507;
    default: return 500;
  }
}

}  // namespace

std::string Request::text(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return {};
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    case 507: return "Insufficient Storage";
    default: return status < 400 ? "OK" : status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

Response json(std::string body, int status) { return Response{.status = status, .body = std::move(body)}; }

Response problem(int status, std::string_view detail) {
  JsonWriter out;
  out.begin_object()
      .field("type", "about:blank")
      .field("title", reason_phrase(status))
      .field("status", status);
  out.field("detail", detail).end_object();
  return Response{.status = status, .content_type = "application/problem+json", .body = out.str()};
}

Response problem(const Error& error) {
  const int status = status_of(error.kind);
  // What broke inside is for the log; a caller can do nothing with it, and need not see our paths.
  if (status == 500) return problem(500, "the daemon could not answer; its log says why");
  if (error.kind == ErrorKind::timed_out || error.kind == ErrorKind::cancelled)
    return problem(503, "the question took too long; ask for a shorter stretch of time");
  return problem(status, error.message);
}

Response json(const Result<std::string>& text) { return text ? json(*text) : problem(text.error()); }

std::optional<std::int64_t> id_from(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (code != std::errc{} || end != text.data() + text.size() || out <= 0) return std::nullopt;
  return out;
}

std::optional<std::int64_t> number_of(const Request& request, std::string_view name, std::int64_t fallback,
                                      std::int64_t low, std::int64_t high) {
  const auto text = request.text(name);
  if (text.empty()) return fallback;
  const auto out = id_from(text);
  if (!out || *out < low || *out > high) return std::nullopt;
  return out;
}

}  // namespace earshot::api
