#include "daemon/score_text.hpp"

#include "analysis/text/brand_matcher.hpp"

namespace earshot::daemon {

Verdict score_text(const analysis::Analyser& analyser, const TextToScore& text,
                   analysis::WithEvidence evidence, analysis::Scratch& scratch) {
  if (text.brand.empty()) return analyser.analyse(text.text, text.lang, evidence, scratch);
  const Brand brand{.id = BrandId{1}, .name = text.brand};
  auto matcher = analysis::BrandMatcher::create(std::span(&brand, 1));
  const Mention mention{.platform = "score", .native_id = text.id, .text = text.text, .lang = text.lang};
  std::vector<Match> matches;
  if (matcher) matches = (*matcher)->match(mention);
  if (matches.empty()) matches.push_back(Match{.brand = brand.id, .kind = MatchKind::source});
  return analyser.analyse(mention, matches, evidence, scratch).front().verdict;
}

}  // namespace earshot::daemon
