#pragma once
#include <string>

#include "core/base/secret.hpp"
#include "net/auth/credential_spec.hpp"
#include "net/http_types.hpp"

/// The requests that buy tokens. Pure: what goes out depends on the arguments alone.
namespace earshot::net::auth {

HttpRequest client_credentials_request(const CredentialSpec& spec, const Secret& client_secret);
/// `client_secret` is empty for public clients.
HttpRequest refresh_request(const CredentialSpec& spec, const Secret& client_secret,
                            const Secret& refresh_token);
HttpRequest authorization_code_request(const CredentialSpec& spec, const Secret& client_secret,
                                       const std::string& code, const std::string& verifier,
                                       const std::string& redirect_uri);
HttpRequest assertion_request(const CredentialSpec& spec, const Secret& assertion);
HttpRequest installation_request(const CredentialSpec& spec, const Secret& assertion);
HttpRequest create_session_request(const CredentialSpec& spec, const Secret& password);
HttpRequest refresh_session_request(const CredentialSpec& spec, const Secret& refresh_token);

/// Where a person's browser is sent to grant access.
std::string authorize_page(const CredentialSpec& spec, const std::string& redirect_uri,
                           const std::string& state, const std::string& challenge);

}  // namespace earshot::net::auth
