#pragma once
#include <cstdint>
#include <vector>

namespace earshot::analysis {

/// The bits that the bytes of one block of 64 have by themselves, the first byte lowest; what depends on
/// neighbours is worked out from them.
struct ByteBlock {
  std::uint64_t letter = 0, capital = 0, digit = 0, space = 0, wide = 0;
  std::uint64_t apostrophe = 0, dot = 0, at = 0, hyphen = 0, underscore = 0;
  std::uint64_t twice = 0;  ///< equal to the byte before, case ignored
  bool operator==(const ByteBlock&) const = default;
};

/// Reads 64 bytes and writes them with ASCII capitals made small to `lower`. `last` is the byte written
/// before them, and then the last of these.
using ClassifyBlock = ByteBlock (*)(const char* text, char* lower, char& last);

/// All that this processor can run, each faster than the one before and with the same results: byte by byte,
/// by sixteen (SSE2), all at once (AVX-512). Never empty.
std::vector<ClassifyBlock> block_classifiers();

}  // namespace earshot::analysis
