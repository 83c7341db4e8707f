#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/lexicon_format.hpp"
#include "core/base/result.hpp"

namespace earshot::analysis {

class Tokenizer;

/// Weights of the three classes: negative, neutral, positive.
using ClassWeights = std::array<float, 3>;

struct FacetWeight {
  Facet facet = Facet::issue;
  std::uint8_t id = 0;
  float weight = 0;
};

/// Everything the layers together say about one term.
struct Entry {
  std::uint32_t term_begin = 0;
  std::uint16_t term_size = 0;
  std::uint8_t words = 1;
  bool opinion =
      false;  ///< says valence or a grammatical role: as a phrase it hides what its words say alone
  bool negator = false;
  bool contrast = false;
  bool irrealis = false;
  bool polite = false;
  bool trouble =
      false;  ///< a layer that speaks for sentiment gave it a facet; with a valence below zero, an issue
  bool learned = false;  ///< has class weights
  float valence = 0;
  float booster = 0;
  std::int8_t comparative = 0;
  bool leaving = false;
  std::uint16_t facets_count = 0;
  std::uint32_t facets_begin = 0;  ///< issues, intents, emotions and question
  ClassWeights plain{};            ///< outside a negation
  ClassWeights negated{};          ///< inside one ("not:good")
};

/// Order-dependent hash of a phrase from its words' hashes.
constexpr std::uint64_t join_hash(std::uint64_t phrase, std::uint64_t word) {
  return ((phrase << 7 | phrase >> 57) ^ word) * 0x9E3779B97F4A7C15u;
}

/// An immutable open-addressing table from token hashes to entries, phrases included. 16 bytes per slot, at
/// most two thirds full: one lookup is one or two cache lines.
class Lexicon {
 public:
  static constexpr std::size_t phrase_max = 4;

  /// Merges layers in order, later ones replacing what they say again. Fails with `invalid` naming file and
  /// line when a term is no term (empty, or longer than four words).
  static Result<Lexicon> build(std::span<const LexiconFile* const> layers, const Tokenizer& tokenizer);

  struct Found {
    const Entry* entry = nullptr;  ///< of this hash alone
    std::uint8_t longest = 0;      ///< words of the longest phrase that begins with these words; 0: none
  };
  Found find(std::uint64_t hash) const {
    for (auto at = hash & mask_;; at = (at + 1) & mask_) {
      const auto& slot = slots_[at];
      if (slot.entry == empty) return {};
      if (slot.hash == hash) return {slot.entry == none ? nullptr : &entries_[slot.entry], slot.longest};
    }
  }

  std::string_view term(const Entry& entry) const {
    return std::string_view(terms_).substr(entry.term_begin, entry.term_size);
  }
  std::span<const FacetWeight> facets(const Entry& entry) const {
    return std::span(facets_).subspan(entry.facets_begin, entry.facets_count);
  }
  std::span<const Entry> entries() const { return entries_; }
  bool scores() const { return scores_; }  ///< has class weights at all: the language can be judged

 private:
  friend class LexiconBuilder;
  static constexpr std::uint32_t none = 0xFFFFFFFE, empty = 0xFFFFFFFF;
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t entry = empty;
    std::uint8_t longest = 0;
  };
  std::vector<Slot> slots_{Slot{}, Slot{}};
  std::uint64_t mask_ = 1;
  std::vector<Entry> entries_;
  std::vector<FacetWeight> facets_;
  std::string terms_;
  bool scores_ = false;
};

/// The hashes a term is looked up by, one per word; empty when it is no term. Placeholders such as <n> are
/// one word.
std::vector<std::uint64_t> term_hashes(std::string_view term, const Tokenizer& tokenizer);

}  // namespace earshot::analysis
