#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "analysis/text/lexicon.hpp"
#include "analysis/text/reading.hpp"
#include "core/model/verdict.hpp"

/// What a text is about and what its writer wants: issue types, intents, emotion, question, complaint. All of
/// it sums the weights of the same lexicon hits that sentiment reads.
namespace earshot::analysis {

inline constexpr std::size_t emotion_count = 9;

/// Sums of weights over a reading, per enumerator.
struct TopicSums {
  std::array<float, issue_type_count> issues{};
  std::array<float, intent_count> intents{};
  std::array<float, emotion_count> emotions{};
  float question = 0;
};
TopicSums sum_topics(const Reading& reading, const std::vector<Token>& tokens, const Lexicon& lexicon,
                     std::vector<Evidence>* evidence);

/// A sum of weights as a score between 0 and 1; 1.0, one clear phrase, is 0.63.
float topic_score(float sum);

/// Whether the writer asks something, by question mark or by the way a sentence opens.
bool is_question(const Reading& reading, const std::vector<Token>& tokens, const TopicSums& sums);

/// Fills issues, intents, emotion, question and complaint from the sums; sentiment must be there already.
/// `own` are the scores of a company's own issue types.
void judge_topics(const Reading& reading, const std::vector<Token>& tokens, const TopicSums& sums,
                  const std::vector<ScoredIssue>& own, Verdict& verdict);

}  // namespace earshot::analysis
