#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/declarative/platform.hpp"
#include "core/base/clock.hpp"

namespace earshot::connectors::declarative {

/// An item of which there is more than its page shows, until that was asked for.
struct Debt {
  std::string follow;   ///< the [[follow]] that asks
  std::string id;       ///< what it asks about
  std::string mark;     ///< of the item when it was read
  std::int64_t at = 0;  ///< when the last of it that was read was written, milliseconds
  Variables values = {};
  bool operator==(const Debt&) const = default;
};

/// What an item owes to a [[follow]]; nothing: its page shows all, or it has no id that could be asked about.
/// `at` is when the last of it was written.
std::optional<Debt> read_debt(const FollowSpec& follow, const Scope& item, Timestamp at);

/// Eight digits that stand for an id, where many are kept.
std::string short_hash(std::string_view id);

}  // namespace earshot::connectors::declarative
