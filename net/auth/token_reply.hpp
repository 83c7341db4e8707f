#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "net/http_types.hpp"

namespace earshot::net::auth {

/// What a token endpoint gave.
struct TokenReply {
  Secret access_token = {};
  Secret refresh_token = {};                          ///< empty when there is none
  std::optional<std::chrono::seconds> lifetime = {};  ///< of the access token; nothing: until it is refused
};

/// The token an endpoint of RFC 6749 answers with, or the error it stands for: 429 and 5xx as everywhere
/// else, a page instead of JSON is `unreachable`, an OAuth error (also one under status 200) `unauthorized`
/// or `bad_request`. What the server says in prose is never repeated, since servers quote what they were
/// sent.
Result<TokenReply> parse_token_reply(const HttpReply& reply, Timestamp now);
/// The same for createSession and refreshSession of the AT Protocol.
Result<TokenReply> parse_session_reply(const HttpReply& reply, Timestamp now);
/// The same for an installation's token of GitHub.
Result<TokenReply> parse_installation_reply(const HttpReply& reply, Timestamp now);

/// The error code of the body when it is one that the protocols know, such as "invalid_grant"; else empty.
std::string token_error_code(const HttpReply& reply);

/// True when a reply to an ordinary request says that its token is no longer good: 401, the AT Protocol's 400
/// ExpiredToken and InvalidToken, code 190 of Meta's Graph APIs.
bool refuses_token(const HttpReply& reply);

}  // namespace earshot::net::auth
