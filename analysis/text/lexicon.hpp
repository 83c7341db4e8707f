#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// issue, intent, emotion, question or group, with its strength by hand.
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

/// Everything the layers together say about one term. Half a cache line.
struct Entry {
  std::array<Hundredths, 3> plain{};    ///< class weights outside a negation
  std::array<Hundredths, 3> negated{};  ///< inside one ("not:good")
  Hundredths valence = 0;
  Hundredths booster = 0;
  std::uint32_t facets_begin = 0;
  std::uint32_t topics_begin = 0;
  std::uint8_t facets_count = 0;
  std::uint8_t topics_count = 0;
  std::uint8_t words = 1;
  std::int8_t comparative = 0;
  bool opinion : 1 =
      false;  ///< has valence or a grammatical role: as a phrase it hides what its words say alone
  bool negator : 1 = false;
  bool contrast : 1 = false;
  bool irrealis : 1 = false;
  bool polite : 1 = false;
  bool trouble : 1 =
      false;  ///< a layer that speaks for sentiment gave it a facet; with a valence below zero, an issue
  bool learned : 1 = false;  ///< has class weights
  bool leaving : 1 = false;
};
static_assert(sizeof(Entry) <= 32);

/// Order-dependent hash of a phrase from its words' hashes.
constexpr std::uint64_t join_hash(std::uint64_t phrase, std::uint64_t word) {
  return ((phrase << 7 | phrase >> 57) ^ word) * 0x9E3779B97F4A7C15u;
}

/// An immutable open-addressing table from token hashes to entries, phrases included. A slot is eight bytes,
/// at most half of them are used: nearly every look-up reads one cache line.
class Lexicon {
 public:
  static constexpr std::size_t phrase_max = 4;
  static constexpr std::size_t stem_letters_max = 12;

  /// Merges layers in order, later ones replacing what they say again. Fails with `invalid` naming file and
  /// line when a term is no term (empty, longer than four words, a stem of more than twelve letters).
  static Result<Lexicon> build(std::span<const LexiconFile* const> layers, const Tokenizer& tokenizer);

  struct Found {
    const Entry* entry = nullptr;  ///< of this hash alone
    std::uint8_t longest = 0;      ///< words of the longest phrase that begins with these words; 0: none
    bool contrast = false;         ///< the entry's, known without reading it; so are the next two
    bool opinion = false;
    bool harmless = false;  ///< no valence below zero
  };
  Found find(std::uint64_t hash) const {
    const auto* const slots = slots_.data();
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (auto at = hash & mask_;; at = (at + 1) & mask_) {
      const auto slot = slots[at];
      if (slot.reference == empty) return {};
      if (slot.tag != tag) continue;
      const auto entry = slot.reference & none;
      return {entry == none ? nullptr : entries_.data() + entry,
              static_cast<std::uint8_t>(slot.reference >> longest_shift & 7),
              (slot.reference & contrast_bit) != 0, (slot.reference & opinion_bit) != 0,
              (slot.reference & harmless_bit) != 0};
    }
  }
  /// Asks for the slot's cache line ahead of `find`.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(slots_.data() + (hash & mask_)); }
  /// False: no phrase begins with the words of this joined hash. True: one may.
  bool may_be_phrase(std::uint64_t hash) const {
    return (phrases_[hash >> 48 & filter_mask] >> (hash >> 42 & 63) & 1) != 0;
  }
  /// The longest "stem*" that the word begins with; for words that have no entry.
  const Entry* find_stem(std::string_view word) const;

  std::string_view term(const Entry& entry) const { return terms_[index(entry)]; }
  std::span<const FacetWeight> facets(const Entry& entry) const {
    return {facets_.data() + entry.facets_begin, entry.facets_count};
  }
  std::span<const TopicWeight> topics(const Entry& entry) const {
    return {topics_.data() + entry.topics_begin, entry.topics_count};
  }
  std::span<const Entry> entries() const { return entries_; }
  bool scores() const { return scores_; }  ///< has class weights at all: the language can be judged

 private:
  friend class LexiconBuilder;
  static constexpr std::uint32_t none = 0x00FFFFFF, empty = 0xFFFFFFFF;
  static constexpr std::uint32_t contrast_bit = 1u << 24, opinion_bit = 1u << 25, harmless_bit = 1u << 26;
  static constexpr std::uint32_t longest_shift = 28;
  static constexpr std::size_t filter_mask = 0x7FF;
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t reference = empty;  ///< entry, or `none`, then what may be known without it
  };
  std::size_t index(const Entry& entry) const { return static_cast<std::size_t>(&entry - entries_.data()); }

  std::vector<Slot> slots_{Slot{}, Slot{}};
  std::uint64_t mask_ = 1;
  std::vector<std::uint64_t> phrases_ = std::vector<std::uint64_t>(filter_mask + 1);
  std::vector<Entry> entries_;
  std::vector<FacetWeight> facets_;
  std::vector<TopicWeight> topics_;
  std::vector<std::string> terms_;
  std::uint32_t stem_lengths_ = 0;  ///< bit n: there are stems of n letters
  bool scores_ = false;
};

/// The hashes a term is looked up by, one per word; empty when it is no term. Placeholders such as <n> are
/// one word, a stem ("deliver*") is one of its own.
std::vector<std::uint64_t> term_hashes(std::string_view term, const Tokenizer& tokenizer);

/// The first `letters` code points of a folded word; empty when it has fewer.
std::string_view stem_of(std::string_view folded, std::size_t letters);

}  // namespace earshot::analysis
