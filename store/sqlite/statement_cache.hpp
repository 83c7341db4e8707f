#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "store/sqlite/handle.hpp"

namespace earshot::store::sqlite {

/// Statements of one connection that nobody uses at the moment: a page of the dashboard asks thirty
/// questions, and to compile them takes as long as to answer many of them. Used by the connection's thread.
class StatementCache {
 public:
  StatementCache() { idle_.reserve(kept_max); }
  /// One that was compiled from this text before; nullptr: none is idle.
  sqlite3_stmt* take(std::string_view sql);
  /// Keeps it, in place of the one that was not asked for the longest when there are too many.
  void give_back(sqlite3_stmt* statement) noexcept;

 private:
  static constexpr std::size_t kept_max = 64;  ///< some 10 KB each
  struct Idle {
    std::uint64_t text;  ///< hash of what it was compiled from
    StatementHandle statement;
  };
  std::vector<Idle> idle_;  ///< in the order in which they came back
};

/// Gives a statement back to its connection's cache, or ends it where there is none.
struct ReleaseStatement {
  StatementCache* cache = nullptr;
  void operator()(sqlite3_stmt* statement) const noexcept;
};
using CachedStatement = std::unique_ptr<sqlite3_stmt, ReleaseStatement>;

}  // namespace earshot::store::sqlite
