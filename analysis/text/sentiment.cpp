#include "analysis/text/sentiment.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/text/logistic.hpp"
#include "analysis/text/word_hash.hpp"

namespace earshot::analysis {
namespace {

struct RuleFeature {
  Rule rule;
  Feature feature;
};
/// Numbers that only a rule asks for.
constexpr RuleFeature rule_features[] = {
    {Rule::negation, Feature::negation},       {Rule::capitals, Feature::caps},
    {Rule::punctuation, Feature::exclaim},     {Rule::punctuation, Feature::ellipsis},
    {Rule::questions, Feature::asks},          {Rule::questions, Feature::opens_question},
    {Rule::questions, Feature::question_words}};

}  // namespace

SentimentModel::SentimentModel(const Lexicon& lexicon, RuleSet rules) {
  const auto add = [&](std::string_view name, std::size_t feature) {
    const auto found = lexicon.find(word_hash(name));
    if (!found.entry) return;
    for (std::size_t c = 0; c < 3; ++c)
      weights_[feature][c] += static_cast<float>(found.entry->plain[c]) * hundredth;
  };
  for (std::size_t i = 0; i < feature_total; ++i) add(feature_name(i), i);
  add(lean_name, static_cast<std::size_t>(Feature::bias));
  for (const auto& [rule, feature] : rule_features)
    if (!rules.has(rule)) weights_[static_cast<std::size_t>(feature)] = {};
}

Sentiment SentimentModel::score(const Sums& sums, const Features& features, float scale,
                                const ClassWeights& adjust) const {
  std::array<float, 4> logits{};
  features.each([&](std::size_t i, float value) {
    for (std::size_t c = 0; c < 4; ++c) logits[c] += value * weights_[i][c];
  });
  scale *= hundredth;
  double most = -1e9;
  for (std::size_t c = 0; c < 3; ++c) {
    logits[c] += static_cast<float>(sums.classes[c]) * scale + adjust[c];
    most = std::max(most, static_cast<double>(logits[c]));
  }
  std::array<double, 3> shares;
  for (std::size_t c = 0; c < 3; ++c) shares[c] = exponential(static_cast<double>(logits[c]) - most);
  const auto sum = shares[0] + shares[1] + shares[2];

  Sentiment out{.negative = static_cast<float>(shares[0] / sum),
                .neutral = static_cast<float>(shares[1] / sum),
                .positive = static_cast<float>(shares[2] / sum)};
  out.score = out.positive - out.negative;
  out.polarity = out.neutral >= out.negative && out.neutral >= out.positive ? Polarity::neutral
                 : out.positive > out.negative                              ? Polarity::positive
                                                                            : Polarity::negative;
  return out;
}

void SentimentModel::explain(const Reading& reading, Tokens tokens, const Features& features,
                             const Lexicon& lexicon, ClauseMask mask, std::vector<Evidence>& out) const {
  const auto scale = reading.word_scale * hundredth;
  const auto share = [&](Feature sum) {  // sqrt(sum) spread over the words it sums
    const auto& w = weights_[static_cast<std::size_t>(sum)];
    return features[sum] > 0 ? (w[2] - w[0]) / features[sum] : 0.0f;
  };
  const auto good = share(Feature::pos_sum), bad = share(Feature::neg_sum);
  for (const auto& hit : reading.hits) {
    if (hit.hidden || !in_mask(mask, reading.units[hit.unit].clause)) continue;
    const auto& entry = *hit.entry;
    const Span span{.begin = tokens[reading.units[hit.unit].token].span.begin,
                    .end = tokens[reading.units[hit.unit + hit.words - 1u].token].span.end};
    const std::string term((hit.negated && hit.words == 1 ? "not:" : "") + std::string(lexicon.term(entry)));
    const auto& weights = class_weights(hit);
    const auto weight = static_cast<float>(weights[2] - weights[0]) * scale +
                        std::abs(hit.valence) * (hit.valence > 0 ? good : bad);
    if (entry.negator)
      out.push_back({.span = span, .term = term, .rule = "negation", .weight = weight});
    else if (entry.contrast)
      out.push_back({.span = span, .term = term, .rule = "contrast", .weight = weight});
    else if (entry.booster != 0)
      out.push_back({.span = span, .term = term, .rule = "booster", .weight = weight});
    else if (std::abs(weight) >= 0.05f)
      out.push_back({.span = span, .term = term, .rule = "sentiment", .weight = weight});
  }
}

}  // namespace earshot::analysis
