#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/text/lexicon_entry.hpp"
#include "analysis/text/lexicon_format.hpp"
#include "analysis/text/lexicon_parts.hpp"
#include "core/base/result.hpp"

namespace earshot::analysis {

class Tokenizer;

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
  /// One whose `bytes` were kept, by the same build of the program; they must outlive it. Fails with
  /// `invalid` when they are not such bytes.
  static Result<Lexicon> open(std::string_view bytes);
  /// Has no terms.
  Lexicon() = default;

  std::string_view bytes() const { return bytes_; }

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
    return (parts_.phrase_filter.data()[hash >> 48 & filter_mask] >> (hash >> 42 & 63) & 1) != 0;
  }
  /// The longest "stem*" that the word begins with; for words that have no entry.
  const Entry* find_stem(std::string_view word) const;

  std::string_view term(const Entry& entry) const {
    const auto number = static_cast<std::size_t>(&entry - parts_.entries.data());
    const auto begin = number == 0 ? 0 : parts_.term_ends[number - 1];
    return {parts_.term_letters.data() + begin, parts_.term_ends[number] - begin};
  }
  std::span<const FacetWeight> facets(const Entry& entry) const {
    return {parts_.facets.data() + entry.facets_begin, entry.facets_count};
  }
  /// Learned weights of few topics; empty where the entry has a row.
  std::span<const TopicWeight> topic_list(const Entry& entry) const {
    if (entry.topics_count == topics_in_row) return {};
    return {parts_.topics.data() + entry.topics_begin, entry.topics_count};
  }
  /// Only where `topics_count` says topics_in_row.
  const TopicRow& topic_row(const Entry& entry) const { return parts_.topic_rows.data()[entry.topics_begin]; }
  /// Learned weights of topics however they are kept, those of zero left out.
  std::vector<TopicWeight> topics(const Entry& entry) const;
  /// That of one topic; 0 where none was learned.
  Hundredths topic_weight(const Entry& entry, std::size_t topic) const;
  std::span<const Entry> entries() const { return parts_.entries; }
  bool scores() const {
    return parts_.scores != 0;
  }  ///< has class weights at all: the language can be judged

 private:
  friend class LexiconBuilder;
  static constexpr std::size_t filter_mask = 0x7FF;
  static const std::uint64_t no_phrases[filter_mask + 1];

  Found found(const Known& known) const {
    return {known.entry == Known::none ? nullptr : parts_.entries.data() + known.entry, known.longest,
            known.contrast, known.opinion, known.harmless};
  }

  LexiconParts parts_{.phrase_filter = no_phrases};
  EntrySlots words_, phrases_;
  std::string_view bytes_;
  std::shared_ptr<const LexiconBytes> owned_;  ///< where they were not compiled into the program
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
