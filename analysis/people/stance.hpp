#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/model/verdict.hpp"

namespace earshot::analysis {

/// One post of one author about one brand, as far as it shows where the author stands.
struct StanceEvent {
  Timestamp at = {};
  Polarity polarity = Polarity::unscored;
  double score = 0;                           ///< −1 … 1
  bool praise = false;                        ///< it praises or recommends; thanks alone are politeness
  std::optional<Timestamp> answered_at = {};  ///< the brand's first reply to it
  bool complaint = false;                     ///< flagged as one: unhappy unless the score is not below 0
  bool thanks = false;
  bool settled = false;      ///< it says that the matter is settled ("works again")
  bool to_brand = false;     ///< a reply to a post of the brand
  bool common = false;       ///< one report of an incident that hit many
  std::uint64_t issues = 0;  ///< bit mask over IssueType
};

/// How the story of an unhappy customer went on.
enum class Outcome : std::uint8_t {
  open,             ///< too early to say
  unanswered,       ///< the brand never replied, and nothing more was heard
  silent,           ///< the brand replied, and nothing more was heard
  angry,            ///< still unhappy after the brand's reply
  converted,        ///< happy after the brand's reply: a ranter who became a raver
  converted_alone,  ///< happy without any reply
  relieved,         ///< an incident that hit many is over, and its reporter is glad
};
std::string_view to_string(Outcome outcome);
std::optional<Outcome> outcome_from(std::string_view name);

/// One story of one author, by index into the events: from the first unhappy post to how it ended.
struct Journey {
  std::size_t rant = 0;                      ///< the unhappy post it began with
  std::optional<std::size_t> answered = {};  ///< the unhappy post that the brand first replied to
  std::optional<std::size_t> last = {};      ///< the happy or still unhappy post that decided it
  Outcome outcome = Outcome::open;
  bool fallen = false;  ///< the author had been a raver before
};

/// A conversion has to be told from a mood: the happy post praises, comes a while after the reply, not so
/// late that it speaks of something else, and of the same matter.
struct StanceRules {
  double happy_min = 0.2;            ///< score of a happy post at least
  double happy_same_matter_min = 0;  ///< … where it is known to speak of the same matter
  double delighted_min = 0.5;        ///< … that need not praise, where it is so known
  std::chrono::minutes gap_min{60};  ///< between reply and happy post at least
  std::chrono::hours story_max{24 *
                               14};  ///< between the last unhappy post or reply and the happy post at most
  std::chrono::hours silence_min{24 * 30};  ///< after which nothing more is expected
};

/// Whether a happy post speaks of what the unhappy ones of a story spoke of, by index into the events.
using SameMatter = std::function<bool(std::size_t happy, std::span<const std::size_t> unhappy)>;

bool is_unhappy(const StanceEvent& event);

/// The stories of one author, whose events are in the order of their times. Each event belongs to one story
/// at most, so that one happy post converts nobody twice. Without `same_matter` every happy post may speak of
/// it, but has to say so more clearly.
std::vector<Journey> follow_stance(std::span<const StanceEvent> events, Timestamp now,
                                   const StanceRules& rules = {}, const SameMatter& same_matter = {});

}  // namespace earshot::analysis
