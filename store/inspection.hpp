#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

/// What can be said of a database from outside, read-only: also of an older one, a newer one, a damaged one.
namespace earshot::store {

enum class Soundness { sound, damaged, not_looked_through };

struct Inspection {
  std::int64_t schema = 0;         ///< migrations it has had
  std::int64_t newest_schema = 0;  ///< that this program knows
  Soundness soundness = Soundness::not_looked_through;
  std::string damage = {};  ///< what SQLite said first
  std::int64_t database_bytes = 0, log_bytes = 0;
  // Of a database of this program's schema only:
  std::int64_t search_waiting = 0;          ///< transactions the full-text index has not taken in
  bool search_there = false;                ///< the index has a file
  std::int64_t erasures_unsettled = 0;      ///< words of whom may still be in a file
  std::optional<Timestamp> erased_at = {};  ///< the oldest of them

  bool current() const { return schema == newest_schema; }
};

/// Opens the file, or says why it cannot be opened (`forbidden`: it is no database of ours; `corrupt`), and
/// looks through its pages for at most `check_most`; zero: not at all.
Result<Inspection> inspect(const std::string& path, Milliseconds check_most);

/// How many living mentions of a platform nobody has looked at since `before`; counts to `most` and ends with
/// `timed_out` after `time_most`, as it may have to read every mention.
Result<std::int64_t> unseen_since(const std::string& path, std::string_view platform, Timestamp before,
                                  std::int64_t most, Milliseconds time_most);

}  // namespace earshot::store
