#pragma once
#include <optional>
#include <vector>

#include "connectors/hacker_news/hacker_news_item.hpp"

namespace earshot::connectors::hacker_news {

/// Search mode: newest first from `until` down to `from`. A search gives at most 1000 hits, so a fuller
/// window is cut: the next slice ends at the oldest second seen, which is asked for again because it may hold
/// more. The watermark moves when the walk has reached its lower end.
struct SearchWalk {
  static constexpr std::uint32_t schema = 1;
  static constexpr std::int64_t overlap_s = 600;  ///< the index lags by seconds to minutes

  std::optional<std::int64_t> top;  ///< watermark, epoch seconds
  std::optional<std::int64_t> pending;
  std::optional<std::int64_t> from;
  std::optional<std::int64_t> until;
  std::int64_t slices = 0;
  std::int64_t repeats = 0;  ///< pages in a row that were the one before again

  static Result<SearchWalk> read(const Cursor& cursor);
  Cursor write() const;
  void begin(std::int64_t history_days, Timestamp now);
  Page advance(HitPage hits, std::int64_t slices_max);

 private:
  void finish();
};

/// Firebase mode: item numbers from `next` to `last`, then those that the update list names.
struct ItemWalk {
  static constexpr std::uint32_t schema = 2;
  static constexpr std::size_t updates_max = 200;

  std::int64_t next = 0;  ///< 0: not begun
  std::int64_t last = 0;
  std::vector<std::int64_t> updates;
  bool ask_updates = false;

  static Result<ItemWalk> read(const Cursor& cursor);
  Cursor write() const;
  /// The item to ask for, or nothing when a list must be asked for.
  std::optional<std::int64_t> current() const;
  void step();
  bool done() const { return next > last && updates.empty() && !ask_updates; }
};

}  // namespace earshot::connectors::hacker_news
