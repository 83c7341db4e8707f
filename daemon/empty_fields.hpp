#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/model/mention.hpp"

namespace earshot::daemon {

/// How many items of a page were without what nearly every platform gives. A platform that renames a field of
/// its answers is read as before, but for the field: such a count is where that shows first.
struct EmptyFields {
  static constexpr std::array<std::string_view, 4> names = {"text", "author", "url", "time"};
  std::int64_t items = 0;
  std::array<std::int64_t, names.size()> empty{};  ///< in the order of `names`
};

/// Deleted items are left out: they need nothing but their id.
EmptyFields count_empty_fields(std::span<const Mention> mentions);

}  // namespace earshot::daemon
