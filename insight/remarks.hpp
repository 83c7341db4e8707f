#pragma once
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "insight/dialogue.hpp"

/// Reads what posts give away of their writers. Private to insight/.
namespace earshot::insight {

class Remarker {
 public:
  explicit Remarker(const JobInput& input);

  /// Counts the row's words and says what they give away.
  Remark read(const store::ContactRow& row, analysis::WordCounts& counts);

 private:
  std::uint64_t reply_words(std::string_view text) const;
  std::pair<bool, bool> account(const store::ContactRow& row);

  analysis::SignReader signs_;
  std::vector<std::uint64_t> names_;                                   ///< words of the brand's names
  std::unordered_map<std::uint64_t, std::pair<bool, bool>> accounts_;  ///< by hash of the names: staff, bot
};

}  // namespace earshot::insight
