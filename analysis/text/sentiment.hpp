#pragma once
#include <array>
#include <vector>

#include "analysis/text/features.hpp"
#include "analysis/text/lexicon.hpp"
#include "analysis/text/reading.hpp"
#include "analysis/text/rule_set.hpp"
#include "core/model/verdict.hpp"

namespace earshot::analysis {

/// Polarity as a linear model over words and features, its weights taken out of a lexicon once.
class SentimentModel {
 public:
  /// The features of rules that are off weigh nothing.
  SentimentModel(const Lexicon& lexicon, RuleSet rules);

  /// The weights of words and phrases times `scale` (Reading::word_scale), those of features, then `adjust`
  /// (from rules outside the text's words: a comparison of brands), through a softmax.
  Sentiment score(const Sums& sums, const Features& features, float scale, const ClassWeights& adjust) const;

  /// What each entry contributed, positive is good; appended to `out`.
  void explain(const Reading& reading, Tokens tokens, const Features& features, const Lexicon& lexicon,
               ClauseMask mask, std::vector<Evidence>& out) const;

 private:
  std::array<std::array<float, 4>, feature_total> weights_{};  ///< the fourth is nothing: four fit a register
};

}  // namespace earshot::analysis
