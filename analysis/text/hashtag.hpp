#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "analysis/text/word_trie.hpp"

/// Opens hashtags: "#NotHappy" by its capitals, "#nothappy" with a dictionary of common words.
namespace earshot::analysis {

class HashtagSplitter {
 public:
  static constexpr std::size_t parts_max = 16;
  struct Parts {
    std::array<std::uint32_t, parts_max> ends{};  ///< byte offsets into the tag
    std::size_t count = 0;
  };

  /// Loads the embedded dictionary.
  HashtagSplitter();

  /// Where the words of a tag (as written, without '#') end; separators ('_') are parts' gaps and belong to
  /// the part before them. `lower` is the same with ASCII capitals made small. Always at least one part for a
  /// non-empty tag.
  Parts split(std::string_view tag, std::string_view lower) const;

  /// −100·log10 of the word's share of all words; 0: not in the dictionary.
  std::uint16_t cost(std::string_view lower_word) const { return words_.cost(lower_word); }

 private:
  void split_piece(std::string_view lower, std::uint32_t begin, std::uint32_t end, Parts& out) const;

  WordTrie words_;
};

}  // namespace earshot::analysis
