#pragma once
#include <cstdint>
#include <optional>

#include "core/base/clock.hpp"

namespace earshot {

/// A rate budget as a platform's last answer had it. Once `resets_at` has passed it is full again, whatever
/// `remaining` says.
struct Quota {
  std::optional<std::int64_t> limit = {};  ///< requests in a window; of budgets told in per cent, 100
  std::int64_t remaining = 0;
  std::optional<Timestamp> resets_at = {};
  bool operator==(const Quota&) const = default;
};

}  // namespace earshot
