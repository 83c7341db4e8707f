#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "net/http_types.hpp"

namespace earshot::net {

/// The target of the first link with that relation in a reply's Link headers (RFC 8288), as it is written,
/// whatever its origin.
std::optional<std::string> link_target(const HttpReply& reply, std::string_view relation);

}  // namespace earshot::net
