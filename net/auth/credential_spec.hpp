#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/auth/jwt.hpp"

namespace earshot::net::auth {

/// How a credential becomes something a request carries.
enum class CredentialKind {
  bearer,           ///< the secret itself is the token
  basic,            ///< user and secret (RFC 7617)
  header,           ///< the secret in a header of its own
  meta_token,       ///< a token of Meta's Graph APIs with its app-secret proof
  oauth2_client,    ///< client credentials (RFC 6749 §4.4)
  oauth2_refresh,   ///< a refresh token, which may rotate (RFC 6749 §6)
  jwt,              ///< a JWT of ours is the token (App Store Connect)
  jwt_bearer,       ///< a JWT of ours buys the token (RFC 7523; Google's service accounts)
  github_app,       ///< a JWT of ours buys an installation's token
  atproto_session,  ///< a session of the AT Protocol, opened with an app password
};

/// How a client shows who it is at the token endpoint.
enum class ClientAuth { basic, post, none };

/// One [[credential]] of the configuration. Members ending in `secret` hold names of secrets, never secrets.
struct CredentialSpec {
  std::string name;
  CredentialKind kind = CredentialKind::bearer;
  std::string secret = {};          ///< the token, password, key or client secret
  std::string app_secret = {};      ///< of `meta_token`
  std::string refresh_secret = {};  ///< the first refresh token, where `earshot auth` did not fetch it
  std::string user = {};            ///< of `basic`; identifier of `atproto_session`
  std::string header = {};
  std::string token_url = {};  ///< `atproto_session`: the server; `github_app`: the API
  std::string authorize_url = {};
  std::string client_id = {};
  ClientAuth client_auth = ClientAuth::basic;
  std::vector<std::string> scopes = {};
  std::vector<std::pair<std::string, std::string>> authorize_parameters = {};
  int redirect_port = 0;  ///< 0: any that is free
  JwtAlgorithm algorithm = JwtAlgorithm::rs256;
  std::string issuer = {};
  std::string subject = {};
  std::string audience = {};
  std::string key_id = {};
  std::string installation = {};
  std::string where = {};  ///< "file:line:column"

  bool operator==(const CredentialSpec&) const = default;
};

std::string_view to_string(CredentialKind kind);
std::optional<CredentialKind> parse_credential_kind(std::string_view name);
std::vector<std::string> credential_kinds();

/// True when what the credential lives on changes in use and is kept in the state directory.
bool rotates(CredentialKind kind);

/// https, or http to this very machine: no token crosses a network in the clear.
bool keeps_secrets(std::string_view url);

}  // namespace earshot::net::auth
