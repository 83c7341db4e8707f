#pragma once
#include <map>
#include <span>
#include <vector>

#include "insight/dialogue.hpp"

namespace earshot::insight {

/// Finds what was answered in public to a group of questions: the brand's own replies, and replies of others
/// for which the asker gave thanks. Nothing is made up: an answer is a post that was heard.
class IdeaAnswers {
 public:
  /// `dialogue` must outlive this.
  explicit IdeaAnswers(const Dialogue& dialogue);

  /// Of the brand's own replies the longest-serving way to say it: the one that most others agree with word
  /// for word (fingerprint), of equals the newest; replies shorter than 40 bytes tell nothing. Where the
  /// brand did not reply, the peer's reply with most thanks, of equals the newest.
  std::optional<store::IdeaAnswer> best(std::span<const MentionId> questions) const;
  /// All of them, best first.
  std::vector<store::IdeaAnswer> ranked(std::span<const MentionId> questions) const;

 private:
  struct Found {
    std::size_t row = 0;
    bool own = false;
    std::int64_t thanked = 0;
  };
  void collect(std::size_t question, std::map<std::size_t, Found>& out) const;

  const Dialogue& dialogue_;
  std::map<MentionId, std::size_t> row_of_;
  std::multimap<std::uint64_t, std::size_t> replies_to_;  ///< by the parent's hash
};

}  // namespace earshot::insight
