#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace earshot::analysis {

struct WordCost {
  std::string_view word;
  std::uint16_t cost = 0;  ///< never 0
};

/// An immutable set of words that is walked byte by byte, so that a search stops where no word goes on. All
/// branches share one array (a "double array"): a step is one look at it.
class WordTrie {
 public:
  using Node = std::uint32_t;
  static constexpr Node root = 0;  ///< also what a step that leads nowhere gives: no step leads to the root

  explicit WordTrie(std::vector<WordCost> words);

  Node step(Node from, char c) const {
    const auto* const places = places_.data();
    const auto to = places[from].base + static_cast<unsigned char>(c);
    return places[to].letter == static_cast<unsigned char>(c) ? to : root;
  }
  /// Of the word that ends at this node; 0: none does.
  std::uint16_t cost(Node node) const { return places_.data()[node].cost; }
  std::uint16_t cost(std::string_view word) const;

 private:
  static constexpr std::uint16_t free_place = 256;
  struct Place {
    std::uint32_t base = 0;  ///< its children stand at base + letter; no two nodes have the same base
    std::uint16_t cost = 0;
    std::uint16_t letter = free_place;
  };
  void grow(std::span<const WordCost> words, std::size_t depth, Node node);
  std::uint32_t room_for(std::span<const std::uint16_t> letters);

  std::vector<Place> places_;
  std::vector<bool> base_taken_;       ///< while it is built
  std::uint32_t gap_ = 1, front_ = 1;  ///< where it looks for room, while it is built
};

}  // namespace earshot::analysis
