#include "tests/support/oauth_server.hpp"

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "net/auth/digest.hpp"
#include "net/auth/json_object.hpp"
#include "tests/support/jwt_check.hpp"

namespace earshot::test {
namespace {

using net::auth::base64;
using net::auth::base64url;
using net::auth::JsonObject;

std::string value_of(const QueryPairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return {};
}

std::string header_of(const std::string& request, const std::string& name) {
  const auto at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos || at > request.find("\r\n\r\n")) return {};
  const auto from = at + name.size() + 4;
  return request.substr(from, request.find("\r\n", from) - from);
}

std::string bearer_of(const std::string& request) {
  const auto value = header_of(request, "Authorization");
  return value.starts_with("Bearer ") ? value.substr(7) : std::string();
}

std::string oauth_error(int status, const std::string& code) {
  return http_reply(status, "{\"error\":\"" + code + "\",\"error_description\":\"no\"}",
                    "Content-Type: application/json\r\n");
}

std::string json(const std::string& body, const std::string& headers = "", int status = 200) {
  return http_reply(status, body, "Content-Type: application/json\r\n" + headers);
}

}  // namespace

OAuthServer::OAuthServer(std::chrono::milliseconds lifetime)
    : lifetime_(lifetime), server_([this](const std::string& request) {
        std::chrono::milliseconds thinking{0};
        {
          const std::lock_guard lock(mutex_);
          if (request.starts_with("POST ")) thinking = thinking_;
        }
        return std::vector<LocalServer::Piece>{{.bytes = answer(request), .before = thinking}};
      }) {}

std::string OAuthServer::grant() {
  const std::lock_guard lock(mutex_);
  auto token = new_token("refresh");
  refresh_.insert(token);
  return token;
}

std::string OAuthServer::issue_code(const std::string& challenge, const std::string& redirect_uri) {
  const std::lock_guard lock(mutex_);
  auto code = new_token("code");
  codes_[code] = {challenge, redirect_uri};
  return code;
}

void OAuthServer::revoke_all() {
  const std::lock_guard lock(mutex_);
  refresh_.clear();
  access_.clear();
}

void OAuthServer::answer_tokens_with(std::vector<std::string> replies) {
  const std::lock_guard lock(mutex_);
  scripted_ = std::move(replies);
}

void OAuthServer::expect_assertions_of(const std::string& public_key_pem, const std::string& algorithm) {
  const std::lock_guard lock(mutex_);
  key_ = public_key_pem;
  algorithm_ = algorithm;
}

void OAuthServer::set_clock_offset(std::chrono::seconds offset) {
  const std::lock_guard lock(mutex_);
  clock_offset_ = offset;
}

void OAuthServer::refuse_all() {
  const std::lock_guard lock(mutex_);
  refusing_ = true;
}

void OAuthServer::think(std::chrono::milliseconds time) {
  const std::lock_guard lock(mutex_);
  thinking_ = time;
}

std::string OAuthServer::last_scope() const {
  const std::lock_guard lock(mutex_);
  return scope_;
}

int OAuthServer::count(const int& counter) const {
  const std::lock_guard lock(mutex_);
  return counter;
}

std::string OAuthServer::new_token(const std::string& kind) {
  return kind + "-" + std::to_string(++next_) + "-" + net::auth::random_text(12);
}

/// Tokens of the AT Protocol are JWTs, whose life clients read.
std::string OAuthServer::new_session_token(const std::string& kind) {
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const auto payload = "{\"scope\":\"" + kind + std::to_string(++next_) +
                       "\",\"iat\":" + std::to_string(now) +
                       ",\"exp\":" + std::to_string(now + lifetime_.count() / 1000) + "}";
  return base64url("{\"alg\":\"ES256K\"}") + "." + base64url(payload) + "." + net::auth::random_text(12);
}

std::string OAuthServer::answer(const std::string& request) {
  const std::lock_guard lock(mutex_);
  const auto words = split(std::string_view(request).substr(0, request.find("\r\n")), ' ');
  const std::string path(words.at(1).substr(0, words.at(1).find('?')));
  if (words.at(0) == "POST") return answer_token(request, path);
  return answer_api(request);
}

std::string OAuthServer::answer_token(const std::string& request, const std::string& path) {
  ++token_requests_;
  if (!scripted_.empty()) {
    const auto reply = scripted_.front();
    scripted_.erase(scripted_.begin());
    return reply;
  }
  if (path.starts_with("/xrpc/")) return answer_session(request, path);
  if (path == "/app/installations/77/access_tokens") return answer_assertion(bearer_of(request), "token");
  if (path == "/token") return answer_form(request);
  return http_reply(404, "");
}

bool OAuthServer::client_is_right(const std::string& request, const QueryPairs& form) const {
  const auto basic = base64(percent_encode(client_id) + ":" + percent_encode(client_secret));
  if (header_of(request, "Authorization") == "Basic " + basic) return true;
  return value_of(form, "client_id") == client_id && value_of(form, "client_secret") == client_secret;
}

std::string OAuthServer::answer_form(const std::string& request) {
  const auto form = parse_query(std::string_view(request).substr(request.find("\r\n\r\n") + 4));
  const auto grant_type = value_of(form, "grant_type");
  scope_ = value_of(form, "scope");
  if (grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer")
    return answer_assertion(value_of(form, "assertion"), "access_token");
  if (!client_is_right(request, form)) return oauth_error(401, "invalid_client");
  if (grant_type == "client_credentials") return json(tokens(""));
  if (grant_type == "authorization_code") {
    const auto code = codes_.find(value_of(form, "code"));
    const bool right = code != codes_.end() && code->second.redirect_uri == value_of(form, "redirect_uri") &&
                       code->second.challenge == net::auth::pkce_challenge(value_of(form, "code_verifier"));
    if (code != codes_.end()) codes_.erase(code);
    if (!right) return oauth_error(400, "invalid_grant");
  } else if (grant_type == "refresh_token") {
    const auto token = value_of(form, "refresh_token");
    if (used_.contains(token)) refresh_.clear();  // stolen or replayed: the whole grant is over
    if (refresh_.erase(token) == 0) return oauth_error(400, "invalid_grant");
    used_.insert(token);
  } else {
    return oauth_error(400, "unsupported_grant_type");
  }
  auto refresh = new_token("refresh");
  refresh_.insert(refresh);
  return json(tokens(refresh));
}

std::string OAuthServer::tokens(const std::string& refresh) {
  const auto access = new_token("access");
  access_[access] = Clock::now() + lifetime_;
  return "{\"access_token\":\"" + access +
         "\",\"token_type\":\"Bearer\",\"expires_in\":" + std::to_string(lifetime_.count() / 1000) +
         (refresh.empty() ? "" : ",\"refresh_token\":\"" + refresh + "\"") + "}";
}

std::string OAuthServer::answer_session(const std::string& request, const std::string& path) {
  if (path == "/xrpc/com.atproto.server.createSession") {
    const auto body = JsonObject::parse(std::string_view(request).substr(request.find("\r\n\r\n") + 4));
    if (!body || body->text("password") != password || body->text("identifier") != "ann.test")
      return oauth_error(401, "AuthenticationRequired");
  } else if (path == "/xrpc/com.atproto.server.refreshSession") {
    const auto token = bearer_of(request);
    if (used_.contains(token)) return oauth_error(400, "ExpiredToken");
    if (refresh_.erase(token) == 0) return oauth_error(400, "InvalidToken");
    used_.insert(token);
  } else {
    return oauth_error(501, "MethodNotImplemented");
  }
  const auto access = new_session_token("access"), refresh = new_session_token("refresh");
  access_[access] = Clock::now() + lifetime_;
  refresh_.insert(refresh);
  return json("{\"did\":\"did:plc:a\",\"accessJwt\":\"" + access + "\",\"refreshJwt\":\"" + refresh +
              "\",\"active\":true}");
}

std::string OAuthServer::answer_assertion(const std::string& assertion, const std::string& name) {
  const auto now = std::chrono::system_clock::now() + clock_offset_;
  const auto server_now = std::chrono::time_point_cast<std::chrono::milliseconds>(now);
  const auto date = "Date: " + format_http_date(server_now) + "\r\n";
  const auto claims = check_jwt(assertion, key_, algorithm_);
  const auto seconds = static_cast<double>(to_ms(server_now)) / 1000;
  const auto issued = claims ? claims->number("iat").value_or(0) : 0;
  const auto expires = claims ? claims->number("exp").value_or(0) : 0;
  if (!claims || issued > seconds || expires < seconds || expires > seconds + 600)
    return http_reply(name == "token" ? 401 : 400, "{\"error\":\"invalid_grant\"}",
                      "Content-Type: application/json\r\n" + date);
  scope_ = claims->text("scope");
  const auto access = new_token("access");
  access_[access] = Clock::now() + lifetime_;
  const auto life = std::to_string(lifetime_.count() / 1000);
  const auto end = format_rfc3339(server_now + lifetime_);
  return json(
      "{\"" + name + "\":\"" + access + "\",\"expires_in\":" + life + ",\"expires_at\":\"" + end + "\"}",
      date, 201);
}

std::string OAuthServer::answer_api(const std::string& request) {
  ++api_requests_;
  const auto token = bearer_of(request);
  const auto found = access_.find(token);
  if (!refusing_ && found != access_.end() && Clock::now() < found->second) return json("{\"ok\":true}");
  ++refused_;
  if (request.starts_with("GET /xrpc/")) return oauth_error(400, "ExpiredToken");
  return http_reply(401, "{\"error\":\"invalid_token\",\"token\":\"" + token + "\"}",
                    "Content-Type: application/json\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n");
}

}  // namespace earshot::test
