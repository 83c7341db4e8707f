#pragma once
#include <optional>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "net/http_types.hpp"
#include "net/live_client.hpp"

namespace earshot::net {

/// Maps a reply to the error it stands for, or nothing when its body may be read (2xx and 304). Knows 429,
/// 403 with Retry-After or an exhausted budget, 401, 404/410/451, 4xx, 5xx, and both forms of Retry-After
/// (capped to one day).
std::optional<Error> classify(const HttpReply& reply, Timestamp now);

/// As `classify`, and a 2xx whose body is not JSON (HTML challenge pages, empty bodies) is `unreachable`.
std::optional<Error> classify_json(const HttpReply& reply, Timestamp now);

/// As `classify`, of what was to be a live connection: an answer without one, or a web page in its place, is
/// `unreachable`.
std::optional<Error> classify_live(const LiveReply& reply, Timestamp now);

}  // namespace earshot::net
