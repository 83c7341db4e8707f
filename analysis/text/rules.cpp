#include "analysis/text/rules.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace earshot::analysis {
namespace {

constexpr std::array<std::string_view, rule_count> names{
    "negation",    "booster",     "contrast",  "irrealis", "capitals",    "phrases",   "placeholders",
    "advertising", "punctuation", "questions", "length",   "attribution", "comparison"};

}  // namespace

std::string_view to_string(Rule rule) { return names[static_cast<std::size_t>(rule)]; }

Result<RuleSet> rules_without(std::span<const std::string> off) {
  RuleSet out;
  for (const auto& name : off) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
      std::string known;
      for (const auto one : names) known += (known.empty() ? "" : ", ") + std::string(one);
      return unexpected(ErrorKind::invalid, "there is no rule '" + name + "'; the rules are " + known);
    }
    out.remove(static_cast<Rule>(found - names.begin()));
  }
  return out;
}

RuleStrengths::RuleStrengths(RuleSet on) {
  const auto factor = [&](Rule rule, float strength) { return on.has(rule) ? strength : 1.0f; };
  const auto reach = [&](Rule rule, std::size_t words) { return on.has(rule) ? words : 0; };
  constexpr auto never = std::numeric_limits<std::size_t>::max();
  negation_scope = reach(Rule::negation, rules::negation_scope);
  booster_reach = reach(Rule::booster, rules::booster_reach);
  advertising_hashtags_min = on.has(Rule::advertising) ? rules::advertising_hashtags_min : never;
  before_contrast = factor(Rule::contrast, rules::before_contrast);
  after_contrast = factor(Rule::contrast, rules::after_contrast);
  caps = factor(Rule::capitals, rules::caps_factor);
  irrealis_positive = factor(Rule::irrealis, rules::irrealis_positive);
  irrealis_negative = factor(Rule::irrealis, rules::irrealis_negative);
  advertised = factor(Rule::advertising, rules::advertised_factor);
  words_full_weight =
      on.has(Rule::length) ? rules::words_full_weight : std::numeric_limits<float>::infinity();
  contrast = on.has(Rule::contrast);
  phrases = on.has(Rule::phrases);
  placeholders = on.has(Rule::placeholders);
}

}  // namespace earshot::analysis
