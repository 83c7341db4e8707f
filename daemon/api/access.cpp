#include "daemon/api/access.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "net/auth/digest.hpp"

namespace earshot::api {
namespace {

constexpr std::string_view cookie_name = "earshot_session";
constexpr std::chrono::hours session_life{12};
constexpr std::size_t sessions_max = 1000;
constexpr std::size_t failures_max = 10;  ///< a minute and peer
constexpr std::size_t peers_max = 10'000;

std::string host_only(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto bracket = text.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket))
    text = text.substr(0, colon);
  return ascii_lower(text);
}

std::string cookie_value(std::string_view cookies) {
  for (const auto part : split(cookies, ';')) {
    const auto pair = trim(part);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == cookie_name)
      return std::string(pair.substr(equals + 1));
  }
  return {};
}

bool is_data_type(std::string_view type) {
  const auto name = ascii_lower(trim(type.substr(0, type.find(';'))));
  return name == "application/json" || name == "application/x-ndjson";
}

Response unauthorised(std::string_view detail) {
  auto out = problem(401, detail);
  out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"earshot\"");
  return out;
}

Response slow_down() {
  auto out = problem(429, "too many wrong tokens from this address; wait a minute");
  out.headers.emplace_back("Retry-After", "60");
  return out;
}

std::string set_cookie(const std::string& value, long seconds) {
  return std::string(cookie_name) + "=" + value +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds);
}

}  // namespace

void Access::replace(HttpConfig config) {
  config_ = std::move(config);
  std::erase_if(sessions_, [&](const auto& entry) { return token_of(entry.second.token_hash) == nullptr; });
}

std::optional<Response> Access::refuse_foreign(const Request& request) const {
  if (!request.unix_socket && !tokens_needed()) {
    const auto host = host_only(request.host);
    const auto address = daemon::parse_http_address(config_.listen);
    const bool known =
        host == "localhost" || host == "127.0.0.1" || host == "[::1]" ||
        (address && (host == address->host || host == "[" + address->host + "]")) ||
        std::ranges::any_of(config_.hosts, [&](const auto& name) { return ascii_lower(name) == host; });
    if (!known)
      return problem(421, "this name is not ours: use the address, or add the name to [http] hosts");
  }
  if (request.method == "GET") return std::nullopt;
  if (!request.origin.empty()) {
    const auto scheme = request.origin.find("://");
    if (scheme == std::string::npos ||
        ascii_lower(request.origin.substr(scheme + 3)) != ascii_lower(request.host))
      return problem(403,
                     "changes are taken from our own pages and from programs, not from another site's page");
  }
  if (!request.fetch_site.empty() && request.fetch_site != "same-origin" && request.fetch_site != "none")
    return problem(403,
                   "changes are taken from our own pages and from programs, not from another site's page");
  if ((request.method == "POST" || request.method == "PATCH") && !is_data_type(request.content_type))
    return problem(415, "send Content-Type: application/json (or application/x-ndjson for mentions)");
  return std::nullopt;
}

const daemon::HttpToken* Access::token_of(const std::string& hash) const {
  const daemon::HttpToken* found = nullptr;
  for (const auto& token : config_.tokens)
    if (net::auth::equal_secrets(token.hash, hash)) found = &token;
  if (found && found->expires && *found->expires <= clock_.now()) return nullptr;
  return found;
}

bool Access::too_many_failures(const std::string& peer) {
  const auto found = failures_.find(peer);
  if (found == failures_.end()) return false;
  auto& times = found->second;
  while (!times.empty() && times.front() + std::chrono::minutes(1) <= clock_.steady_now()) times.pop_front();
  if (times.empty()) failures_.erase(found);
  return failures_.contains(peer) && failures_[peer].size() >= failures_max;
}

void Access::note_failure(const std::string& peer) {
  // Who has many addresses must not fill our memory.
  if (failures_.size() >= peers_max) failures_.erase(failures_.begin());
  failures_[peer].push_back(clock_.steady_now());
}

Access::Answer Access::admit(const Request& request) {
  if (request.unix_socket) return {.caller = {.name = "local", .scopes = daemon::every_scope}};
  if (!tokens_needed()) return {.caller = {.name = "local", .scopes = daemon::every_scope}};
  std::string token;
  if (starts_with_icase(request.authorization, "bearer "))
    token = trim(std::string_view(request.authorization).substr(7));
  else if (!request.authorization.empty())
    return {.refusal = unauthorised("use Authorization: Bearer TOKEN")};
  // Feed readers have no other place for it.
  if (token.empty() && request.path.starts_with("/feeds/")) token = request.text("token");
  if (token.empty()) {
    const auto value = cookie_value(request.cookie);
    if (value.empty()) return {};
    const auto found = sessions_.find(net::auth::sha256_hex(value));
    if (found == sessions_.end() || found->second.expires <= clock_.now()) return {};
    const auto* known = token_of(found->second.token_hash);
    if (!known) return {};
    return {.caller = {.name = known->name, .scopes = known->scopes}};
  }
  if (const auto* known = token_of(net::auth::sha256_hex(token)))
    return {.caller = {.name = known->name, .scopes = known->scopes}};
  return {.refusal = refuse_token(request.peer)};
}

Response Access::refuse_token(const std::string& peer) {
  if (too_many_failures(peer)) return slow_down();
  note_failure(peer);
  return unauthorised("this token is unknown or has expired");
}

Response Access::refuse_signature(const std::string& peer, std::string_view detail) {
  // Apart from wrong tokens: neither of the two may lock out the other.
  const auto key = "signature " + peer;
  if (too_many_failures(key)) {
    auto out = problem(429, "too many wrong signatures from this address; wait a minute");
    out.headers.emplace_back("Retry-After", "60");
    return out;
  }
  note_failure(key);
  return problem(401, detail);
}

Access::Opened Access::open_session(const std::string& token, const std::string& peer) {
  const auto hash = net::auth::sha256_hex(token);
  if (token_of(hash) == nullptr) return {.refusal = refuse_token(peer)};
  const auto value = net::auth::random_text(32);
  const auto now = clock_.now();
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.expires <= now; });
  if (sessions_.size() >= sessions_max)
    sessions_.erase(
        std::ranges::min_element(sessions_, {}, [](const auto& entry) { return entry.second.expires; }));
  sessions_[net::auth::sha256_hex(value)] = Session{.token_hash = hash, .expires = now + session_life};
  return {.cookie = set_cookie(value, std::chrono::seconds(session_life).count())};
}

std::string Access::end_session(const Request& request) {
  sessions_.erase(net::auth::sha256_hex(cookie_value(request.cookie)));
  return set_cookie("", 0);
}

}  // namespace earshot::api
