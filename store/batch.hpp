#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/model/page.hpp"
#include "core/model/verdict.hpp"
#include "store/derived.hpp"

namespace earshot::store {

/// A mention with what we think of it. No verdicts: it speaks of no brand and is not stored, unless it is
/// already there or carries a version that must win over an older one still to come.
struct ScoredMention {
  Mention mention = {};
  std::vector<BrandVerdict> verdicts = {};
  std::uint64_t fingerprint = 0;
  std::optional<Derived> derived = {};  ///< nothing: the writer works it out
  /// Read again from what was kept of this row, which it replaces unless a later version did so meanwhile or
  /// it is gone; none: it comes from the platform.
  MentionId again = {};

  /// Words are kept only while the mention lives and speaks of a brand.
  bool keeps_words() const { return !mention.deleted && !verdicts.empty(); }
};

/// One page on its way into the store, with the stream's next cursor. `epoch` is the fence: the page is
/// refused
/// (`cancelled`) when another worker has moved the stream since the page's cursor was read.
struct Batch {
  SourceId source = {};
  std::string stream = {};
  std::int64_t epoch = 0;
  std::vector<ScoredMention> mentions = {};
  std::size_t malformed = 0;
  std::optional<Cursor> cursor = {};
  bool caught_up = false;
  std::vector<Gap> gaps = {};
  std::vector<Withdrawal> withdrawals = {};
  Timestamp now = {};  ///< when the page was received
};

/// What became of a batch.
struct Receipt {
  std::int64_t stored = 0;
  std::int64_t duplicate = 0;
  std::int64_t updated = 0;
  std::int64_t unmatched = 0;
  std::int64_t epoch = 0;  ///< the stream's epoch after the commit
  bool operator==(const Receipt&) const = default;
};

}  // namespace earshot::store
