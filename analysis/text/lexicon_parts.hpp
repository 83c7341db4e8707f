#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/text/entry_slots.hpp"
#include "analysis/text/lexicon_entry.hpp"
#include "core/base/result.hpp"

/// The arrays a lexicon consists of, and the one run of bytes in which they stand: made in memory where an
/// overlay changes what is shipped, else compiled into the program, so that a start reads nothing.
namespace earshot::analysis {

struct LexiconParts {
  std::span<const EntrySlots::Slot> words = {}, phrases = {};  ///< as EntrySlots wants them
  std::span<const std::uint64_t> phrase_filter = {};           ///< Lexicon::filter_size of them
  std::span<const Entry> entries = {};
  std::span<const FacetWeight> facets = {};
  std::span<const TopicWeight> topics = {};
  std::span<const TopicRow> topic_rows = {};
  std::span<const std::uint32_t> term_ends = {};  ///< of each entry, within `term_letters`
  std::span<const char> term_letters = {};
  std::uint32_t stem_lengths = 0;  ///< bit n: there are stems of n + 1 letters
  std::uint32_t scores = 0;        ///< 1: has class weights
};

struct alignas(64) CacheLine {
  std::byte bytes[64];
};
using LexiconBytes = std::vector<CacheLine>;

/// Equal parts give equal bytes.
LexiconBytes join_parts(const LexiconParts& parts);
/// Where the parts stand in what `join_parts` of the same build made; they live as long as `bytes`. Fails
/// with `invalid` when sizes do not fit or the bytes do not begin at a cache line.
Result<LexiconParts> split_parts(std::string_view bytes);

}  // namespace earshot::analysis
