#include "net/auth/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "core/base/assert.hpp"

namespace earshot::net::auth {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string base64url(std::string_view bytes) {
  auto out = base64(bytes);
  while (out.ends_with('=')) out.pop_back();
  for (auto& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  if (text.size() % 4 == 1 || text.size() > 1 << 20) return std::nullopt;
  std::string padded;
  for (const char c : text) {
    const bool known =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!known) return std::nullopt;
    padded.push_back(c == '-' ? '+' : c == '_' ? '/' : c);
  }
  const std::size_t missing = (4 - padded.size() % 4) % 4;
  padded.append(missing, '=');
  std::string out(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(padded),
                                   static_cast<int>(padded.size()));
  if (size < 0) return std::nullopt;
  // EVP_DecodeBlock counts the bytes that the padding stands for.
  out.resize(static_cast<std::size_t>(size) - missing);
  return out;
}

std::string sha256(std::string_view bytes) {
  std::string out(32, '\0');
  unsigned int size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size,
                              EVP_sha256(), nullptr);
  EARSHOT_ASSERT(done == 1 && size == out.size());
  return out;
}

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

std::string hmac(Digest digest, std::string_view key, std::string_view bytes) {
  const auto* method = digest == Digest::sha1     ? EVP_sha1()
                       : digest == Digest::sha384 ? EVP_sha384()
                       : digest == Digest::sha512 ? EVP_sha512()
                                                  : EVP_sha256();
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  const auto* done = HMAC(method, key.data(), static_cast<int>(key.size()), bytes_of(bytes), bytes.size(),
                          reinterpret_cast<unsigned char*>(out.data()), &size);
  EARSHOT_ASSERT(done != nullptr && size <= out.size());
  out.resize(size);
  return out;
}

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  return hex(hmac(Digest::sha256, key, bytes));
}

std::string random_text(std::size_t bytes) {
  std::string raw(bytes, '\0');
  const int done = RAND_bytes(reinterpret_cast<unsigned char*>(raw.data()), static_cast<int>(bytes));
  EARSHOT_ASSERT(done == 1);
  return base64url(raw);
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace earshot::net::auth
