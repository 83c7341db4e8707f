#include "analysis/text/lexicon_parts.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

namespace earshot::analysis {
namespace {

constexpr std::size_t part_count = 9;

struct Header {
  std::array<std::uint64_t, part_count> counts{};
  std::uint32_t stem_lengths = 0;
  std::uint32_t scores = 0;
};

/// All arrays in the order in which they stand.
template <class Parts, class Visit>
void for_each_part(Parts& parts, Visit visit) {
  visit(parts.words);
  visit(parts.phrases);
  visit(parts.phrase_filter);
  visit(parts.entries);
  visit(parts.facets);
  visit(parts.topics);
  visit(parts.topic_rows);
  visit(parts.term_ends);
  visit(parts.term_letters);
}

constexpr std::size_t lines_for(std::size_t bytes) {
  return (bytes + sizeof(CacheLine) - 1) / sizeof(CacheLine);
}

}  // namespace

LexiconBytes join_parts(const LexiconParts& parts) {
  Header header{.counts = {}, .stem_lengths = parts.stem_lengths, .scores = parts.scores};
  auto lines = lines_for(sizeof header);
  std::size_t part = 0;
  for_each_part(parts, [&](const auto& items) {
    header.counts[part++] = items.size();
    lines += lines_for(items.size_bytes());
  });
  LexiconBytes bytes(lines);
  std::memcpy(bytes.data(), &header, sizeof header);
  auto* at = bytes.data() + lines_for(sizeof header);
  for_each_part(parts, [&](const auto& items) {
    if (!items.empty()) std::memcpy(at, items.data(), items.size_bytes());
    at += lines_for(items.size_bytes());
  });
  return bytes;
}

Result<LexiconParts> split_parts(std::string_view bytes) {
  const auto wrong = [] { return unexpected(ErrorKind::invalid, "not a lexicon of this build"); };
  if (std::bit_cast<std::uintptr_t>(bytes.data()) % alignof(CacheLine) != 0) return wrong();
  Header header;
  if (bytes.size() < sizeof header) return wrong();
  std::memcpy(&header, bytes.data(), sizeof header);
  LexiconParts parts;
  parts.stem_lengths = header.stem_lengths;
  parts.scores = header.scores;
  auto line = lines_for(sizeof header);
  const auto lines = bytes.size() / sizeof(CacheLine);
  std::size_t part = 0;
  bool fits = true;
  for_each_part(parts, [&]<class T>(std::span<const T>& items) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto count = header.counts[part++];
    fits = fits && line <= lines && count <= (lines - line) * sizeof(CacheLine) / sizeof(T);
    if (!fits) return;
    items = {reinterpret_cast<const T*>(bytes.data() + line * sizeof(CacheLine)),
             static_cast<std::size_t>(count)};
    line += lines_for(items.size_bytes());
  });
  if (!fits || !std::has_single_bit(parts.words.size()) || !std::has_single_bit(parts.phrases.size()) ||
      parts.term_ends.size() != parts.entries.size())
    return wrong();
  return parts;
}

}  // namespace earshot::analysis
