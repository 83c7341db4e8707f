#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "connectors/exec/record_map.hpp"
#include "connectors/import/import_line.hpp"

namespace earshot::connectors::exec {

/// Where a program stands: the last STATE it printed, and what it has printed since.
struct Place {
  static constexpr std::uint32_t schema = 1;
  static constexpr std::size_t state_bytes_max = 60 << 10;  ///< a checkpoint has 64 KiB

  std::string state;         ///< JSON; empty: from the beginning
  std::int64_t unsaved = 0;  ///< lines after it, which its next run may print again

  static Result<Place> read(const Cursor& cursor);
  Cursor write() const;
  bool operator==(const Place&) const = default;
};

/// Makes a page of a program's lines: Singer messages (RECORD, STATE, SCHEMA), and mentions in the
/// interchange format. A line that is neither is counted as a bad item and the rest goes on.
class Output {
 public:
  Output(const RecordMap& map, std::string platform) : map_(map), platform_(std::move(platform)) {}

  /// What a line was, for whoever decides when a page is full.
  enum class Kind { record, state, other, bad };
  /// `place` moves with it. `too_large`: a STATE that no checkpoint holds; the program cannot go on from
  /// there.
  Result<Kind> take(std::string_view line, Timestamp now, Place& place, Page& page);
  /// Counts a line that could not be read at all.
  void bad_line(std::string reason, Place& place, Page& page);
  std::size_t lines() const { return lines_; }

 private:
  Result<Kind> take_message(std::string_view type, JsonValue root, Timestamp now, Place& place, Page& page);

  const RecordMap& map_;
  std::string platform_;
  import::LineParser parser_;
  std::size_t lines_ = 0;
};

}  // namespace earshot::connectors::exec
