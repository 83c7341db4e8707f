#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

/// The rules by which a text's words become an opinion: their names, and which of them are on. Their numbers
/// are in rules.hpp.
namespace earshot::analysis {

/// Each can be switched off; the text is then read as though there were no such rule. What each is worth is
/// measured by tools/measure_rules.py, the figures are in docs/analysis.md.
enum class Rule : std::uint8_t {
  negation,      ///< "not good": a negator turns the words after it
  booster,       ///< "very good", "slightly good"
  contrast,      ///< "good but slow": what follows counts more; a negation ends there
  irrealis,      ///< "would be nice", "hope": wishes and conditionals are not said of what is
  capitals,      ///< GREAT, in a text that is not all in capitals
  phrases,       ///< an idiom hides what its words say alone: "no problem"
  placeholders,  ///< handles, links and names of brands have no opinion
  advertising,   ///< links with prices or many hashtags: an ad praises itself
  punctuation,   ///< "!" and "…"
  questions,     ///< who asks has rarely made up their mind
  length,        ///< a long text is not surer for its length alone
  attribution,   ///< a clause speaks of the brands it names
  comparison,    ///< "A is better than B" praises A alone
};
inline constexpr std::size_t rule_count = 13;

std::string_view to_string(Rule rule);

/// Which rules are on; all of them, unless said otherwise.
class RuleSet {
 public:
  bool has(Rule rule) const { return (bits_ >> static_cast<unsigned>(rule) & 1) != 0; }
  RuleSet& remove(Rule rule) {
    bits_ &= ~(1u << static_cast<unsigned>(rule));
    return *this;
  }
  bool operator==(const RuleSet&) const = default;

 private:
  std::uint32_t bits_ = (1u << rule_count) - 1;
};

/// All rules but those named. Fails with `invalid`, naming the first unknown name and all known ones.
Result<RuleSet> rules_without(std::span<const std::string> names);

}  // namespace earshot::analysis
