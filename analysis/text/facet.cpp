#include "analysis/text/facet.hpp"

#include <array>

#include "analysis/text/word_groups.hpp"
#include "core/model/names.hpp"

namespace earshot::analysis {
namespace {

constexpr std::array<std::string_view, facet_count> names{
    "valence",  "negative",    "neutral", "positive",    "booster",      "negator",  "contrast",
    "irrealis", "comparative", "leaving", "question",    "urgency",      "severity", "reason",
    "issue",    "intent",      "emotion", "issue_logit", "intent_logit", "group"};

std::optional<std::uint8_t> emotion_from(std::string_view name) {
  for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(Emotion::gratitude); ++i)
    if (to_string(static_cast<Emotion>(i)) == name) return i;
  return std::nullopt;
}

template <typename Enum>
std::optional<std::uint8_t> id_of(std::optional<Enum> value) {
  return value ? std::optional(static_cast<std::uint8_t>(*value)) : std::nullopt;
}

}  // namespace

std::string_view to_string(Facet facet) { return names[static_cast<std::size_t>(facet)]; }

std::optional<FacetName> facet_from(std::string_view name) {
  const auto colon = name.find(':');
  for (std::size_t i = 0; i < facet_count; ++i) {
    if (names[i] != name.substr(0, colon)) continue;
    const auto facet = static_cast<Facet>(i);
    const bool wants_id = facet >= Facet::issue;
    if (wants_id != (colon != std::string_view::npos)) return std::nullopt;
    if (!wants_id) return FacetName{.facet = facet};
    const auto tail = name.substr(colon + 1);
    const bool issue = facet == Facet::issue || facet == Facet::issue_logit;
    const auto id = issue                     ? id_of(issue_type_from(tail))
                    : facet == Facet::emotion ? emotion_from(tail)
                    : facet == Facet::group   ? word_group_from(tail)
                                              : id_of(intent_from(tail));
    if (!id) return std::nullopt;
    return FacetName{.facet = facet, .id = *id};
  }
  return std::nullopt;
}

}  // namespace earshot::analysis
