#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"

namespace earshot::analysis {

/// Where somebody stands towards a brand.
enum class Stance : std::uint8_t {
  unknown,   ///< nothing was heard that shows it
  neutral,   ///< heard, without an opinion
  ranter,    ///< the last opinion was unhappy
  raver,     ///< the last opinion was happy
  advocate,  ///< happy again and again over a while
  defender,  ///< took the brand's part under somebody else's complaint
};
inline constexpr std::size_t stance_count = 6;
std::string_view to_string(Stance stance);
std::optional<Stance> stance_from(std::string_view name);

/// What one post shows of its author's stance.
enum class Shown : std::uint8_t { nothing, unhappy, happy, defence };

struct LadderEvent {
  Timestamp at = {};
  Shown shown = Shown::nothing;
};

/// A move from one stance to another, with the two posts behind it: the one that last showed where the author
/// stood, and the one that moved them. For who fell silent these are the first and the last of the posts that
/// had made them advocate or defender.
struct LadderStep {
  Timestamp at = {};
  Stance from = Stance::unknown, to = Stance::unknown;
  std::optional<std::size_t> before = {};  ///< by index; none: before the events, or nothing had shown it
  std::optional<std::size_t> after = {};
};

struct LadderRules {
  int praises_min = 3;                     ///< happy posts of an advocate at least…
  std::chrono::hours span_min{24 * 14};    ///< …from first to last at least…
  std::chrono::hours praise_max{24 * 84};  ///< …none of them older, and none unhappy since the first
  std::chrono::hours silent_max{24 * 60};  ///< after which advocates and defenders are ravers again
};

/// The stance in which the events find their author, and since when.
struct LadderStart {
  Stance stance = Stance::unknown;
  std::optional<Timestamp> at = {};
};

/// The moves of one author, in the order of their times.
std::vector<LadderStep> climb(std::span<const LadderEvent> events, const LadderStart& start, Timestamp now,
                              const LadderRules& rules = {});

}  // namespace earshot::analysis
