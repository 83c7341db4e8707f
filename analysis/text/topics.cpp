#include "analysis/text/topics.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "analysis/text/logistic.hpp"
#include "analysis/text/sentiment.hpp"
#include "analysis/text/word_hash.hpp"

namespace earshot::analysis {
namespace {

/// Probability from which on a topic is said. Issues are a ranked list, so that a good second guess is worth
/// having; the others are yes or no.
constexpr float issue_floor = 0.4f, intent_floor = 0.5f;
/// Issues weaker than this share of the best are noise beside it.
constexpr float issue_share = 0.3f;
/// What the words for an emotion must sum to: one clear word.
constexpr float emotion_floor = 0.8f;

/// The logit of a probability, so that most topics are refused without working theirs out.
constexpr float issue_logit_floor = -0.4054651f, intent_logit_floor = 0;
static_assert(probability(issue_logit_floor) > issue_floor - 1e-6f &&
              probability(issue_logit_floor) < issue_floor + 1e-6f);
static_assert(probability(intent_logit_floor) == intent_floor);

void judge_issues(const Reading& reading, const TopicLogits& logits, const std::vector<ScoredIssue>& own,
                  Verdict& verdict) {
  auto& issues = verdict.issues;
  const auto add = [&](const ScoredIssue& issue) {  // kept in order, best first; the weakest falls out
    if (issues.size() == issues_max) {
      if (issues.back().score >= issue.score) return;
      issues.pop_back();
    }
    const auto at =
        std::ranges::upper_bound(issues, issue.score, std::ranges::greater{}, &ScoredIssue::score);
    issues.insert(at, issue);
  };
  for (std::size_t i = 0; i < issue_type_count; ++i)
    if (logits[i] >= issue_logit_floor && i != topic_of(IssueType::other))
      add({.type = static_cast<IssueType>(i), .score = probability(logits[i])});
  for (const auto& issue : own) add(issue);
  while (issues.size() > 1 && issues.back().score < issues.front().score * issue_share) issues.pop_back();
  // It is about something and none of the types says what.
  if (issues.empty() && reading.units.size() >= 3 && logits[topic_of(Intent::spam)] < intent_logit_floor)
    issues.push_back({.type = IssueType::other, .score = 0.3f});
}

void judge_intents(const TopicLogits& logits, Verdict& verdict) {
  for (std::size_t i = 0; i < intent_count; ++i) {
    const auto intent = static_cast<Intent>(i);
    const bool said = intent == Intent::question    ? verdict.question
                      : intent == Intent::complaint ? verdict.complaint
                                                    : logits[topic_of(intent)] >= intent_logit_floor;
    if (said) verdict.intents.push_back({.intent = intent, .score = probability(logits[topic_of(intent)])});
  }
  std::ranges::sort(verdict.intents, [](const ScoredIntent& a, const ScoredIntent& b) {
    return a.score != b.score ? a.score > b.score : a.intent < b.intent;
  });
}

void judge_emotion(const Sums& sums, Verdict& verdict) {
  auto totals = sums.emotions;
  const auto joy = static_cast<std::size_t>(Emotion::joy),
             thanks = static_cast<std::size_t>(Emotion::gratitude);
  if (verdict.sentiment.polarity == Polarity::negative) totals[joy] = totals[thanks] = 0;
  if (verdict.sentiment.polarity == Polarity::positive)
    for (std::size_t i = 1; i < emotion_count; ++i)
      if (i != joy && i != thanks && i != static_cast<std::size_t>(Emotion::surprise)) totals[i] *= 0.3f;
  const auto best = static_cast<std::size_t>(std::ranges::max_element(totals) - totals.begin());
  verdict.emotion = totals[best] >= emotion_floor ? static_cast<Emotion>(best) : Emotion::none;
}

/// Four topics to a register.
__extension__ typedef float Four __attribute__((vector_size(16)));

/// Written out register by register, so that all sums stay in registers while features are added.
template <std::size_t N, std::size_t... K>
void add_row(const float* weights, float value, std::array<Four, N>& sums, std::index_sequence<K...>) {
  const auto load = [weights](std::size_t four) {
    Four out;
    std::memcpy(&out, weights + 4 * four, sizeof out);
    return out;
  };
  ((std::get<K>(sums) += value * load(K)), ...);
}

}  // namespace

TopicModel::TopicModel(const Lexicon& lexicon) {
  const auto add = [&](std::string_view name, std::size_t feature) {
    const auto found = lexicon.find(word_hash(name));
    if (!found.entry) return;
    for (const auto& topic : lexicon.topics(*found.entry))
      weights_[feature][topic.topic] += static_cast<float>(topic.weight) * hundredth;
  };
  for (std::size_t i = 0; i < feature_total; ++i) add(feature_name(i), i);
  add(lean_name, static_cast<std::size_t>(Feature::bias));
}

TopicLogits TopicModel::score(const Sums& sums, const Features& features, float scale) const {
  std::array<Four, padded / 4> fours{};
  constexpr auto each = std::make_index_sequence<padded / 4>();
  features.each([&](std::size_t i, float value) { add_row(weights_[i].data(), value, fours, each); });
  std::array<float, padded> totals;
  std::memcpy(totals.data(), fours.data(), sizeof totals);
  scale *= hundredth;
  TopicLogits out;
  for (std::size_t t = 0; t < topic_count; ++t)
    out.data()[t] = totals.data()[t] + static_cast<float>(sums.learned_topics[t]) * scale;
  return out;
}

void judge_topics(const Reading& reading, const Sums& sums, const TopicLogits& logits,
                  const std::vector<ScoredIssue>& own, Verdict& verdict) {
  verdict.question = logits[topic_of(Intent::question)] >= intent_logit_floor;
  verdict.complaint = verdict.sentiment.polarity != Polarity::positive &&
                      logits[topic_of(Intent::complaint)] >= intent_logit_floor;
  judge_issues(reading, logits, own, verdict);
  judge_intents(logits, verdict);
  judge_emotion(sums, verdict);
}

}  // namespace earshot::analysis
