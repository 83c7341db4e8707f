#pragma once
#include <cstdint>
#include <string_view>

namespace earshot::analysis {

/// What each of 64 neighbouring bytes of a text is: one bit per byte, the first byte lowest.
struct ByteMasks {
  std::uint64_t letter = 0;   ///< ASCII
  std::uint64_t capital = 0;  ///< ASCII
  std::uint64_t digit = 0;
  std::uint64_t word = 0;    ///< letters, digits, and apostrophes between them
  std::uint64_t space = 0;   ///< ASCII white space
  std::uint64_t repeat = 0;  ///< a letter equal to the two bytes before it, case ignored
  std::uint64_t dotted = 0;  ///< '.' before a letter, digit or hyphen, '@' behind a name: may be an address
  std::uint64_t wide = 0;    ///< beyond ASCII
  std::uint64_t odd = 0;     ///< repeat, dotted or wide: words near such a byte want a second look
};

/// What follows the end of a text in `lower`, so that a word there may be read sixteen bytes at a time.
inline constexpr std::size_t byte_padding = 64;

/// How many ByteMasks a text of `size` bytes needs; the last one is empty, so that a window may run past the
/// end.
constexpr std::size_t byte_masks_needed(std::size_t size) { return size / 64 + 2; }

/// Classifies `text` and writes it with ASCII capitals made small to `lower`, followed by `byte_padding`
/// zeros. One pass, sixteen bytes at a time on x86-64.
void classify_bytes(std::string_view text, char* lower, ByteMasks* masks);

/// The 64 bits of one mask that begin at byte `at`.
inline std::uint64_t window(const ByteMasks* masks, std::uint64_t ByteMasks::*mask, std::size_t at) {
  const auto block = at / 64, shift = at % 64;
  const auto low = masks[block].*mask >> shift;
  return shift == 0 ? low : low | masks[block + 1].*mask << (64 - shift);
}

}  // namespace earshot::analysis
