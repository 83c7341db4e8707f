#pragma once
#include <cstddef>

#include "analysis/text/rule_set.hpp"

namespace earshot::analysis {

/// The constants of the rules, each with where it comes from. "Hutto" is C. J. Hutto and E. Gilbert, "VADER:
/// A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text", ICWSM 2014, whose values
/// were fitted to human ratings. What has no source was chosen by us and is only as good as the figures in
/// docs/analysis.md.
namespace rules {

/// Words behind a negator that it turns, unless a mark or a contrast stops it earlier. Four was best of 2..6
/// in the learned models of docs/analysis.md; Hutto looks back three.
inline constexpr std::size_t negation_scope = 4;
/// "not good" is bad, but less than "bad" is (Hutto).
inline constexpr float negation_factor = -0.74f;
/// How far back boosters are looked for, and how they fade with distance (Hutto).
inline constexpr std::size_t booster_reach = 3;
inline constexpr float booster_fading[booster_reach] = {1.0f, 0.95f, 0.9f};
/// Opinion before and after "but" (Hutto).
inline constexpr float before_contrast = 0.5f, after_contrast = 1.5f;
/// A word in capitals among words that are not: Hutto adds 0.733 to valences of about 2 to 3.
inline constexpr float caps_factor = 1.25f;
/// Wishes and conditionals say little about what is (ours).
inline constexpr float irrealis_positive = 0.3f, irrealis_negative = 0.7f;
/// Praise in an advertisement, and how many hashtags beside a link make one (ours).
inline constexpr float advertised_factor = 0.5f;
inline constexpr std::size_t advertising_hashtags_min = 3;
/// Word weights are learned from texts of some 20 words; the sum over a longer one is scaled down to that
/// many (ours).
inline constexpr float words_full_weight = 40;
/// What a comparison or a switch of brand adds to the logits of the winner and the loser (ours; about three
/// strong words).
inline constexpr float comparison_logit = 3.0f;

}  // namespace rules

/// The strengths of the rules of one set: a rule that is off has one at which it does nothing, so that who
/// reads a text asks no rule whether it is on.
struct RuleStrengths {
  explicit RuleStrengths(RuleSet on);

  std::size_t negation_scope, booster_reach, advertising_hashtags_min;
  float before_contrast, after_contrast, caps, irrealis_positive, irrealis_negative, advertised,
      words_full_weight;
  bool contrast, phrases, placeholders;
};

}  // namespace earshot::analysis
