#pragma once
#include <optional>
#include <string>

#include "connectors/mastodon/mastodon_status.hpp"
#include "core/model/page.hpp"
#include "net/http_types.hpp"

namespace earshot::connectors::mastodon {

struct WalkLimits {
  std::int64_t history_days = 7;
  std::int64_t history_pages = 50;
  std::int64_t page_size = 40;
};

/// Where one timeline stands. First it walks back through history (`max_id`, newest first), remembering the
/// newest id as `pending_top`; when that walk ends, `top` becomes it, and from then on pages ascend
/// (`min_id`), each complete in itself. A server that ignores `min_id` is noticed by ids at or below `top`;
/// its page then ends the poll.
struct Walk {
  static constexpr std::uint32_t schema = 1;

  std::string top;                 ///< everything up to here was heard
  std::string pending_top;         ///< newest id of a downward walk that is not finished
  std::string resume;              ///< the downward walk goes on below this id
  std::optional<Timestamp> floor;  ///< history before this is not wanted
  std::int64_t pages = 0;          ///< of the downward walk
  std::int64_t repeats = 0;        ///< pages in a row that were the one before again

  bool descending() const { return !pending_top.empty() || top.empty(); }
  static Result<Walk> read(const Cursor& cursor);
  Cursor write() const;

  /// What to ask for next: max_id, min_id or neither.
  std::optional<std::pair<std::string, std::string>> parameter() const;
  /// Takes in a page: sets its cursor, `more` and gaps, and the state for the next.
  Page advance(StatusPage statuses, const net::HttpReply& reply, const WalkLimits& limits, Timestamp now);

 private:
  void descend(StatusPage& statuses, const net::HttpReply& reply, const WalkLimits& limits, Timestamp now);
  void ascend(StatusPage& statuses, const net::HttpReply& reply, const WalkLimits& limits);
  void finish_descent();
};

/// The value of `parameter` in the same-origin link of that relation in a Link header.
std::optional<std::string> link_parameter(const net::HttpReply& reply, std::string_view relation,
                                          std::string_view parameter);

}  // namespace earshot::connectors::mastodon
