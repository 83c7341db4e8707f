#pragma once
#include <chrono>
#include <optional>

#include "core/base/clock.hpp"
#include "net/http_types.hpp"

namespace earshot::connectors::feed {

/// The latest that the feed (`ttl`) and its server (Cache-Control, Expires, Retry-After of an answer that is
/// no refusal) ask for, but never beyond six hours: a listener must not go deaf. Nothing: neither asks.
std::optional<Timestamp> not_before(const net::Headers& headers, std::optional<std::chrono::minutes> ttl,
                                    Timestamp now);

}  // namespace earshot::connectors::feed
