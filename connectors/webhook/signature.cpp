#include "connectors/webhook/signature.hpp"

#include <charconv>

#include "core/base/text.hpp"
#include "net/auth/webhook_signature.hpp"

namespace earshot::connectors::webhook {
namespace {

using net::auth::Digest;
using net::auth::equal_secrets;

constexpr std::chrono::minutes tolerance{5};
constexpr std::size_t secret_bytes_min = 16;
constexpr std::size_t id_bytes_max = 256;
constexpr std::size_t signatures_max = 16;
/// Of the digest, enough to tell deliveries apart: 128 bits.
constexpr std::size_t fingerprint_size = 32;

Unexpected refused(std::string why) { return unexpected(ErrorKind::unauthorized, std::move(why)); }

Result<std::string_view> needed(const PushRequest& request, std::string_view name) {
  const auto value = request.header(name);
  if (!value || value->empty())
    return refused("the header " + std::string(name) + " is missing, or there are several");
  return *value;
}

/// The seconds since 1970 that a header names, near enough to now.
Result<Timestamp> recent(std::string_view text, Timestamp now) {
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || text.size() > 11 || failure != std::errc{} || end != text.data() + text.size() ||
      seconds < 0)
    return refused("the timestamp is no number of seconds");
  const auto at = from_ms(seconds * 1000);
  if (at > now + tolerance || at < now - tolerance)
    return refused("the timestamp is more than five minutes away: is a clock wrong?");
  return at;
}

/// Every key is asked, so that the time says nothing about which of them was right.
template <typename Sign>
bool signed_by_one(std::span<const Secret> keys, std::string_view given, const Sign& sign) {
  bool right = false;
  for (const auto& key : keys) right = equal_secrets(sign(key), given) || right;
  return right;
}

std::string in(Encoding encoding, std::string_view code) {
  return encoding == Encoding::hex ? net::auth::hex(code) : net::auth::base64(code);
}

std::string fingerprint(std::string_view body) {
  return net::auth::sha256_hex(body).substr(0, fingerprint_size);
}

Result<std::string> verify_standard(std::span<const Secret> keys, const PushRequest& request, Timestamp now) {
  const auto id = needed(request, "webhook-id");
  if (!id) return unexpected(id.error());
  const auto seconds = needed(request, "webhook-timestamp");
  if (!seconds) return unexpected(seconds.error());
  const auto signatures = needed(request, "webhook-signature");
  if (!signatures) return unexpected(signatures.error());
  if (id->size() > id_bytes_max) return refused("the webhook-id is longer than 256 bytes");
  const auto at = recent(*seconds, now);
  if (!at) return unexpected(at.error());
  bool right = false;
  std::size_t seen = 0;
  for (const auto signature : split(*signatures, ' ')) {
    if (++seen > signatures_max) break;
    const auto sign = [&](const Secret& key) { return net::auth::sign(key, *id, *at, request.body); };
    right = signed_by_one(keys, signature, sign) || right;
  }
  if (!right) return refused("the signature is wrong");
  return fingerprint(*id);
}

Result<std::string> verify_slack(std::span<const Secret> keys, const PushRequest& request, Timestamp now) {
  const auto seconds = needed(request, "X-Slack-Request-Timestamp");
  if (!seconds) return unexpected(seconds.error());
  const auto signature = needed(request, "X-Slack-Signature");
  if (!signature) return unexpected(signature.error());
  const auto at = recent(*seconds, now);
  if (!at) return unexpected(at.error());
  const auto text = "v0:" + std::string(*seconds) + ":" + request.body;
  const auto sign = [&](const Secret& key) {
    return "v0=" + net::auth::hex(net::auth::hmac(Digest::sha256, key.reveal(), text));
  };
  if (!signed_by_one(keys, *signature, sign)) return refused("the signature is wrong");
  return fingerprint(request.body);
}

Result<std::string> verify_body(const Signing& signing, std::span<const Secret> keys,
                                const PushRequest& request) {
  const auto given = needed(request, signing.header);
  if (!given) return unexpected(given.error());
  const auto sign = [&](const Secret& key) {
    return signing.prefix + in(signing.encoding, net::auth::hmac(signing.digest, key.reveal(), request.body));
  };
  if (!signed_by_one(keys, *given, sign)) return refused("the signature is wrong");
  return fingerprint(request.body);
}

}  // namespace

Result<Secret> key_of(Scheme scheme, const Secret& secret) {
  if (scheme == Scheme::standard) {
    auto key = net::auth::signing_key(secret);
    if (!key) return refused("is no signing secret: 16 bytes or more, as whsec_ and base64");
    return std::move(*key);
  }
  if (secret.reveal().size() < secret_bytes_min) return refused("is too short: a secret has 16 bytes or more");
  return Secret(secret.reveal());
}

Result<std::string> verify(const Signing& signing, std::span<const Secret> keys, const PushRequest& request,
                           Timestamp now) {
  switch (signing.scheme) {
    case Scheme::standard: return verify_standard(keys, request, now);
    case Scheme::slack: return verify_slack(keys, request, now);
    case Scheme::github:
    case Scheme::meta: {
      const Signing body{.scheme = signing.scheme, .header = "X-Hub-Signature-256", .prefix = "sha256="};
      return verify_body(body, keys, request);
    }
    case Scheme::hmac: break;
  }
  return verify_body(signing, keys, request);
}

}  // namespace earshot::connectors::webhook
