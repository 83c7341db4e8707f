#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What a lexicon entry can say about a text. One table holds all of it; one file format writes all of it.
namespace earshot::analysis {

enum class Facet : std::uint8_t {
  valence,   ///< −4 … 4, the opinion of the word by itself, for people and for the prior features
  negative,  ///< class weights: added to the logits of sentiment
  neutral,
  positive,
  booster,      ///< strengthens (or, below zero, weakens) the opinion words after it, as a share
  negator,      ///< opens a negation's scope
  contrast,     ///< "but": what comes after counts more than what came before
  irrealis,     ///< "would be", "hope": opinion words after it are not said of what is
  comparative,  ///< "better" +1, "worse" −1, for comparisons of brands
  leaving,      ///< "left", "ditched": the brand after it loses
  question,     ///< asks, with or without a question mark
  urgency,      ///< how soon somebody must act; below zero: there is time
  severity,     ///< how bad it is for the writer
  reason,       ///< introduces why or since when ("because"); below zero: ends it ("and now")
  issue,        ///< issue:<type>
  intent,       ///< intent:<name>
  emotion,      ///< emotion:<name>
  issue_logit,  ///< issue_logit:<type>: learned, added to the logit of a type
  intent_logit,
  group,  ///< group:<name>: says something only near a word of another group (word_groups.hpp)
};
inline constexpr std::size_t facet_count = 20;

/// "issue:billing" or "booster"; `id` is the enumerator behind the colon.
struct FacetName {
  Facet facet = Facet::valence;
  std::uint8_t id = 0;
};
std::optional<FacetName> facet_from(std::string_view name);
std::string_view to_string(Facet facet);

}  // namespace earshot::analysis
