#include "net/http_types.hpp"

#include "core/base/text.hpp"

namespace earshot::net {

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [key, value] : items_)
    if (ascii_iequals(key, name)) return value;
  return std::nullopt;
}

}  // namespace earshot::net
