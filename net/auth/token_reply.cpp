#include "net/auth/token_reply.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "net/auth/json_object.hpp"
#include "net/auth/jwt.hpp"
#include "net/classify.hpp"

namespace earshot::net::auth {
namespace {

/// Codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750, the AT Protocol and GitHub; nothing else of a body is
/// shown.
constexpr std::string_view codes[] = {"access_denied",
                                      "bad_verification_code",
                                      "insufficient_scope",
                                      "invalid_client",
                                      "invalid_grant",
                                      "invalid_request",
                                      "invalid_scope",
                                      "invalid_token",
                                      "server_error",
                                      "slow_down",
                                      "temporarily_unavailable",
                                      "unauthorized_client",
                                      "unsupported_grant_type",
                                      "AccountTakedown",
                                      "AuthFactorTokenRequired",
                                      "AuthMissing",
                                      "AuthenticationRequired",
                                      "ExpiredToken",
                                      "InvalidToken",
                                      "RateLimitExceeded"};

ErrorKind kind_of(std::string_view code) {
  if (code == "temporarily_unavailable" || code == "server_error") return ErrorKind::unreachable;
  if (code == "slow_down" || code == "RateLimitExceeded") return ErrorKind::rate_limited;
  if (code == "invalid_request" || code == "unsupported_grant_type" || code == "invalid_scope")
    return ErrorKind::bad_request;
  return ErrorKind::unauthorized;
}

/// What stands between a reply and its tokens.
std::optional<Error> refusal(const HttpReply& reply, Timestamp now) {
  const auto code = token_error_code(reply);
  auto error = classify_json(reply, now);
  if (code.empty()) return error;
  // A status that says to come back later outranks what the body says.
  if (error && is_transient(error->kind)) return error;
  if (!error) error = Error{.kind = {}, .message = "HTTP " + std::to_string(reply.status)};
  error->kind = kind_of(code);
  error->message = "HTTP " + std::to_string(reply.status) + ": the token endpoint answers " + code;
  return error;
}

Error malformed(const std::string& what) {
  // Not `malformed`, which would skip an item: an endpoint that answers nonsense may be well tomorrow.
  return Error{.kind = ErrorKind::unreachable, .message = "the token endpoint's answer " + what};
}

/// Header fields are lines: a token with a line break in it would write headers of its own.
bool is_header_text(std::string_view token) {
  return std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::optional<std::chrono::seconds> seconds_of(std::optional<double> number) {
  // Less than a second is no life: such a token would be bought anew for every request.
  if (!number || !(*number >= 1)) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(std::min(*number, 366 * 86'400.0)));
}

Result<JsonObject> object_of(const HttpReply& reply, Timestamp now) {
  if (auto error = refusal(reply, now)) return unexpected(std::move(*error));
  auto object = JsonObject::parse(trim(reply.body));
  if (!object) return unexpected(malformed("is no JSON object"));
  return std::move(*object);
}

Result<TokenReply> tokens_of(std::string access, std::string refresh,
                             std::optional<std::chrono::seconds> lifetime) {
  if (access.empty()) return unexpected(malformed("holds no token"));
  if (!is_header_text(access) || !is_header_text(refresh))
    return unexpected(malformed("holds a token that cannot stand in a header"));
  return TokenReply{.access_token = Secret(std::move(access)),
                    .refresh_token = Secret(std::move(refresh)),
                    .lifetime = lifetime};
}

}  // namespace

std::string token_error_code(const HttpReply& reply) {
  const auto object = JsonObject::parse(trim(reply.body));
  const auto code = object ? object->text("error") : std::string();
  return std::ranges::find(codes, code) == std::end(codes) ? std::string() : code;
}

Result<TokenReply> parse_token_reply(const HttpReply& reply, Timestamp now) {
  auto object = object_of(reply, now);
  if (!object) return unexpected(object.error());
  const auto type = object->text("token_type");
  if (!type.empty() && !ascii_iequals(type, "bearer"))
    return unexpected(ErrorKind::bad_request, "the token endpoint gives tokens of another type than bearer");
  return tokens_of(object->text("access_token"), object->text("refresh_token"),
                   seconds_of(object->number("expires_in")));
}

Result<TokenReply> parse_session_reply(const HttpReply& reply, Timestamp now) {
  auto object = object_of(reply, now);
  if (!object) return unexpected(object.error());
  auto access = object->text("accessJwt");
  const auto lifetime = jwt_lifetime(access, now);
  auto refresh = object->text("refreshJwt");
  if (refresh.empty()) return unexpected(malformed("holds no refreshJwt"));
  return tokens_of(std::move(access), std::move(refresh), lifetime);
}

Result<TokenReply> parse_installation_reply(const HttpReply& reply, Timestamp now) {
  auto object = object_of(reply, now);
  if (!object) return unexpected(object.error());
  std::optional<std::chrono::seconds> lifetime;
  if (const auto at = parse_rfc3339(object->text("expires_at"))) {
    // Both moments are the server's, where it tells its own.
    const auto date = reply.headers.find("Date");
    const auto from = (date ? parse_time(*date) : std::nullopt).value_or(now);
    lifetime = seconds_of(std::chrono::duration<double>(*at - from).count());
  }
  return tokens_of(object->text("token"), {}, lifetime);
}

bool refuses_token(const HttpReply& reply) {
  if (reply.status == 401) return true;
  if (reply.status != 400 && reply.status != 403) return false;
  const auto object = JsonObject::parse(trim(reply.body));
  if (!object) return false;
  if (reply.status == 400)
    if (const auto code = object->text("error"); code == "ExpiredToken" || code == "InvalidToken")
      return true;
  return object->inner_number("error", "code") == 190.0;
}

}  // namespace earshot::net::auth
