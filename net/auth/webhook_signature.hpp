#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/secret.hpp"

namespace earshot::net::auth {

/// The bytes behind a signing secret: what follows "whsec_" is base64, other text stands for itself. Nothing
/// for broken base64, or for a key below 16 bytes.
std::optional<Secret> signing_key(const Secret& secret);

/// "v1,…" as Standard Webhooks write it: HMAC-SHA256 over "id.seconds.body", in base64.
std::string sign(const Secret& key, std::string_view id, Timestamp at, std::string_view body);

}  // namespace earshot::net::auth
