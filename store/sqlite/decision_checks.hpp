#pragma once
#include <optional>
#include <string>

#include "core/base/result.hpp"

/// What every decision of a person is checked for before it is written. Private to store/sqlite/.
namespace earshot::store::sqlite {

inline Status wrong(std::string message) { return unexpected(ErrorKind::invalid, std::move(message)); }

inline Status fits(const std::optional<std::string>& text, std::size_t bytes_max, const char* what) {
  if (!text || text->size() <= bytes_max) return Done{};
  return wrong(std::string("the ") + what + " is longer than " + std::to_string(bytes_max) + " bytes");
}

/// It becomes a link in feeds and on pages.
inline Status is_link(const std::optional<std::string>& url) {
  if (!url || url->empty() || url->starts_with("https://") || url->starts_with("http://")) return Done{};
  return wrong("the url does not begin with https:// or http://");
}

}  // namespace earshot::store::sqlite
