#pragma once
#include <span>
#include <string>
#include <string_view>

#include "connectors/push.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "net/auth/digest.hpp"

namespace earshot::connectors::webhook {

enum class Scheme { standard, github, slack, meta, hmac };
enum class Encoding { hex, base64 };

/// How a sender signs. Of `hmac` alone the rest counts: the code of the whole body in a header.
struct Signing {
  Scheme scheme = Scheme::standard;
  std::string header = {};
  std::string prefix = {};
  Encoding encoding = Encoding::hex;
  net::auth::Digest digest = net::auth::Digest::sha256;
};

/// The bytes to sign with; `unauthorized` for what is too short to be a secret (below 16 bytes), or no
/// "whsec_" secret where that is what it says to be.
Result<Secret> key_of(Scheme scheme, const Secret& secret);

/// Checks the signature over the raw body against each key (two while one replaces the other), in constant
/// time, and where the scheme signs a time also that it is at most five minutes away from `now`. Gives what
/// the same delivery has in common when it is sent again: its id where that is signed, else the body's
/// digest. `unauthorized` says which part of the proof is missing or wrong.
Result<std::string> verify(const Signing& signing, std::span<const Secret> keys, const PushRequest& request,
                           Timestamp now);

}  // namespace earshot::connectors::webhook
