#include "analysis/text/features.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/text/question.hpp"
#include "analysis/text/urgency.hpp"
#include "analysis/text/word_groups.hpp"
#include "core/base/uninitialized.hpp"
#include "core/model/names.hpp"

namespace earshot::analysis {
namespace {

constexpr std::array<std::string_view, own_features> own_names{
    "<bias>",      "<pos_sum>",    "<neg_sum>",        "<pos_count>",     "<neg_count>",  "<last>",
    "<max>",       "<min>",        "<only_pos>",       "<only_neg>",      "<both>",       "<blank>",
    "<trouble>",   "<asks>",       "<opens_question>", "<has_url>",       "<has_handle>", "<exclaim>",
    "<caps>",      "<elongated>",  "<ellipsis>",       "<hashtag>",       "<has_number>", "<negation>",
    "<words_few>", "<words_many>", "<starts_handle>",  "<question_words>"};

float capped(float value, float most) { return std::min(value, most); }
float yes(bool value) { return value ? 1.0f : 0.0f; }

/// Length of the text in words and what follows from the tokens alone.
void set_shape(const Reading& reading, Tokens tokens, ClauseMask mask, Features& out) {
  auto shape = reading.shape;
  if (!mask.empty()) {
    shape = {};
    for (const auto& unit : reading.units)
      if (in_mask(mask, unit.clause)) shape.add(tokens[unit.token]);
  }
  out.set(Feature::exclaim, capped(static_cast<float>(reading.exclamations), 4) / 4);
  out.set(Feature::ellipsis, yes(reading.ellipsis));
  out.set(Feature::caps,
          shape.words > 0 ? static_cast<float>(shape.capitals) / static_cast<float>(shape.words) : 0.0f);
  out.set(Feature::elongated, yes(shape.seen(TokenTrait::elongated)));
  out.set(Feature::hashtag, yes(shape.seen(TokenTrait::in_hashtag)));
  out.set(Feature::number, yes(shape.seen(TokenKind::number)));
  out.set(Feature::handle, yes(shape.seen(TokenKind::handle)));
  out.set(Feature::url, yes(shape.seen(TokenKind::url)));
  out.set(Feature::words_few, yes(shape.words < 6));
  out.set(Feature::words_many, yes(shape.words > 18));
  out.set(Feature::starts_handle, yes(!tokens.empty() && tokens.front().kind == TokenKind::handle));
}

/// Learned weights of topics. Rows are summed up in sixteen bits, and those sums in time in thirty-two.
class TopicSums {
 public:
  TopicSums(const Lexicon& lexicon, Sums& out) : lexicon_(lexicon), out_(out) {}

  void add(const Entry& entry) {
    if (entry.topics_count == topics_in_row) {
      const auto* const row = lexicon_.topic_row(entry).data();
      auto* const sums = rows_.data();
      // No two Hundredths of them overlap: the compiler may take eight at a time.
#if !defined(__clang__)
#pragma GCC ivdep
#endif
      for (std::size_t t = 0; t < topic_row_size; ++t) sums[t] = static_cast<Hundredths>(sums[t] + row[t]);
      if (++count_ == topic_rows_sum_max) finish();
      return;
    }
    for (const auto& topic : lexicon_.topic_list(entry)) out_.learned_topics[topic.topic] += topic.weight;
  }
  void finish() {
    if (count_ == 0) return;
    for (std::size_t t = 0; t < topic_count; ++t) out_.learned_topics[t] += rows_[t];
    rows_ = {};
    count_ = 0;
  }

 private:
  const Lexicon& lexicon_;
  Sums& out_;
  TopicRow rows_{};
  std::size_t count_ = 0;
};

/// Facets of one hit. `spoken` is the unit up to which longer phrases have spoken for a topic.
class FacetSums {
 public:
  FacetSums(const Reading& reading, const Lexicon& lexicon, Sums& out)
      : reading_(reading), lexicon_(lexicon), out_(out) {}

  void add(const Hit& hit) {
    for (const auto& facet : lexicon_.facets(*hit.entry)) {
      if (!facet_counts(hit, facet.facet)) continue;
      auto weight = static_cast<float>(facet.weight) * hundredth;
      switch (facet.facet) {
        case Facet::issue: {
          auto& until = spoken_[facet.id];
          if (hit.unit < until) weight *= inside_phrase;
          until = std::max(until, hit.unit + hit.words);
          out_.add_topic(facet.id, weight);
          break;
        }
        case Facet::intent: out_.add_topic(issue_type_count + facet.id, weight); break;
        case Facet::emotion: out_.emotions[facet.id] += weight; break;
        case Facet::group:
          groups_.add(hit, reading_.units[hit.unit].sentence, static_cast<WordGroup>(facet.id));
          break;
        case Facet::urgency:
          weight = urgency_.urgency(hit, weight);
          out_.urgency += weight;
          out_.pressing = std::max(out_.pressing, weight);
          break;
        case Facet::severity: out_.severity += urgency_.severity(hit, weight); break;
        default: out_.question += weight;
      }
    }
  }
  void finish() {
    groups_.apply([&](const GroupRule& rule, std::uint32_t, std::uint32_t) {
      out_.add_topic(topic_of(rule.type), rule.weight);
    });
  }

 private:
  const Reading& reading_;
  const Lexicon& lexicon_;
  Sums& out_;
  std::array<std::uint32_t, issue_type_count> spoken_{};
  UrgencyWords urgency_;
  GroupHits groups_;
};

}  // namespace

std::string_view feature_name(std::size_t feature) {
  static const auto topic_names = [] {
    std::array<std::string, topic_count> names;
    for (std::size_t i = 0; i < topic_count; ++i)
      names[i] = i < issue_type_count
                     ? "<issue:" + std::string(to_string(static_cast<IssueType>(i))) + ">"
                     : "<intent:" + std::string(to_string(static_cast<Intent>(i - issue_type_count))) + ">";
    return names;
  }();
  return feature < own_features ? own_names[feature] : std::string_view(topic_names[feature - own_features]);
}

Sums sum_hits(const Reading& reading, const Lexicon& lexicon, ClauseMask mask, LearnedTopics topics) {
  Sums sums;
  // Its list of places is long and mostly unused: it is not worth being zeroed for every text.
  EARSHOT_UNINITIALIZED FacetSums facets(reading, lexicon, sums);
  TopicSums learned(lexicon, sums);
  const auto* const units = reading.units.data();
  for (const auto& hit : reading.hits) {
    const auto& entry = *hit.entry;
    if (!mask.empty() && !in_mask(mask, units[hit.unit].clause)) continue;
    if (entry.facets_count != 0) facets.add(hit);
    if (hit.hidden) continue;
    const auto& weights = class_weights(hit);
    for (std::size_t c = 0; c < weights.size(); ++c) sums.classes[c] += weights[c];
    if (topics == LearnedTopics::yes && entry.topics_count != 0) learned.add(entry);
    if (!hit.opinion) continue;
    sums.trouble += yes(entry.trouble && !hit.negated && entry.valence < 0);
    sums.negations += yes(entry.negator);
    if (hit.valence == 0) continue;
    (hit.valence > 0 ? sums.positive : sums.negative) += std::abs(hit.valence);
    (hit.valence > 0 ? sums.positive_words : sums.negative_words) += 1;
    sums.last = hit.valence;
    sums.max = std::max(sums.max, hit.valence);
    sums.min = std::min(sums.min, hit.valence);
  }
  facets.finish();
  learned.finish();
  return sums;
}

Features features_of(const Reading& reading, Tokens tokens, const Sums& sums, ClauseMask mask) {
  EARSHOT_UNINITIALIZED Features out;
  const bool good = sums.positive > 0, bad = sums.negative > 0;
  bool asks = mask.empty() && reading.asks;
  for (std::size_t i = 0; i < mask.size() && i < reading.clauses.size(); ++i)
    asks |= reading.clauses[i].ends == ClauseEnd::question && in_mask(mask, static_cast<std::uint16_t>(i));
  out.set(Feature::bias, 1);
  out.set(Feature::pos_sum, std::sqrt(sums.positive));
  out.set(Feature::neg_sum, std::sqrt(sums.negative));
  out.set(Feature::pos_count, capped(sums.positive_words, 4) / 4);
  out.set(Feature::neg_count, capped(sums.negative_words, 4) / 4);
  out.set(Feature::last, sums.last / 4);
  out.set(Feature::max, sums.max / 4);
  out.set(Feature::min, -sums.min / 4);
  out.set(Feature::only_pos, yes(good && !bad));
  out.set(Feature::only_neg, yes(bad && !good));
  out.set(Feature::both, yes(good && bad));
  out.set(Feature::blank, yes(!good && !bad));
  out.set(Feature::trouble, capped(sums.trouble, 3) / 3);
  out.set(Feature::negation, capped(sums.negations, 3) / 3);
  out.set(Feature::asks, yes(asks));
  out.set(Feature::opens_question, yes(opens_question(reading)));
  out.set(Feature::question_words, capped(sums.question, 2) / 2);
  set_shape(reading, tokens, mask, out);
  for (auto left = sums.spoken_of; left != 0; left &= left - 1) {
    const auto topic = static_cast<std::size_t>(std::countr_zero(left));
    const auto sum = sums.topics[topic];
    out.set(own_features + topic, sum / (1 + std::abs(sum)));
  }
  return out;
}

}  // namespace earshot::analysis
