#include "analysis/text/features.hpp"

namespace earshot::analysis {

std::vector<std::pair<std::string, float>> named_features(const Reading& reading,
                                                          const std::vector<Token>& tokens,
                                                          const Lexicon& lexicon) {
  std::vector<std::pair<std::string, float>> out;
  const auto& units = reading.units;
  for (const auto& hit : reading.hits)
    if (!hit.hidden && hit.words > 1 && hit.entry->opinion) out.emplace_back(lexicon.term(*hit.entry), 1.0f);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].covered) continue;
    const auto* entry = units[i].entry;
    const std::string name(entry && !units[i].placeholder ? lexicon.term(*entry)
                                                          : unit_name(units[i], tokens));
    const bool negated = units[i].negated && !(entry && entry->negator);
    out.emplace_back((negated ? "not:" : "") + name, 1.0f);
    if (i + 1 >= units.size() || !units[i + 1].joins || units[i + 1].covered) continue;
    out.emplace_back(
        std::string(unit_name(units[i], tokens)) + ' ' + std::string(unit_name(units[i + 1], tokens)), 1.0f);
  }
  const auto numbers = features_of(reading, tokens, {});
  for (std::size_t i = 0; i < feature_total; ++i)
    if (numbers[i] != 0) out.emplace_back(to_string(static_cast<Feature>(i)), numbers[i]);
  return out;
}

}  // namespace earshot::analysis
