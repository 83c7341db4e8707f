#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/model/ids.hpp"
#include "core/model/verdict.hpp"

/// What the jobs find of people: who they are, where they stand, and whether the brand keeps its word to
/// them. Every row names the mentions it rests on.
namespace earshot::store {

struct RoleRow {
  std::uint64_t author_key = 0;
  std::string role = {}, reason = {};  ///< of analysis::Role and RoleFinding
  MentionId mention = {};
  bool operator==(const RoleRow&) const = default;
};

/// Counts are of the last twelve weeks.
struct PersonRow {
  std::uint64_t author_key = 0;
  std::string stance = {};  ///< of analysis::Stance
  std::optional<Timestamp> stance_at = {};
  std::int64_t mentions = 0, praises = 0, defences = 0, referrals = 0, reach = 0;
  Timestamp last_at = {};
  MentionId last_mention = {};
  // Read only.
  std::string author_handle = {};
  std::vector<RoleRow> roles = {};
  std::vector<MentionId> evidence = {};  ///< of the stance, and newest defences; at most five
  bool operator==(const PersonRow&) const = default;
};

struct StanceStepRow {
  Timestamp at = {};
  std::uint64_t author_key = 0;
  std::string from = {}, to = {};
  std::optional<MentionId> before = {}, after = {};
  bool operator==(const StanceStepRow&) const = default;
};

struct DefenceRow {
  MentionId mention = {}, target = {};
  std::uint64_t author_key = 0;
  bool operator==(const DefenceRow&) const = default;
};

/// A referral, purchase intent, threat to leave, switch or peer answer.
struct PersonEventRow {
  std::string kind = {};
  MentionId mention = {};
  std::uint64_t author_key = 0;
  std::optional<MentionId> about = {}, thanks = {};
  std::optional<Span> span = {}, reason = {};
  std::string words = {}, reason_words = {};  ///< read only: what the spans hold
  bool operator==(const PersonEventRow&) const = default;
};

struct PromiseRow {
  MentionId mention = {}, to = {};
  std::uint64_t author_key = 0;
  Timestamp due_at = {};
  bool named = false;      ///< the reply names the time; else it is due by default
  std::string state = {};  ///< open, kept, late, missed
  std::optional<Timestamp> settled_at = {};
  std::optional<MentionId> settled = {};
  Span span = {};
  std::string words = {}, author_handle = {};  ///< read only: what was promised, and to whom
  bool operator==(const PromiseRow&) const = default;
};

struct PraiseRow {
  MentionId id = {};
  int priority = 0;
  std::string reasons = {};
  bool operator==(const PraiseRow&) const = default;
};

struct ConductRow {
  std::string kind = {};  ///< canned, unanswered
  MentionId mention = {}, about = {};
  std::int64_t times = 1;
  bool operator==(const ConductRow&) const = default;
};

struct ConductDay {
  Timestamp day_at = {};
  std::int64_t replies = 0, canned = 0, followups = 0, unanswered = 0;
  bool operator==(const ConductDay&) const = default;
};

/// What the people job finds of one brand. What began before `since` is left as it is.
struct PeopleFindings {
  Timestamp since = {};
  std::vector<RoleRow> roles = {};
  std::vector<PersonRow> people = {};
  std::vector<StanceStepRow> steps = {};
  std::vector<DefenceRow> defences = {};
  std::vector<PersonEventRow> events = {};
  std::vector<PromiseRow> promises = {};
  std::vector<PraiseRow> praise = {};
  std::vector<ConductRow> conduct = {};
  std::vector<ConductDay> conduct_days = {};
};

/// How far an incident was covered by people who took the brand's part.
struct Cover {
  std::int64_t negative = 0;             ///< the incident's posts as it was last found, copies too
  std::int64_t defended = 0;             ///< … under which somebody did
  std::int64_t defenders = 0;            ///< people
  std::vector<MentionId> evidence = {};  ///< the defences, oldest first, at most 50
  bool operator==(const Cover&) const = default;
};

/// Moves from one stance to another in one month ("2026-03", UTC).
struct StanceMonth {
  std::string month = {}, from = {}, to = {};
  std::int64_t people = 0, steps = 0;
  bool operator==(const StanceMonth&) const = default;
};

struct PeopleFilter {
  std::string stance = {}, role = {};  ///< empty: every
  std::size_t limit = 50;
};

/// The part of Reader that tells of people; as that is: one thread at a time, every list with a limit. What a
/// deleted mention said is not shown.
class PeopleReader {
 public:
  virtual ~PeopleReader() = default;
  /// Those of most reach first; bots, staff, press and affiliates are among them, with their roles.
  virtual Result<std::vector<PersonRow>> people(BrandId brand, const PeopleFilter& filter) = 0;
  /// Every person's last step before that moment.
  virtual Result<std::vector<StanceStepRow>> last_steps(BrandId brand, Timestamp before) = 0;
  virtual Result<std::vector<StanceStepRow>> steps(BrandId brand, Timestamp since, Timestamp until,
                                                   std::size_t limit) = 0;
  virtual Result<std::vector<StanceMonth>> stance_months(BrandId brand, Timestamp since, Timestamp until) = 0;
  /// Newest first; of one kind.
  virtual Result<std::vector<PersonEventRow>> events(BrandId brand, std::string_view kind, Timestamp since,
                                                     Timestamp until, std::size_t limit) = 0;
  /// Newest first; of every state, or of one.
  virtual Result<std::vector<PromiseRow>> promises(BrandId brand, Timestamp since, Timestamp until,
                                                   std::string_view state, std::size_t limit) = 0;
  /// Most worth a thank-you first; without those that people set down as done, dismissed or put off.
  virtual Result<std::vector<PraiseRow>> praise(BrandId brand, std::size_t limit, Timestamp now) = 0;
  /// Newest first.
  virtual Result<std::vector<ConductRow>> conduct(BrandId brand, Timestamp since, Timestamp until,
                                                  std::size_t limit) = 0;
  virtual Result<std::vector<ConductDay>> conduct_days(BrandId brand, Timestamp since, Timestamp until) = 0;
  virtual Result<Cover> cover(IncidentId incident) = 0;
};

}  // namespace earshot::store
