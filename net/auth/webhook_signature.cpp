#include "net/auth/webhook_signature.hpp"

#include <algorithm>

#include "net/auth/digest.hpp"

namespace earshot::net::auth {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t key_bytes_min = 16;

}  // namespace

std::optional<Secret> signing_key(const Secret& secret) {
  std::string_view text = secret.reveal();
  if (!text.starts_with(prefix)) {
    if (text.size() < key_bytes_min) return std::nullopt;
    return Secret(std::string(text));
  }
  text.remove_prefix(prefix.size());
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string url_spelling(text);
  std::ranges::replace(url_spelling, '+', '-');
  std::ranges::replace(url_spelling, '/', '_');
  const Secret spelled(std::move(url_spelling));
  auto key = base64url_decode(spelled.reveal());
  if (!key || key->size() < key_bytes_min) return std::nullopt;
  return Secret(std::move(*key));
}

std::string sign(const Secret& key, std::string_view id, Timestamp at, std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  const auto text = std::string(id) + "." + std::to_string(seconds) + "." + std::string(body);
  return "v1," + base64(hmac(Digest::sha256, key.reveal(), text));
}

}  // namespace earshot::net::auth
