#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>

namespace earshot::net::auth {

/// Owners of OpenSSL's objects; nothing else calls its *_free functions.
struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
struct FreeEcdsaSignature {
  void operator()(ECDSA_SIG* signature) const noexcept { ECDSA_SIG_free(signature); }
};
using BioHandle = std::unique_ptr<BIO, FreeBio>;
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeKey>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigestContext>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeEcdsaSignature>;

}  // namespace earshot::net::auth
