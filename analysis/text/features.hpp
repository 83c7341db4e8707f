#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

#include "analysis/text/lexicon.hpp"
#include "analysis/text/reading.hpp"
#include "analysis/text/token.hpp"

/// Numbers about a text that stand beside its words in the linear models of sentiment and topics. Their
/// weights are lexicon lines like any other, under the name in angle brackets.
namespace earshot::analysis {

enum class Feature : std::uint8_t {
  bias,
  pos_sum,
  neg_sum,
  pos_count,
  neg_count,
  last,
  max,
  min,
  only_pos,
  only_neg,
  both,
  blank,
  trouble,
  asks,
  opens_question,
  url,
  handle,
  exclaim,
  caps,
  elongated,
  ellipsis,
  hashtag,
  number,
  negation,
  words_few,
  words_many,
  starts_handle,
  question_words,
};
inline constexpr std::size_t own_features = 28;
/// After them, one feature per topic: what the hand-written words say for it.
inline constexpr std::size_t feature_total = own_features + topic_count;
static_assert(feature_total <= 64);

/// The term whose weights are added to <bias>: what is said in doubt, set by hand and never learned.
inline constexpr std::string_view lean_name = "<lean>";

std::string_view feature_name(std::size_t feature);  ///< "<pos_sum>", "<issue:delay>", "<intent:thanks>"

/// Values of all features; most are zero, so which are not is kept beside them.
class Features {
 public:
  void set(Feature feature, float value) { set(static_cast<std::size_t>(feature), value); }
  void set(std::size_t feature, float value) {
    values_.data()[feature] = value;
    set_ |= static_cast<std::uint64_t>(value != 0) << feature;
  }
  float operator[](Feature feature) const {
    const auto i = static_cast<std::size_t>(feature);
    return (set_ >> i & 1) != 0 ? values_[i] : 0.0f;
  }

  /// Calls said(feature, value) for each that is not zero, in order.
  template <typename Said>
  void each(const Said& said) const {
    for (auto left = set_; left != 0; left &= left - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(left));
      said(i, values_.data()[i]);
    }
  }

 private:
  std::array<float, feature_total> values_;  ///< only where `set_` says so
  std::uint64_t set_ = 0;
};

/// Which clauses are looked at: one byte per clause of the reading; empty: all.
using ClauseMask = std::span<const std::uint8_t>;

inline bool in_mask(ClauseMask mask, std::uint16_t clause) {
  return mask.empty() || (clause < mask.size() && mask[clause] != 0);
}

inline constexpr std::size_t emotion_count = 9;

/// What the words of a text say, summed: those written by hand after the rules, and the learned weights.
struct Sums {
  std::array<std::int32_t, 4> classes{};  ///< learned, in hundredths; three and one to fill a register
  std::array<std::int32_t, topic_count> learned_topics{};  ///< in hundredths
  float positive = 0, negative = 0;                        ///< of valences after the rules
  float positive_words = 0, negative_words = 0;
  float last = 0, max = 0, min = 0;
  float trouble = 0;  ///< issues the writer has, not those they praise or ask about
  float negations = 0;
  float question = 0;
  float urgency = 0, severity = 0;
  float pressing = 0;           ///< the most that one word or phrase said for urgency
  std::uint64_t spoken_of = 0;  ///< topics that words spoke for, one bit each
  std::array<float, topic_count> topics{};
  std::array<float, emotion_count> emotions{};

  void add_topic(std::size_t topic, float weight) {
    topics[topic] += weight;
    spoken_of |= 1ull << topic;
  }
};
/// Whether `learned_topics` are wanted: sentiment does not read them.
enum class LearnedTopics : std::uint8_t { no, yes };
Sums sum_hits(const Reading& reading, const Lexicon& lexicon, ClauseMask mask, LearnedTopics topics);

Features features_of(const Reading& reading, Tokens tokens, const Sums& sums, ClauseMask mask);

/// Learned weights of a hit's words. A negated word has weights of its own, a phrase says what it says.
inline const EntryWeights& class_weights(const Hit& hit) {
  return hit.negated && hit.words == 1 ? hit.entry->negated : hit.entry->plain;
}

/// A part of a longer phrase that has already spoken for the same type adds little (ours).
inline constexpr float inside_phrase = 0.2f;

/// Whether a hit's facets count: "no delay", "not happy" say nothing for their topics, "never" still asks.
inline bool facet_counts(const Hit& hit, Facet facet) {
  return !hit.negated || hit.entry->valence == 0 || facet == Facet::question;
}

}  // namespace earshot::analysis
