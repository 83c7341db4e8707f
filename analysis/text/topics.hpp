#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "analysis/text/features.hpp"
#include "analysis/text/lexicon.hpp"
#include "analysis/text/reading.hpp"
#include "core/model/verdict.hpp"

/// What a text is about and what its writer wants: issue types, intents, emotion, question, complaint. One
/// logistic model per topic over the words and features that sentiment reads.
namespace earshot::analysis {

/// Logits, by topic_of().
using TopicLogits = std::array<float, topic_count>;

class TopicModel {
 public:
  explicit TopicModel(const Lexicon& lexicon);

  /// `scale` is that of the words' weights (Reading::word_scale).
  TopicLogits score(const Sums& sums, const Features& features, float scale) const;

  /// The weight of a feature (by number) for a topic.
  float weight(std::size_t feature, std::size_t topic) const { return weights_[feature][topic]; }

 private:
  static constexpr std::size_t padded = (topic_count + 3) / 4 * 4;
  std::array<std::array<float, padded>, feature_total> weights_{};
};

/// Fills issues, intents, emotion, question and complaint; sentiment must be there already. `own` are the
/// scores of a company's own issue types.
void judge_topics(const Reading& reading, const Sums& sums, const TopicLogits& logits,
                  const std::vector<ScoredIssue>& own, Verdict& verdict);

/// Which words spoke for which topic, by hand and, for topics the verdict names, by learned weight; appended
/// to `out`.
void explain_topics(const Reading& reading, Tokens tokens, const Lexicon& lexicon, const Verdict& verdict,
                    std::vector<Evidence>& out);

}  // namespace earshot::analysis
