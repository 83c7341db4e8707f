#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/model/ids.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// What one transaction changes in what can be found: written as one row of `search_queue`, which the index
/// reads when it has time.
class SearchQueue {
 public:
  static Result<SearchQueue> prepare(Database& database);

  void add(MentionId id) { added_.push_back(id.value); }
  /// The mention is to be found by these words no more. Before `add` of its new ones.
  void remove(MentionId id, std::string_view title, std::string_view text);
  /// Writes what was gathered; called once, inside the transaction.
  Status flush();
  void discard();
  /// Drops what the index has taken in.
  Status forget(std::int64_t position);

 private:
  struct Removed {
    std::int64_t id = 0;
    std::string title, text;
  };
  Database* database_ = nullptr;
  Statement append_, append_removed_, forget_, forget_removed_;
  std::vector<std::int64_t> added_;
  std::vector<Removed> removed_;
  std::unordered_set<std::int64_t> settled_;  ///< ids that are new here or were removed already
  std::size_t known_ = 0;                     ///< of `added_`, in `settled_`
};

/// Ids as the queue keeps them.
std::string encode_ids(const std::vector<std::int64_t>& ids);
std::vector<std::int64_t> decode_ids(std::string_view bytes);

}  // namespace earshot::store::sqlite
