#include "net/auth/jwt.hpp"

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include "core/base/json_writer.hpp"
#include "net/auth/digest.hpp"
#include "net/auth/json_object.hpp"
#include "net/auth/openssl_handle.hpp"

namespace earshot::net::auth {
namespace {

/// OpenSSL would else ask on the terminal, where nobody sits.
extern "C" int no_passphrase(char*, int, int, void*) noexcept { return 0; }

std::int64_t epoch(Timestamp at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

bool is_p256(EVP_PKEY* key) {
  char group[64] = {};
  std::size_t size = 0;
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, &size) == 1 &&
         std::string_view(group) == "prime256v1";
}

/// JWS wants r and s as 32 bytes each (RFC 7518 §3.4), OpenSSL gives a DER sequence.
std::string raw_signature(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!signature) return {};
  std::string out(64, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes, 32) != 32 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes + 32, 32) != 32)
    return {};
  return out;
}

}  // namespace

Result<SigningKey> SigningKey::from_pem(const Secret& pem, JwtAlgorithm algorithm) {
  const auto& text = pem.reveal();
  const BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) return unexpected(ErrorKind::invalid, "the key is no unencrypted private key in PEM");
  if (algorithm == JwtAlgorithm::rs256 &&
      (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key.get()) < 2048))
    return unexpected(ErrorKind::invalid, "RS256 needs an RSA key of at least 2048 bits");
  if (algorithm == JwtAlgorithm::es256 && !is_p256(key.get()))
    return unexpected(ErrorKind::invalid, "ES256 needs a key on the curve P-256");
  return SigningKey(std::shared_ptr<evp_pkey_st>(key.release(), FreeKey{}), algorithm);
}

Result<Secret> SigningKey::sign(const JwtClaims& claims) const {
  JsonWriter header;
  header.begin_object().field("alg", algorithm_ == JwtAlgorithm::rs256 ? "RS256" : "ES256");
  header.field("typ", "JWT");
  if (!claims.key_id.empty()) header.field("kid", claims.key_id);
  header.end_object();
  JsonWriter payload;
  payload.begin_object();
  if (!claims.issuer.empty()) payload.field("iss", claims.issuer);
  if (!claims.subject.empty()) payload.field("sub", claims.subject);
  if (!claims.audience.empty()) payload.field("aud", claims.audience);
  if (!claims.scope.empty()) payload.field("scope", claims.scope);
  payload.field("iat", epoch(claims.issued_at)).field("exp", epoch(claims.issued_at + claims.lifetime));
  payload.end_object();
  auto text = base64url(header.str()) + "." + base64url(payload.str());

  const DigestContext context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const auto* input = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, input, text.size()) != 1)
    return unexpected(ErrorKind::internal, "the key cannot sign");
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, input,
                     text.size()) != 1)
    return unexpected(ErrorKind::internal, "signing failed");
  signature.resize(size);
  if (algorithm_ == JwtAlgorithm::es256) signature = raw_signature(signature);
  if (signature.empty()) return unexpected(ErrorKind::internal, "signing failed");
  text += "." + base64url(signature);
  return Secret(std::move(text));
}

std::optional<std::chrono::seconds> jwt_lifetime(std::string_view token, Timestamp now) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto payload = base64url_decode(token.substr(first + 1, second - first - 1));
  const auto claims = payload ? JsonObject::parse(*payload) : std::nullopt;
  const auto expires = claims ? claims->number("exp") : std::nullopt;
  if (!expires) return std::nullopt;
  const auto from = claims->number("iat").value_or(static_cast<double>(epoch(now)));
  const double lifetime = *expires - from;
  // Beyond a year it is as good as for ever, and must still fit a clock.
  if (!(lifetime > 0) || lifetime > 366 * 86'400.0) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(lifetime));
}

}  // namespace earshot::net::auth
