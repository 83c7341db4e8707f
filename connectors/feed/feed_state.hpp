#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/model/page.hpp"
#include "net/http_types.hpp"

namespace earshot::connectors::feed {

/// 13 characters that change when the entry's id or content does.
std::string entry_mark(std::string_view native_id, std::string_view content);

/// What one feed remembers between polls: validators for conditional GET, marks of the newest entries, an
/// address it moved to, and an archive walk that is not finished.
struct FeedState {
  static constexpr std::uint32_t schema = 1;
  static constexpr std::size_t marks_max = 2000;
  static constexpr int moves_confirmed = 3;

  bool started = false;
  std::string etag;
  std::string last_modified;
  std::string moved_to;
  int moved_seen = 0;
  std::vector<std::string> marks;  ///< oldest first
  std::string walk_next;           ///< next archive page; empty when there is no walk
  std::int64_t walk_left = 0;
  std::int64_t repeats = 0;  ///< pages in a row that were the one before again

  static Result<FeedState> read(const Cursor& cursor);
  Cursor write() const;

  /// Where the feed lives now.
  std::string address(const std::string& configured) const;
  net::HttpRequest request(const std::string& configured) const;
  /// Takes note of redirects. True when the reply is itself a permanent redirect that the next call shall
  /// follow.
  bool follow_move(const std::string& configured, const net::HttpReply& reply);
  void forget_move();
  /// Keeps ETag and Last-Modified exactly as sent; not those of a body that came damaged, which must be asked
  /// for again.
  void note_validators(const net::HttpReply& reply, bool well_formed);
  /// Drops the oldest marks, never those of the `current` newest entries while they fit.
  void trim_marks(std::size_t current);
};

}  // namespace earshot::connectors::feed
