#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/model/ids.hpp"

/// One person's data: where it is, and what was taken away.
namespace earshot::store {

/// Where a person's words and names are kept. Found by reading every mention, beside the writer.
struct AuthorTrace {
  std::string platform = {};
  std::vector<std::string> ids = {};      ///< on the platform; empty where it gives handles only
  std::vector<std::string> handles = {};  ///< every one that was seen
  std::vector<std::uint64_t> keys = {};   ///< author keys
  std::vector<MentionId> mentions = {};   ///< of theirs, oldest first; what was deleted is among them
  std::vector<MentionId> replies = {};    ///< of others, which name a post of theirs
};

struct ErasureReport {
  std::int64_t mentions = 0;  ///< whose words and names went; counts and verdicts of them stay
  std::int64_t replies = 0;   ///< of others, which no longer say what they reply to
  std::int64_t findings = 0;  ///< incidents, ideas and the like that quoted them, and messages about those
  std::int64_t people = 0;    ///< rows of who they are to a brand
  /// Destinations that were sent a quotation before, and how many messages; nothing can be called back.
  std::vector<std::pair<std::string, std::int64_t>> sent = {};
};

/// What came of a demand.
struct Erased {
  ErasureReport report = {};
  bool settled = false;  ///< nothing of it is left in any file; else it will be, as soon as readers let go
};

}  // namespace earshot::store
