#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

struct evp_pkey_st;

namespace earshot::net::auth {

enum class JwtAlgorithm { rs256, es256 };

/// What a JWT of ours says; empty members are left out.
struct JwtClaims {
  std::string key_id = {};
  std::string issuer = {};
  std::string subject = {};
  std::string audience = {};
  std::string scope = {};
  Timestamp issued_at = {};
  std::chrono::seconds lifetime = std::chrono::minutes(10);
};

/// A private key that fits its algorithm: RSA of at least 2048 bits for RS256, P-256 for ES256.
class SigningKey {
 public:
  /// `invalid` when the PEM holds no such key; never asks for a passphrase.
  static Result<SigningKey> from_pem(const Secret& pem, JwtAlgorithm algorithm);

  /// Compact serialisation (RFC 7515), signed.
  Result<Secret> sign(const JwtClaims& claims) const;

 private:
  SigningKey(std::shared_ptr<evp_pkey_st> key, JwtAlgorithm algorithm)
      : key_(std::move(key)), algorithm_(algorithm) {}
  std::shared_ptr<evp_pkey_st> key_;
  JwtAlgorithm algorithm_ = JwtAlgorithm::rs256;
};

/// How long somebody else's JWT lives: `exp` less `iat`, or less `now` where it has no `iat`. Its signature
/// is not looked at: only the one who issued it can judge that.
std::optional<std::chrono::seconds> jwt_lifetime(std::string_view token, Timestamp now);

}  // namespace earshot::net::auth
