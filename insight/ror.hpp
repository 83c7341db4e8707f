#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "insight/job.hpp"
#include "store/content.hpp"

/// Return on relationship: what people do for the brand unasked, as one figure that never stands without its
/// components.
namespace earshot::insight {

/// What each counts. To recommend or to defend puts one's own name in; to pass on costs a click, thanks less.
struct BondWeight {
  std::string_view kind;
  double weight;
};
inline constexpr std::array<BondWeight, 4> bond_weights{
    {{"recommend", 3}, {"defend", 3}, {"share", 2}, {"thank", 1}}};

struct RorComponent {
  std::string kind = {};
  double weight = 0;
  std::int64_t events = 0, people = 0;
  double points = 0;                     ///< weight × what is left of each event by its age
  std::vector<MentionId> mentions = {};  ///< newest first, at most 50
};

struct RorPerson {
  std::uint64_t author_key = 0;
  std::string author_handle = {};
  double points = 0;
  std::array<std::int64_t, bond_weights.size()> events = {};  ///< in the order of bond_weights
  MentionId newest = {};
};

struct Ror {
  Timestamp since = {}, until = {};
  Milliseconds half_life{0};
  std::int64_t authors = 0;  ///< distinct, who wrote of the brand; an estimate above 256
  double points = 0;
  std::vector<RorComponent> components = {};  ///< in the order of bond_weights; their points add up
  std::vector<RorPerson> people = {};         ///< most points first, at most 100
  double per_thousand() const { return authors > 0 ? 1000 * points / static_cast<double>(authors) : 0; }
};

/// Of one kind one event per person and UTC day counts, the newest; after a half-life half of it.
Ror count_ror(const std::vector<store::BondRow>& bonds, Timestamp until, Milliseconds half_life);

/// The same of what is stored of [since, until), with the authors of that time.
Result<Ror> return_on_relationship(const JobInput& input, Timestamp since, Timestamp until,
                                   Milliseconds half_life);

}  // namespace earshot::insight
