#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "analysis/text/features.hpp"
#include "analysis/text/lexicon.hpp"
#include "analysis/text/reading.hpp"
#include "core/model/verdict.hpp"

/// How soon somebody must act and how bad the matter is for its writer. Sums of what hand-written words weigh
/// (`urgency=`, `severity=`) and of a few findings of the verdict, brought to 0 … 1 by s / (1 + s).
namespace earshot::analysis {

/// The weights of the words of one text. A word inside a longer phrase that has spoken adds little, and a
/// denied word is no harm ("not dangerous"); what is denied may still be pressing ("did not arrive today").
class UrgencyWords {
 public:
  float urgency(const Hit& hit, float weight) { return weigh(hit, weight, urgent_until_); }
  float severity(const Hit& hit, float weight) {
    return hit.negated && hit.words == 1 ? 0 : weigh(hit, weight, severe_until_);
  }

 private:
  static float weigh(const Hit& hit, float weight, std::uint32_t& until) {
    const auto end = hit.unit + hit.words;
    if (end <= until) return weight * inside_phrase;
    until = end;
    return weight;
  }
  std::uint32_t urgent_until_ = 0, severe_until_ = 0;
};

/// Fills urgency and severity; sentiment and topics must be there already. Praise and plain talk are 0.
void judge_urgency(const Sums& sums, Verdict& verdict);

/// What made up the verdict's urgency and severity (rules "urgency" and "severity"), appended to `out`.
void explain_urgency(const Reading& reading, Tokens tokens, const Lexicon& lexicon, const Verdict& verdict,
                     std::vector<Evidence>& out);

}  // namespace earshot::analysis
