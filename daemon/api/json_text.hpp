#pragma once
#include <optional>
#include <string>

#include "core/base/time_format.hpp"
#include "core/model/identity.hpp"

/// Values that may be absent, as JSON shows them.
namespace earshot::api {

/// RFC 3339, or nothing.
inline std::optional<std::string> time_text(const std::optional<Timestamp>& at) {
  return at ? std::optional(format_rfc3339(*at)) : std::nullopt;
}

/// Ids are text in JSON: they are larger than the whole numbers that JavaScript keeps.
template <typename Id>
std::optional<std::string> optional_id(const std::optional<Id>& id) {
  return id ? std::optional(std::to_string(id->value)) : std::nullopt;
}

}  // namespace earshot::api
