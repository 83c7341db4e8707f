#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/ids.hpp"
#include "core/model/mention.hpp"

namespace earshot {

/// Opaque checkpoint of one stream; only its connector reads it. Versioned, inspectable UTF-8 JSON of at most
/// 64 KiB.
struct Cursor {
  std::uint32_t schema = 1;
  std::string json = {};
  bool operator==(const Cursor&) const = default;
};

/// A stretch of time in which a source could not hear, and why.
struct Gap {
  Timestamp from = {};
  Timestamp to = {};
  std::string reason = {};  ///< "rate_limited", "outage", "retention", "page_cap", "cursor_invalid", …
  /// Share of the polls wanted that were made, 0 … 1, where it was heard after all but less often
  /// ("sampled").
  std::optional<double> rate = {};
  bool operator==(const Gap&) const = default;
};

/// An item of a page that could not be understood; it is counted, the rest goes on.
struct BadItem {
  std::size_t index = 0;
  std::string reason = {};
  bool operator==(const BadItem&) const = default;
};

/// What the platform says is gone, among the news of everybody: one mention, or without `native_id` all of
/// one author's. What is known here becomes tombstones, what is not leaves no trace (a mention with `deleted`
/// always leaves one). Whole authors can be withdrawn on Bluesky. Who knows the stored mention says its `id`.
struct Withdrawal {
  std::string platform = {};
  std::string native_id = {};
  std::string author_id = {};
  Timestamp created_at = {};  ///< of the mention, where its identity needs that (see core/model/identity.hpp)
  Timestamp at = {};
  MentionId id = {};
  bool operator==(const Withdrawal&) const = default;
};

/// The unit of atomic progress: what one fetch brought, and where the stream stands after it.
struct Page {
  std::vector<Mention> mentions = {};
  std::vector<BadItem> bad_items = {};
  std::optional<Cursor> cursor = {};         ///< state after these items; nothing: do not advance yet
  bool more = false;                         ///< call again at once, within the budget
  std::optional<Timestamp> not_before = {};  ///< the server asked not to be polled earlier
  std::vector<Gap> gaps = {};
  std::vector<Withdrawal> withdrawals = {};  ///< after the mentions of this page
};

}  // namespace earshot
