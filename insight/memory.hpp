#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "analysis/content/question_clusters.hpp"
#include "insight/dialogue.hpp"
#include "store/content.hpp"

/// What the jobs made of a brand's past, kept from round to round, so that a round costs what is new: a past
/// day is read again only when something in it came in late, was edited, deleted or judged otherwise
/// (store::DayMark). What is kept never decides a finding: with an empty memory the same is found, only
/// later.
namespace earshot::insight {

/// The posts of one day in a brand's conversations, oldest first, without their words.
struct HeardDay {
  std::uint64_t mark = 0;  ///< of the day as it was read
  std::vector<store::ContactRow> rows = {};
  std::vector<Remark> remarks = {};  ///< one per row
  analysis::WordCounts::Tally words = {};
};

/// Of one brand; used by one round at a time. Some 0.5 KB a mention.
struct Memory {
  std::uint64_t read_with = 0;  ///< hash of the names that decide how texts are read
  std::map<Timestamp, HeardDay> days = {};
  /// Each with a hash of all that it was made of.
  std::uint64_t clustered = 0, moved = 0;
  std::vector<analysis::QuestionCluster> clusters = {};
  std::vector<store::TermMoveRow> moves = {};
};

/// What the memories of all brands may hold together, in mentions: some 32 MB. A brand that has more reads
/// the oldest days anew each round.
inline constexpr std::size_t remembered_max = 65'536;

/// Lets the oldest days go until no more mentions than these are remembered.
void forget_beyond(Memory& memory, std::size_t mentions_max);

/// Of everything but the posts that decides how they are read.
std::uint64_t hash_of_names(const JobInput& input);

}  // namespace earshot::insight
