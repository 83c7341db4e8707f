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

void weigh_praise(float factor, Reading& reading) {
  for (auto& hit : reading.hits)
    if (hit.valence > 0) hit.valence *= factor;
}

}  // namespace earshot::analysis
