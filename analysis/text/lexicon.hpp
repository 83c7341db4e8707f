#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/entry_slots.hpp"
#include "analysis/text/lexicon_format.hpp"
#include "core/base/result.hpp"
#include "core/model/verdict.hpp"

namespace earshot::analysis {

class Tokenizer;

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

/// Order-dependent hash of a phrase from its words' hashes.
constexpr std::uint64_t join_hash(std::uint64_t phrase, std::uint64_t word) {
  return ((phrase << 7 | phrase >> 57) ^ word) * 0x9E3779B97F4A7C15u;
}

/// An immutable table from token hashes to entries. Phrases stand apart from words: most look-ups are of
/// words, whose slots stay in the processor's cache.
class Lexicon {
 public:
  static constexpr std::size_t phrase_max = 4;
  static constexpr std::size_t stem_letters_max = 12;

  /// Merges layers in order, later ones replacing what they say again. Fails with `invalid` naming file and
  /// line when a term is no term (empty, longer than four words, a stem of more than twelve letters).
  static Result<Lexicon> build(std::span<const LexiconFile* const> layers, const Tokenizer& tokenizer);

  struct Found {
    const Entry* entry = nullptr;
    std::uint8_t longest = 0;  ///< as in Known, and so are the others
    bool contrast = false, opinion = false, harmless = false;
  };
  Found find(std::uint64_t word) const { return found(words_.find(word)); }
  Found find_phrase(std::uint64_t joined) const { return found(phrases_.find(joined)); }
  void prefetch(std::uint64_t word) const { words_.prefetch(word); }
  void prefetch_phrase(std::uint64_t joined) const { phrases_.prefetch(joined); }
  /// False: no phrase begins with the words of this joined hash. True: one may.
  bool may_be_phrase(std::uint64_t hash) const {
    return (phrase_filter_[hash >> 48 & filter_mask] >> (hash >> 42 & 63) & 1) != 0;
  }
  /// The longest "stem*" that the word begins with; for words that have no entry.
  const Entry* find_stem(std::string_view word) const;

  std::string_view term(const Entry& entry) const { return terms_[index(entry)]; }
  std::span<const FacetWeight> facets(const Entry& entry) const {
    return {facets_.data() + entry.facets_begin, entry.facets_count};
  }
  /// Learned weights of few topics; empty where the entry has a row.
  std::span<const TopicWeight> topic_list(const Entry& entry) const {
    if (entry.topics_count == topics_in_row) return {};
    return {topics_.data() + entry.topics_begin, entry.topics_count};
  }
  /// Only where `topics_count` says topics_in_row.
  const TopicRow& topic_row(const Entry& entry) const { return topic_rows_.data()[entry.topics_begin]; }
  /// Learned weights of topics however they are kept, those of zero left out.
  std::vector<TopicWeight> topics(const Entry& entry) const;
  /// That of one topic; 0 where none was learned.
  Hundredths topic_weight(const Entry& entry, std::size_t topic) const;
  std::span<const Entry> entries() const { return entries_; }
  bool scores() const { return scores_; }  ///< has class weights at all: the language can be judged

 private:
  friend class LexiconBuilder;
  static constexpr std::size_t filter_mask = 0x7FF;
  EntrySlots& slots_for(std::size_t words) { return words > 1 ? phrases_ : words_; }
  void admit_phrase(std::uint64_t hash) {
    phrase_filter_[hash >> 48 & filter_mask] |= 1ull << (hash >> 42 & 63);
  }
  Found found(const Known& known) const {
    return {known.entry == Known::none ? nullptr : entries_.data() + known.entry, known.longest,
            known.contrast, known.opinion, known.harmless};
  }
  std::size_t index(const Entry& entry) const { return static_cast<std::size_t>(&entry - entries_.data()); }

  EntrySlots words_, phrases_;
  std::vector<std::uint64_t> phrase_filter_ = std::vector<std::uint64_t>(filter_mask + 1);
  std::vector<Entry> entries_;
  std::vector<FacetWeight> facets_;
  std::vector<TopicWeight> topics_;
  std::vector<TopicRow> topic_rows_;
  std::vector<std::string> terms_;
  std::uint32_t stem_lengths_ = 0;  ///< bit n: there are stems of n letters
  bool scores_ = false;
};

/// The hashes a term is looked up by, one per word; empty when it is no term. Placeholders such as <n> are
/// one word, a stem ("deliver*") is one of its own.
std::vector<std::uint64_t> term_hashes(std::string_view term, const Tokenizer& tokenizer);

/// The first `letters` code points of a folded word; empty when it has fewer.
std::string_view stem_of(std::string_view folded, std::size_t letters);

/// "deliver*"; faces such as ":*" are none.
bool is_stem(std::string_view term);
/// Code points.
std::size_t letters_in(std::string_view text);
/// Stems live in the table of words under a hash no word has.
constexpr std::uint64_t stem_hash(std::uint64_t hash) { return join_hash(hash, 0x5354454D2A2A2A2Au); }

}  // namespace earshot::analysis
