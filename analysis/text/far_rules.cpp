#include "analysis/text/far_rules.hpp"

namespace earshot::analysis {

void weigh_contrast(const RuleStrengths& rules, Reading& reading) {
  auto& hits = reading.hits;
  for (std::size_t begin = 0, end = 0; begin < hits.size(); begin = end) {
    const auto sentence = reading.units[hits[begin].unit].sentence;
    std::size_t contrast = SIZE_MAX;
    bool opinion_before = false, opinion = false;
    for (end = begin; end < hits.size() && reading.units[hits[end].unit].sentence == sentence; ++end) {
      opinion |= hits[end].valence != 0;
      if (!hits[end].entry->contrast || hits[end].hidden) continue;
      contrast = end;
      opinion_before = opinion;
    }
    if (contrast == SIZE_MAX || !opinion_before) continue;
    for (auto i = begin; i < end; ++i)
      hits[i].valence *= i < contrast ? rules.before_contrast : rules.after_contrast;
  }
}

void weigh_courtesy(float factor, Reading& reading) {
  for (auto& hit : reading.hits)
    if (hit.entry->polite && hit.valence > 0) hit.valence *= factor;
}

void weigh_praise(float factor, Reading& reading) {
  for (auto& hit : reading.hits)
    if (hit.valence > 0) hit.valence *= factor;
}

namespace {

/// The first opinion after hit `praise` if it is a mishap that is said before unit `end`; else `praise`.
std::size_t mishap_after(const Reading& reading, std::size_t praise, std::size_t begin, std::size_t end) {
  const auto& hits = reading.hits;
  for (auto i = praise + 1; i < hits.size() && hits[i].unit < end; ++i) {
    if (hits[i].unit < begin || hits[i].valence == 0) continue;
    return hits[i].valence <= rules::mishap_valence ? i : praise;
  }
  return praise;
}

/// "Great, another delay": nothing but praise in its clause, and the next one opens with a mishap.
std::size_t mishap_after_lone(const Reading& reading, std::size_t praise) {
  const auto& hit = reading.hits[praise];
  const std::size_t number = reading.units[hit.unit].clause;
  const auto& clause = reading.clauses[number];
  if (hit.entry->polite || clause.end - clause.begin != hit.words || number + 1 >= reading.clauses.size() ||
      clause.ends == ClauseEnd::exclaim)
    return praise;
  const auto begin = reading.clauses[number + 1].begin;
  const auto found = mishap_after(reading, praise, begin, begin + 1);
  return reading.hits[found].entry->trouble ? found : praise;
}

}  // namespace

void turn_mocked(std::size_t reach, Reading& reading) {
  auto& hits = reading.hits;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const auto hit = hits[i];
    if (hit.negated) continue;
    auto mishap = i;
    if (hit.entry->mocking && hit.words > 1) {
      std::size_t end = hit.unit + hit.words;
      const auto begin = end, sentence = std::size_t{reading.units[hit.unit].sentence};
      while (end < begin + reach && end < reading.units.size() && reading.units[end].sentence == sentence)
        ++end;
      mishap = mishap_after(reading, i, begin, end);
    } else if (hit.valence > 0) {
      mishap = mishap_after_lone(reading, i);
    }
    for (auto praise = i; praise < mishap; ++praise) {
      if (hits[praise].valence <= 0) continue;
      hits[praise].valence *= rules::mocked_factor;
      hits[praise].negated = true;
      reading.units[hits[praise].unit].negated = true;
    }
  }
}

}  // namespace earshot::analysis
