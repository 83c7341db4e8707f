#pragma once
#include <chrono>
#include <functional>
#include <string>

#include "net/auth/credential_spec.hpp"
#include "net/auth/token_minter.hpp"

namespace earshot::net::auth {

/// Lets a person grant access in a browser (authorization code with PKCE, RFC 7636 and 8252) and stores the
/// refresh token. `show` gets the address to open. Changes nothing unless everything went well.
async::Awaitable<Status> authorize(CredentialSpec spec, AuthServices services,
                                   std::chrono::milliseconds limit,
                                   std::function<void(const std::string& url)> show);

}  // namespace earshot::net::auth
