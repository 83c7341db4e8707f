#include "analysis/text/named_features.hpp"

#include "analysis/text/sentiment.hpp"

namespace earshot::analysis {

namespace {

/// The word under which a unit is weighed: a possessive or an elongated word is read as the one it comes
/// from.
std::string word_name(const Unit& unit, Tokens tokens, const Lexicon& lexicon) {
  if (unit.entry && !unit.entry->aside && !unit.placeholder && !lexicon.term(*unit.entry).ends_with('*'))
    return std::string(lexicon.term(*unit.entry));
  auto name = unit_name(unit, tokens);
  if (!unit.placeholder && tokens[unit.token].has(possessive)) name.remove_suffix(2);
  return std::string(name);
}

}  // namespace

std::vector<std::pair<std::string, float>> named_features(const Reading& reading, Tokens tokens,
                                                          const Features& features, const Lexicon& lexicon) {
  std::vector<std::pair<std::string, float>> out;
  const auto& units = reading.units;
  const auto scale = reading.word_scale;
  for (const auto& hit : reading.hits)
    if (!hit.hidden && hit.words > 1 && hit.entry->opinion) out.emplace_back(lexicon.term(*hit.entry), scale);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto& unit = units[i];
    if (unit.covered) continue;
    const auto& token = tokens[unit.token];
    const bool negated = unit.negated && !(unit.entry && unit.entry->negator);
    const std::string prefix = negated ? "not:" : "";
    const auto name = word_name(unit, tokens, lexicon);
    out.emplace_back(prefix + name, scale);
    if (token.kind == TokenKind::word && !unit.placeholder)
      if (const auto stem = stem_of(name, learned_stem_letters);
          !stem.empty() && stem.find('\'') == std::string_view::npos)
        out.emplace_back(prefix + std::string(stem) + '*', scale);
    if (i + 1 < units.size() && units[i + 1].joins)
      out.emplace_back(
          std::string(unit_name(unit, tokens)) + ' ' + std::string(unit_name(units[i + 1], tokens)), scale);
  }
  features.each([&](std::size_t i, float value) { out.emplace_back(feature_name(i), value); });
  return out;
}

}  // namespace earshot::analysis
