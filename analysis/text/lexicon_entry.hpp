#pragma once
#include <array>
#include <cstdint>

#include "analysis/text/facet.hpp"
#include "core/model/verdict.hpp"

/// What a lexicon keeps of a term, as it stands in memory and in the tables that are compiled into the
/// program.
namespace earshot::analysis {

/// Weights are kept in hundredths, as the files write them: sums of whole numbers are the same in any order
/// and on every machine.
using Hundredths = std::int16_t;
inline constexpr float hundredth = 0.01f;

/// Weights of the three classes: negative, neutral, positive; logits.
using ClassWeights = std::array<float, 3>;

/// What the topic model decides beside the polarity: one output per issue type, then one per intent.
inline constexpr std::size_t topic_count = issue_type_count + intent_count;
constexpr std::size_t topic_of(IssueType type) { return static_cast<std::size_t>(type); }
constexpr std::size_t topic_of(Intent intent) { return issue_type_count + static_cast<std::size_t>(intent); }

/// issue, intent, emotion, question, urgency, severity or group, with its strength by hand.
struct FacetWeight {
  Facet facet = Facet::issue;
  std::uint8_t id = 0;
  Hundredths weight = 0;
};
/// A learned weight of one topic; a logit.
struct TopicWeight {
  std::uint8_t topic = 0;
  std::uint8_t unused = 0;  ///< said, so that equal tables are equal bytes
  Hundredths weight = 0;
};

/// Learned weights of all topics, for the words that have many: they are added up as they stand, eight at a
/// time.
inline constexpr std::size_t topic_row_size = (topic_count + 7) / 8 * 8;
using TopicRow = std::array<Hundredths, topic_row_size>;
inline constexpr Hundredths topic_row_weight_max = 1000;
/// So many rows may be added up in sixteen bits.
inline constexpr std::size_t topic_rows_sum_max = 32;

/// Three class weights, padded so that they are read at once.
using EntryWeights = std::array<Hundredths, 4>;

inline constexpr std::uint8_t topics_in_row = 0xFF;

/// Everything the layers together say about one term. Half a cache line.
struct Entry {
  EntryWeights plain{};    ///< class weights outside a negation
  EntryWeights negated{};  ///< inside one ("not:good")
  Hundredths valence = 0;
  Hundredths booster = 0;
  std::uint32_t facets_begin = 0;
  std::uint32_t topics_begin = 0;  ///< of a list, or the number of a row
  std::uint8_t facets_count = 0;
  std::uint8_t topics_count = 0;  ///< of a list; topics_in_row: a row
  /// Has valence or a grammatical role: as a phrase it hides what its words say alone.
  bool opinion : 1 = false;
  bool negator : 1 = false;
  bool contrast : 1 = false;
  bool irrealis : 1 = false;
  /// A layer that speaks for sentiment gave it a facet; with a valence below zero, an issue.
  bool trouble : 1 = false;
  bool learned : 1 = false;  ///< has class weights
  bool leaving : 1 = false;
  /// Only urgency, severity and reason were said of it: for all else it is as if it were not there.
  bool aside : 1 = false;
  std::int8_t comparative : 2 = 0;
  std::int8_t reason : 2 = 0;
};
static_assert(sizeof(Entry) == 32);

}  // namespace earshot::analysis
