#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Digests, random text and the base64 spellings that tokens use; the arithmetic is OpenSSL's.
namespace earshot::net::auth {

std::string base64(std::string_view bytes);
/// RFC 4648 §5 without padding, as in JWT and PKCE.
std::string base64url(std::string_view bytes);
/// Nothing for text that is not unpadded base64url.
std::optional<std::string> base64url_decode(std::string_view text);

/// In small letters.
std::string hex(std::string_view bytes);

/// 32 raw bytes.
std::string sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

enum class Digest { sha1, sha256, sha384, sha512 };
/// The raw code; never sha1 where there is a choice.
std::string hmac(Digest digest, std::string_view key, std::string_view bytes);
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

/// `bytes` random bytes from the system's generator, as base64url.
std::string random_text(std::size_t bytes);

/// The challenge that goes out for a PKCE verifier (RFC 7636, S256).
inline std::string pkce_challenge(std::string_view verifier) { return base64url(sha256(verifier)); }

/// Equal, in a time that does not tell where the first difference is.
bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace earshot::net::auth
