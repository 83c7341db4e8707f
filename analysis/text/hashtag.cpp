#include "analysis/text/hashtag.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/text.hpp"
#include "embedded/hashtag_words.hpp"

namespace earshot::analysis {
namespace {

constexpr std::size_t piece_max = 48, word_max = 18;
/// An unknown word of n letters costs as much as Norvig's model gives it (10 / (N · 10^n), "Natural Language
/// Corpus Data", 2009), made a little cheaper so that names are not cut into short words.
constexpr std::uint32_t unknown_cost(std::size_t letters) {
  return 450 + 70 * static_cast<std::uint32_t>(letters);
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A new part begins before `at`: aB, 1B, B1, and the last capital of ABc.
bool turns(std::string_view tag, std::size_t at) {
  const char before = tag[at - 1], here = tag[at];
  if (before == '_' && here != '_') return true;
  if (is_digit(before) != is_digit(here)) return here != '_' && before != '_';
  if (is_lower(before) && is_upper(here)) return true;
  return is_upper(before) && is_upper(here) && at + 1 < tag.size() && is_lower(tag[at + 1]);
}

std::vector<WordCost> load() {
  std::vector<WordCost> words;
  for (const auto& file : embedded::hashtag_words()) {
    for (const auto line : earshot::split(file.bytes, '\n')) {
      const auto tab = line.find('\t');
      if (line.empty() || line.front() == '#' || tab == std::string_view::npos) continue;
      std::uint16_t cost = 0;
      std::from_chars(line.data() + tab + 1, line.data() + line.size(), cost);
      if (cost != 0) words.push_back({.word = line.substr(0, tab), .cost = cost});
    }
  }
  return words;
}

}  // namespace

HashtagSplitter::HashtagSplitter() : words_(load()) {}

HashtagSplitter::Parts HashtagSplitter::split(std::string_view tag, std::string_view lower) const {
  Parts parts;
  const auto size = static_cast<std::uint32_t>(tag.size());
  if (size <= piece_max && words_.cost(lower) != 0) {  // "#iPhone" is one word in spite of its capital
    parts.ends[parts.count++] = size;
    return parts;
  }
  std::uint32_t begin = 0;
  for (std::uint32_t at = 1; at <= size; ++at) {
    if (at < size && !turns(tag, at)) continue;
    split_piece(lower, begin, at, parts);
    begin = at;
  }
  parts.ends[parts.count - 1] = size;
  return parts;
}

/// The cheapest cover of the piece by known words, if it is cheaper than calling the piece an unknown word.
void HashtagSplitter::split_piece(std::string_view lower, std::uint32_t begin, std::uint32_t end,
                                  Parts& out) const {
  const auto put = [&](std::uint32_t at) {
    if (out.count < parts_max)
      out.ends[out.count++] = at;
    else
      out.ends[parts_max - 1] = at;
  };
  const std::size_t n = end - begin;
  const auto piece = lower.substr(begin, n);
  const bool plain = n <= piece_max && n >= 4 && std::ranges::all_of(piece, is_lower);
  if (!plain || words_.cost(piece) != 0) return put(end);

  std::array<std::uint32_t, piece_max + 1> best;
  std::array<std::uint8_t, piece_max + 1> from{};
  best.fill(UINT32_MAX);
  best[0] = 0;
  for (std::size_t start = 0; start < n; ++start) {
    if (best[start] == UINT32_MAX) continue;
    auto node = WordTrie::root;
    for (auto to = start; to < std::min(n, start + word_max);) {
      node = words_.step(node, piece[to++]);
      if (node == WordTrie::root) break;
      const auto word = words_.cost(node);
      // Of covers that cost the same the one with the shorter last word is taken.
      if (word == 0 || best[start] + word > best[to]) continue;
      best[to] = best[start] + word;
      from[to] = static_cast<std::uint8_t>(start);
    }
  }
  if (best[n] >= unknown_cost(n)) return put(end);
  std::array<std::uint32_t, piece_max> cuts{};
  std::size_t count = 0;
  for (std::size_t at = n; at > 0; at = from[at]) cuts[count++] = begin + static_cast<std::uint32_t>(at);
  while (count > 0) put(cuts[--count]);
}

}  // namespace earshot::analysis
