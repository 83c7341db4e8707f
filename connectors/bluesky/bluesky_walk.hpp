#pragma once
#include <optional>
#include <string>

#include "connectors/bluesky/bluesky_post.hpp"
#include "core/model/page.hpp"

namespace earshot::connectors::bluesky {

struct WalkLimits {
  std::int64_t history_days = 7;
  std::int64_t pages_max = 100;
  std::int64_t page_size = 100;
};

/// Where one search or author feed stands. Each poll walks down from the newest post to `since`, which is the
/// watermark less an overlap for posts that were indexed late. The server's own cursor is an offset into a
/// moving list: it lives in here only while a walk is unfinished, and when it is refused the walk goes on by
/// time instead (`until`).
struct Walk {
  static constexpr std::uint32_t schema = 1;
  static constexpr std::chrono::minutes overlap{10};

  std::optional<Timestamp> top;      ///< watermark: newest sortAt of finished walks
  std::optional<Timestamp> pending;  ///< newest sortAt of the walk under way
  std::optional<Timestamp> since;    ///< lower end of the walk under way; set when there is one
  std::optional<Timestamp> until;    ///< upper end, when the walk was taken up by time
  std::optional<Timestamp> oldest;   ///< of the walk under way
  std::string next;                  ///< the server's cursor within the walk
  std::int64_t pages = 0;
  std::int64_t repeats = 0;  ///< pages in a row that were the one before again

  static Result<Walk> read(const Cursor& cursor);
  Cursor write() const;

  /// Begins a walk unless one is under way.
  void begin(const WalkLimits& limits, Timestamp now);
  Page advance(PostPage posts, const WalkLimits& limits);
  /// The server refused its own cursor: true when the walk can go on by time.
  bool resume_by_time();

 private:
  void finish();
};

}  // namespace earshot::connectors::bluesky
