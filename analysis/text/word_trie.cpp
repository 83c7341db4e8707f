#include "analysis/text/word_trie.hpp"

#include <algorithm>

namespace earshot::analysis {
namespace {

constexpr std::size_t bytes = 256;

std::uint16_t letter_of(const WordCost& word, std::size_t depth) {
  return static_cast<unsigned char>(word.word[depth]);
}

}  // namespace

WordTrie::WordTrie(std::vector<WordCost> words) : places_(2 * bytes) {
  std::ranges::sort(words, {}, &WordCost::word);
  grow(words, 0, root);
  // Nodes without children look into the empty space behind all others.
  const auto end = static_cast<std::uint32_t>(places_.size());
  places_.resize(end + bytes);
  for (auto& place : places_)
    if (place.base == 0) place.base = end;
  base_taken_ = {};
}

/// The children of one node and all below them; `words` are those that begin with its letters, in order.
void WordTrie::grow(std::span<const WordCost> words, std::size_t depth, Node node) {
  while (!words.empty() && words.front().word.size() == depth) {
    places_[node].cost = words.front().cost;
    words = words.subspan(1);
  }
  if (words.empty()) return;
  std::vector<std::uint16_t> letters;
  for (const auto& word : words)
    if (letters.empty() || letters.back() != letter_of(word, depth))
      letters.push_back(letter_of(word, depth));
  const auto base = room_for(letters);
  places_[node].base = base;
  for (const auto letter : letters) places_[base + letter].letter = letter;
  for (std::size_t begin = 0, end = 0; begin < words.size(); begin = end) {
    const auto letter = letter_of(words[begin], depth);
    while (end < words.size() && letter_of(words[end], depth) == letter) ++end;
    grow(words.subspan(begin, end - begin), depth + 1, base + letter);
  }
}

/// A base at which all letters find a free place. Single letters, most there are, fill the gaps; for more of
/// them the search goes on where the last one ended, or it would take seconds.
std::uint32_t WordTrie::room_for(std::span<const std::uint16_t> letters) {
  auto& from = letters.size() == 1 ? gap_ : front_;
  const auto is_free = [&](std::uint32_t place) { return places_[place].letter == free_place; };
  for (;; ++from) {
    if (places_.size() < from + 2 * bytes) places_.resize(2 * places_.size());
    base_taken_.resize(places_.size());
    const auto base = from > letters.front() ? from - letters.front() : 1u;
    if (!is_free(from) || base_taken_[base]) continue;
    if (!std::ranges::all_of(letters, [&](auto letter) { return is_free(base + letter); })) continue;
    base_taken_[base] = true;
    return base;
  }
}

std::uint16_t WordTrie::cost(std::string_view word) const {
  auto node = root;
  for (const char c : word)
    if (node = step(node, c); node == root) return 0;
  return cost(node);
}

}  // namespace earshot::analysis
