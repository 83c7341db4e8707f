#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/series/proportion.hpp"
#include "insight/job.hpp"

/// How a claim and those who felt misled by it are told. Pure; private to insight/.
namespace earshot::insight {

/// Mentions among all that were said of the brand in a stretch of time.
struct Share {
  Timestamp since = {}, until = {};
  std::int64_t mentions = 0, of = 0;
  analysis::Interval interval() const { return analysis::proportion(mentions, of); }
};

/// Who wrote it; somebody of their own where the author is not known.
std::uint64_t person_of(const store::MentionRow& row);

struct ClaimStory {
  const store::ClaimRow& claim;
  std::string brand_name;
  Timestamp now;
  Share share = {};                  ///< of those that speak of this claim, while it stood or was remembered
  Share all = {};                    ///< of all who say that they were misled, in the same time
  std::optional<Share> before = {};  ///< … in the four weeks before it; nothing: too little was heard
  std::optional<Share> before_edit = {}, after_edit = {};  ///< of this claim
  std::vector<const store::MentionRow*> members = {};      ///< oldest first

  /// More people say that they were misled than before the claim, by more than chance; also when nothing is
  /// known of the time before.
  bool is_raised() const;
};

/// "fell", "rose", "no change yet", or "too early" while fewer than seven days or thirty mentions came after.
std::string edit_verdict(const Share& before, const Share& after);

std::string title_of(const ClaimStory& story, std::int64_t people);
/// As docs/insight.md has them.
std::string details_of(const ClaimStory& story);
/// … of those no claim fits: `words` that they share, members most central first.
std::string details_of(const std::vector<std::string>& words,
                       const std::vector<const store::MentionRow*>& members);

}  // namespace earshot::insight
