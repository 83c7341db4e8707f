#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/model/ids.hpp"
#include "core/model/page.hpp"

/// When mentions are asked for again. Pure arithmetic over ids, which are ordered by time.
namespace earshot::daemon {

/// Young mentions are read at certain ages, since their counts still move; after the last of them every
/// mention once in each period.
struct HydratePlan {
  std::vector<std::chrono::milliseconds> ages = {};  ///< ascending
  std::chrono::milliseconds period{
      0};  ///< a round begins when three quarters of it have passed, and has the rest
  std::chrono::milliseconds age_max{0};  ///< older ones are left alone
  bool operator==(const HydratePlan&) const = default;
};

/// `deletion_hours` is the platform's window (none: a week): no two readings of a mention are to lie further
/// apart.
HydratePlan hydrate_plan(std::optional<std::int64_t> deletion_hours, std::chrono::milliseconds age_max);

/// How far one source has come; kept as the cursor of its stream "hydrate".
struct HydrateProgress {
  static constexpr std::uint32_t schema = 1;
  std::map<std::int64_t, MentionId> reached = {};  ///< by age in milliseconds: read at that age up to here
  Timestamp pass_began = {};                       ///< of the present round over what is older
  MentionId pass_reached = {};
  bool proven = false;           ///< a mention was there once: the platform does answer such questions
  std::int64_t gone_streak = 0;  ///< mentions said to be gone since one was there
  /// In doubt whether all of those are gone: the next time to ask for one that must be there.
  std::optional<Timestamp> control_at = {};
  bool operator==(const HydrateProgress&) const = default;

  /// Of a source that begins: what is there already is left to the first round.
  static HydrateProgress begin(const HydratePlan& plan, Timestamp now);
  /// `cursor_invalid` when it is damaged or of another schema.
  static Result<HydrateProgress> read(const Cursor& cursor);
  Cursor write() const;
};

/// Mentions that are due, of ids within (after, up_to] and last read before a moment.
struct HydrateRange {
  std::optional<std::chrono::milliseconds> age = {};  ///< nothing: of the round
  MentionId after = {}, up_to = {};
  Timestamp read_before = {};
};

/// What is due now, oldest ages first, the round last; begins the next round when its time has come. Empty
/// ranges are left out.
std::vector<HydrateRange> ranges_due(HydrateProgress& progress, const HydratePlan& plan, Timestamp now);
/// That range is done up to there.
void advance(HydrateProgress& progress, const HydrateRange& range, MentionId reached);

}  // namespace earshot::daemon
