#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/content/question_clusters.hpp"
#include "analysis/people/matter.hpp"
#include "insight/dialogue.hpp"
#include "insight/incident_story.hpp"
#include "insight/kept_contact.hpp"
#include "store/content.hpp"

/// What the jobs made of a brand's past, kept from round to round, so that a round costs what is new: a past
/// day is read again only when something in it came in late, was edited, deleted or judged otherwise
/// (store::DayMark). What is kept never decides a finding: with an empty memory the same is found, only
/// later.
namespace earshot::insight {

/// What one job keeps of one day (UTC).
struct KeptDay {
  std::uint64_t mark = 0;  ///< of the day as it was read
};

/// The posts of a brand's conversations, oldest first, without their words.
struct HeardDay : KeptDay {
  std::vector<KeptContact> contacts = {};
  /// Of those that gave anything away, by their place in `contacts`, in its order.
  std::vector<std::pair<std::uint32_t, Remark>> remarks = {};
  analysis::WordCounts::Tally words = {};
  std::unordered_map<MentionId, analysis::MatterWords> matters = {};  ///< of those that had to be compared

  std::size_t mentions() const { return contacts.size(); }
  std::size_t bytes() const;
};

/// What incidents are made of, oldest first.
struct TroubleDay : KeptDay {
  std::vector<store::TroubleRow> rows = {};

  std::size_t mentions() const { return rows.size(); }
  std::size_t bytes() const;
};

/// How often each issue type was spoken of in each hour.
struct IssueDay : KeptDay {
  struct Count {
    std::int64_t hour = 0;  ///< since 1970
    std::uint8_t issue = 0;
    std::uint32_t mentions = 0, authors = 0;
  };
  std::size_t read = 0;  ///< mentions with an issue type
  std::vector<Count> counts = {};

  std::size_t mentions() const { return read; }
  std::size_t bytes() const;
};

/// Complaints, questions and what says that its writer was misled, oldest first.
struct ConcernDay : KeptDay {
  struct Concern {
    Timestamp at = {};
    std::uint64_t fingerprint = 0;  ///< 0: the text is too short to be a copy
    std::uint32_t terms = 0;        ///< place in `terms`; the next concern's is its end
    std::int32_t row = -1;          ///< place in `rows`; −1: it can speak of no claim
    bool misled = false;            ///< it says so
  };
  std::vector<Concern> concerns = {};
  std::vector<std::uint32_t> terms = {};     ///< of the claims' that it has, each once, by their number
  std::vector<store::MentionRow> rows = {};  ///< of those that say so, or have two of the terms

  std::size_t mentions() const { return concerns.size(); }
  std::size_t bytes() const;
};

/// Addresses in the brand's own posts, newest first.
struct LinkDay : KeptDay {
  std::vector<store::OwnLink> links = {};

  std::size_t mentions() const { return links.size(); }
  std::size_t bytes() const;
};

template <typename Day>
using KeptDays = std::map<Timestamp, Day>;

/// Clusters, and a hash of all that they were made of.
struct KeptClusters {
  std::uint64_t made_of = 0;
  std::vector<analysis::QuestionCluster> clusters = {};
};

/// Of one brand; used by one round at a time.
struct Memory {
  std::uint64_t read_with = 0;  ///< hash of the names that decide how texts are read
  KeptDays<HeardDay> days = {};
  KeptDays<TroubleDay> troubles = {};
  KeptDays<IssueDay> issues = {};
  std::uint64_t concerned_with = 0;  ///< hash of the claims, and of all brands' names
  KeptDays<ConcernDay> concerns = {};
  KeptDays<LinkDay> links = {};
  KeptClusters questions = {}, unclaimed = {};
  std::unordered_map<std::uint64_t, Story> stories = {};  ///< of incidents, by a hash of all they are made of
  std::uint64_t moved = 0;                                ///< hash of all that the moves were made of
  std::vector<store::TermMoveRow> moves = {};

  /// What the days take, roughly.
  std::size_t bytes() const;
};

/// What the memories of all brands may take together: some 600,000 mentions of the last twelve weeks. A brand
/// that has more reads the oldest days anew each round.
inline constexpr std::size_t remembered_bytes_max = 96U << 20U;

/// Lets the oldest days go until no more than this is remembered.
void forget_beyond(Memory& memory, std::size_t bytes_max);

/// Of everything but the posts that decides how they are read.
std::uint64_t hash_of_names(const JobInput& input);

/// The clusters of these questions; those that are kept when they were made of the same. `kept`: none.
std::vector<analysis::QuestionCluster> clusters_of(const std::vector<analysis::Question>& asked,
                                                   const analysis::ClusterOptions& options,
                                                   KeptClusters* kept);

/// The marks of the days since then, up to now.
Result<std::vector<store::DayMark>> marks_since(const JobInput& input, Timestamp since);

/// The part of a brand's history that belongs to one day and is not later than now.
store::HistoryPage page_of(const JobInput& input, const store::DayMark& mark);

/// Brings days up to what is stored, newest first, until they hold so many mentions: `read` is called with
/// the mark of each that changed. After a failure nothing is kept.
template <typename Day, typename Read>
Status renew(KeptDays<Day>& days, const std::vector<store::DayMark>& marks, std::size_t mentions_max,
             Read&& read) {
  auto before = std::exchange(days, {});
  std::size_t held = 0;
  for (auto mark = marks.rbegin(); mark != marks.rend() && held < mentions_max; ++mark) {
    auto node = before.extract(mark->day);
    if (!node || node.mapped().mark != mark->mark) {
      Result<Day> day = read(*mark);
      if (!day) {
        days.clear();
        return unexpected(day.error());
      }
      day->mark = mark->mark;
      held += day->mentions();
      days.emplace_hint(days.begin(), mark->day, std::move(*day));
      continue;
    }
    held += node.mapped().mentions();
    days.insert(days.begin(), std::move(node));
  }
  return Done{};
}

}  // namespace earshot::insight
