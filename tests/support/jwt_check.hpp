#pragma once
#include <optional>
#include <string>

#include "net/auth/json_object.hpp"

namespace earshot::test {

/// A key pair made for one test, in PEM.
struct KeyPair {
  std::string private_pem, public_pem;
};
KeyPair make_rsa_key(unsigned int bits = 2048);
KeyPair make_ec_key(const char* curve = "P-256");

/// The claims of a JWT whose signature fits the public key; nothing otherwise. Written against the standard,
/// not with the code under test: RS256 is PKCS #1 v1.5, ES256 is r and s as 32 bytes each.
std::optional<net::auth::JsonObject> check_jwt(const std::string& token, const std::string& public_pem,
                                               const std::string& algorithm);

}  // namespace earshot::test
