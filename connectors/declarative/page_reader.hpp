#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "connectors/declarative/debt.hpp"
#include "connectors/declarative/platform.hpp"
#include "core/model/page.hpp"

namespace earshot::connectors::declarative {

/// A reply as read: its mentions, and what the walk needs to know of its items.
struct ReadPage {
  Page page;
  std::size_t items = 0;
  std::vector<std::string> positions;  ///< each item's cursor value in the order of the reply; times as
                                       ///< milliseconds
  std::vector<std::string> ids;        ///< native ids, also of items that were skipped
  std::string oldest;                  ///< where pages go on from an item: the least of their values
  std::optional<Timestamp> last_at;    ///< when the last mention was written
  std::string fingerprint;             ///< the same for the same items
  std::vector<Debt> debts;
};

/// What was found for one item, for a person writing a platform's file: "text  /cooked  <p>hi…".
using Findings = std::vector<std::string>;

/// Reads the items of one reply. `malformed` when none of the places for items is there and nothing says that
/// the page is an empty one, so that another platform's reply is never taken for a page without news.
Result<ReadPage> read_page(const Platform& platform, const StreamSpec& stream, JsonValue root,
                           const Variables& variables, Timestamp now, Findings* findings = nullptr);

/// Negative, zero, positive: by length, then by letters. Right for numbers without leading zeros and for the
/// counters in base 36 that some platforms use.
int compare_positions(std::string_view a, std::string_view b);

}  // namespace earshot::connectors::declarative
