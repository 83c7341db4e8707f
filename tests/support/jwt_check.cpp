#include "tests/support/jwt_check.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "core/base/text.hpp"
#include "net/auth/digest.hpp"
#include "net/auth/openssl_handle.hpp"

namespace earshot::test {
namespace {

using net::auth::base64url_decode;
using net::auth::BioHandle;
using net::auth::DigestContext;
using net::auth::EcdsaSignature;
using net::auth::KeyHandle;

std::string text_of(const BioHandle& bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

KeyPair pems_of(const KeyHandle& key) {
  const BioHandle secret(BIO_new(BIO_s_mem())), open(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_PUBKEY(open.get(), key.get());
  return {text_of(secret), text_of(open)};
}

std::string der_of(const std::string& raw) {
  if (raw.size() != 64) return {};
  const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
  const EcdsaSignature signature(ECDSA_SIG_new());
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(bytes, 32, nullptr), BN_bin2bn(bytes + 32, 32, nullptr));
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature.get(), &at);
  return der;
}

}  // namespace

KeyPair make_rsa_key(unsigned int bits) { return pems_of(KeyHandle(EVP_RSA_gen(bits))); }
KeyPair make_ec_key(const char* curve) { return pems_of(KeyHandle(EVP_EC_gen(curve))); }

std::optional<net::auth::JsonObject> check_jwt(const std::string& token, const std::string& public_pem,
                                               const std::string& algorithm) {
  const auto parts = split(token, '.');
  if (parts.size() != 3) return std::nullopt;
  const auto header = base64url_decode(parts[0]);
  const auto payload = base64url_decode(parts[1]);
  auto signature = base64url_decode(parts[2]);
  if (!header || !payload || !signature) return std::nullopt;
  const auto fields = net::auth::JsonObject::parse(*header);
  if (!fields || fields->text("alg") != algorithm || fields->text("typ") != "JWT") return std::nullopt;
  if (algorithm == "ES256") signature = der_of(*signature);
  const BioHandle bio(BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size())));
  const KeyHandle key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  const DigestContext context(EVP_MD_CTX_new());
  const auto signed_text = token.substr(0, parts[0].size() + 1 + parts[1].size());
  if (!key || EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature->data()),
                       signature->size(), reinterpret_cast<const unsigned char*>(signed_text.data()),
                       signed_text.size()) != 1)
    return std::nullopt;
  return net::auth::JsonObject::parse(*payload);
}

}  // namespace earshot::test
