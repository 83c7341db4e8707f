#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace earshot {

/// An integer id that cannot be mixed up with another kind of id. Zero means "none".
template <typename Tag>
struct StrongId {
  std::int64_t value = 0;
  auto operator<=>(const StrongId&) const = default;
  explicit operator bool() const { return value != 0; }
};

}  // namespace earshot

template <typename Tag>
struct std::hash<earshot::StrongId<Tag>> {
  std::size_t operator()(earshot::StrongId<Tag> id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
