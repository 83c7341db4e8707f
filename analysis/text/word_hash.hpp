#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

/// The hash by which words are looked up in every table of this folder. Words of up to sixteen bytes, nearly
/// all there are, are mixed without a loop or a branch on their length. Nothing stores it: tables are built
/// at start, so it may change from version to version. Little-endian only.
namespace earshot::analysis {

namespace impl {

__extension__ using Wide128 = unsigned __int128;

inline constexpr std::uint64_t hash_low = 0x9E3779B97F4A7C15u, hash_high = 0xD6E8FEB86659FD93u,
                               hash_size = 0xA0761D6478BD642Fu;

constexpr std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<Wide128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Keeps the first `n` of sixteen bytes.
struct ByteMask {
  std::uint64_t low, high;
};
inline constexpr auto byte_masks = [] {
  std::array<ByteMask, 17> masks{};
  for (std::size_t n = 0; n <= 16; ++n)
    masks[n] = {n >= 8 ? ~0ull : (1ull << (8 * n)) - 1, n >= 16  ? ~0ull
                                                        : n <= 8 ? 0
                                                                 : (1ull << (8 * (n - 8))) - 1};
  return masks;
}();

inline std::uint64_t mix(const char* sixteen, std::size_t n, std::uint64_t seed) {
  std::uint64_t low = 0, high = 0;
  std::memcpy(&low, sixteen, 8);
  std::memcpy(&high, sixteen + 8, 8);
  const auto& mask = byte_masks[n];
  return fold_product((low & mask.low) ^ hash_low ^ seed, (high & mask.high) ^ hash_high);
}

}  // namespace impl

/// `word` must be followed by at least fifteen readable bytes, whatever they hold.
inline std::uint64_t word_hash_padded(const char* word, std::size_t size) {
  auto seed = size * impl::hash_size;
  while (size > 16) {
    seed = impl::mix(word, 16, seed);
    word += 16;
    size -= 16;
  }
  return impl::mix(word, size, seed);
}

/// The same number for a word that stands anywhere.
inline std::uint64_t word_hash(std::string_view word) {
  auto seed = word.size() * impl::hash_size;
  while (word.size() > 16) {
    seed = impl::mix(word.data(), 16, seed);
    word.remove_prefix(16);
  }
  std::array<char, 16> last{};
  if (!word.empty()) std::memcpy(last.data(), word.data(), word.size());
  return impl::mix(last.data(), word.size(), seed);
}

}  // namespace earshot::analysis
