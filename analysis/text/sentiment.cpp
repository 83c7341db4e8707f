#include "analysis/text/sentiment.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/text/rules.hpp"
#include "core/base/hash.hpp"

namespace earshot::analysis {
namespace {

constexpr std::array<std::string_view, feature_total> names{
    "<bias>",       "<pos_sum>",      "<neg_sum>",  "<pos_count>",  "<neg_count>", "<last>",
    "<max>",        "<min>",          "<only_pos>", "<only_neg>",   "<both>",      "<blank>",
    "<trouble>",    "<asks>",         "<has_url>",  "<has_handle>", "<exclaim>",   "<caps>",
    "<elongated>",  "<ellipsis>",     "<hashtag>",  "<has_number>", "<negation>",  "<words_few>",
    "<words_many>", "<starts_handle>"};

bool in(ClauseMask mask, std::uint16_t clause) {
  return mask.empty() || (clause < mask.size() && mask[clause] != 0);
}

/// An issue the writer has, not one they praise or ask about.
bool is_trouble(const Hit& hit) {
  return !hit.negated && !hit.hidden && hit.entry->valence < 0 && hit.entry->trouble;
}

float capped(float value, float most) { return std::min(value, most); }

/// Length of the text in words and what follows from the tokens alone.
void shape(const Reading& reading, const std::vector<Token>& tokens, ClauseMask mask, const auto& set) {
  float words = 0, caps = 0, elongated = 0, hashtags = 0, numbers = 0, handles = 0, urls = 0;
  for (const auto& unit : reading.units) {
    if (!in(mask, unit.clause)) continue;
    const auto& token = tokens[unit.token];
    words += token.kind == TokenKind::word;
    caps += token.all_caps;
    elongated += token.elongated;
    numbers += token.kind == TokenKind::number;
    handles += token.kind == TokenKind::handle;
    urls += token.kind == TokenKind::url;
    hashtags += token.in_hashtag;
  }
  float bangs = 0, dots = 0;
  for (const auto& token : tokens) {
    if (token.kind != TokenKind::punctuation) continue;
    if (token.folded.front() == '!' || token.folded == "?!")
      bangs += static_cast<float>(token.span.end - token.span.begin);
    dots += token.folded == "...";
  }
  set(Feature::exclaim, capped(bangs, 4) / 4);
  set(Feature::ellipsis, dots > 0 ? 1.0f : 0.0f);
  set(Feature::caps, words > 0 ? caps / words : 0.0f);
  set(Feature::elongated, elongated > 0 ? 1.0f : 0.0f);
  set(Feature::hashtag, hashtags > 0 ? 1.0f : 0.0f);
  set(Feature::number, numbers > 0 ? 1.0f : 0.0f);
  set(Feature::handle, handles > 0 ? 1.0f : 0.0f);
  set(Feature::url, urls > 0 ? 1.0f : 0.0f);
  set(Feature::words_few, words < 6 ? 1.0f : 0.0f);
  set(Feature::words_many, words > 18 ? 1.0f : 0.0f);
  set(Feature::starts_handle, !tokens.empty() && tokens.front().kind == TokenKind::handle ? 1.0f : 0.0f);
}

/// Longer texts than the weights were learned from must not be surer for their length alone.
float word_scale(const Reading& reading) {
  const auto n = static_cast<float>(reading.units.size());
  return n <= rules::words_full_weight ? 1.0f : rules::words_full_weight / n;
}

}  // namespace

std::string_view to_string(Feature feature) { return names[static_cast<std::size_t>(feature)]; }

Features features_of(const Reading& reading, const std::vector<Token>& tokens, ClauseMask mask) {
  Features f{};
  const auto set = [&](Feature feature, float value) { f[static_cast<std::size_t>(feature)] = value; };
  float pos = 0, neg = 0, pos_n = 0, neg_n = 0, last = 0, max = 0, min = 0, trouble = 0, negations = 0,
        asks = 0;
  for (const auto& hit : reading.hits) {
    const auto& unit = reading.units[hit.unit];
    if (!in(mask, unit.clause)) continue;
    trouble += is_trouble(hit);
    negations += hit.entry->negator && !hit.hidden;
    if (hit.valence == 0) continue;
    (hit.valence > 0 ? pos : neg) += std::abs(hit.valence);
    (hit.valence > 0 ? pos_n : neg_n) += 1;
    last = hit.valence;
    max = std::max(max, hit.valence);
    min = std::min(min, hit.valence);
  }
  for (std::size_t i = 0; i < reading.clauses.size(); ++i)
    if (in(mask, static_cast<std::uint16_t>(i)) && reading.clauses[i].ends == ClauseEnd::question) asks = 1;
  set(Feature::bias, 1);
  set(Feature::pos_sum, std::sqrt(pos));
  set(Feature::neg_sum, std::sqrt(neg));
  set(Feature::pos_count, capped(pos_n, 4) / 4);
  set(Feature::neg_count, capped(neg_n, 4) / 4);
  set(Feature::last, last / 4);
  set(Feature::max, max / 4);
  set(Feature::min, -min / 4);
  set(Feature::only_pos, pos > 0 && neg == 0 ? 1.0f : 0.0f);
  set(Feature::only_neg, neg > 0 && pos == 0 ? 1.0f : 0.0f);
  set(Feature::both, pos > 0 && neg > 0 ? 1.0f : 0.0f);
  set(Feature::blank, pos == 0 && neg == 0 ? 1.0f : 0.0f);
  set(Feature::trouble, capped(trouble, 3) / 3);
  set(Feature::negation, capped(negations, 3) / 3);
  set(Feature::asks, asks);
  shape(reading, tokens, mask, set);
  return f;
}

SentimentModel::SentimentModel(const Lexicon& lexicon) {
  for (std::size_t i = 0; i < feature_total; ++i)
    if (const auto found = lexicon.find(hash64(names[i])); found.entry) weights_[i] = found.entry->plain;
}

Sentiment SentimentModel::score(const Reading& reading, const std::vector<Token>& tokens, ClauseMask mask,
                                const ClassWeights& adjust) const {
  ClassWeights words{};
  for (const auto& hit : reading.hits) {
    if (hit.hidden || !hit.entry->learned || !in(mask, reading.units[hit.unit].clause)) continue;
    const auto& weights = hit.negated && hit.words == 1 ? hit.entry->negated : hit.entry->plain;
    for (std::size_t c = 0; c < 3; ++c) words[c] += weights[c];
  }
  const auto features = features_of(reading, tokens, mask);
  const auto scale = word_scale(reading);
  ClassWeights logits = adjust;
  for (std::size_t c = 0; c < 3; ++c) {
    logits[c] += words[c] * scale;
    for (std::size_t i = 0; i < feature_total; ++i) logits[c] += features[i] * weights_[i][c];
  }
  const auto most = std::ranges::max(logits);
  float sum = 0;
  for (auto& logit : logits) sum += logit = std::exp(logit - most);
  for (auto& probability : logits) probability /= sum;

  Sentiment out{.negative = logits[0], .neutral = logits[1], .positive = logits[2]};
  out.score = out.positive - out.negative;
  out.polarity = out.neutral >= out.negative && out.neutral >= out.positive ? Polarity::neutral
                 : out.positive > out.negative                              ? Polarity::positive
                                                                            : Polarity::negative;
  return out;
}

void SentimentModel::explain(const Reading& reading, const std::vector<Token>& tokens, const Lexicon& lexicon,
                             ClauseMask mask, std::vector<Evidence>& out) const {
  const auto scale = word_scale(reading);
  const auto slope = [&](Feature feature) {
    const auto& w = weights_[static_cast<std::size_t>(feature)];
    return w[2] - w[0];
  };
  const auto features = features_of(reading, tokens, mask);
  const auto share = [&](Feature sum) {  // sqrt(sum) spread over the words it sums
    const auto root = features[static_cast<std::size_t>(sum)];
    return root > 0 ? slope(sum) / root : 0.0f;
  };
  const auto good = share(Feature::pos_sum), bad = share(Feature::neg_sum);
  for (const auto& hit : reading.hits) {
    if (hit.hidden || !in(mask, reading.units[hit.unit].clause)) continue;
    const auto& entry = *hit.entry;
    const Span span{.begin = tokens[reading.units[hit.unit].token].span.begin,
                    .end = tokens[reading.units[hit.unit + hit.words - 1u].token].span.end};
    const std::string term((hit.negated && hit.words == 1 ? "not:" : "") + std::string(lexicon.term(entry)));
    const auto& weights = hit.negated && hit.words == 1 ? entry.negated : entry.plain;
    const auto weight =
        (weights[2] - weights[0]) * scale + std::abs(hit.valence) * (hit.valence > 0 ? good : bad);
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
