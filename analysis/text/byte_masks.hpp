#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace earshot::analysis {

/// What a byte of a text may be.
enum class ByteClass : std::uint8_t {
  letter,   ///< ASCII
  capital,  ///< ASCII
  digit,
  word,    ///< letters, digits, and apostrophes between them
  space,   ///< ASCII white space
  repeat,  ///< a letter equal to the two bytes before it, case ignored
  dotted,  ///< '.' before a letter, digit or hyphen, '@' behind a name: may be an address
  wide,    ///< beyond ASCII
  odd,     ///< repeat, dotted or wide: words near such a byte want a second look
};
inline constexpr std::size_t byte_class_count = 9;

/// What must be readable behind a text in `lower`, so that a word there may be taken sixteen bytes at a time.
inline constexpr std::size_t byte_padding = 64;

/// One row of bits per class over the bytes of one text, the first byte lowest. Reused from text to text: no
/// allocation after warm-up. Little-endian only.
class ByteMasks {
 public:
  ByteMasks() = default;
  ByteMasks(ByteMasks&&) noexcept = default;
  ByteMasks& operator=(ByteMasks&&) noexcept = default;

  /// Classifies `text` and writes it with ASCII capitals made small to `lower`, followed by one to 64 zeros
  /// up to a multiple of 64. One pass, sixteen bytes at a time on x86-64.
  void classify(std::string_view text, char* lower);

  /// Bits of one class from byte `at` on; 57 at least, those behind them may be missing.
  static constexpr std::size_t window_bits = 57;
  std::uint64_t window(ByteClass kind, std::size_t at) const {
    std::uint64_t bits = 0;
    std::memcpy(&bits, rows_[static_cast<std::size_t>(kind)] + at / 8, sizeof bits);
    return bits >> (at % 8);
  }
  bool has_wide() const { return has_wide_; }        ///< bytes beyond ASCII
  bool has_letters() const { return has_letters_; }  ///< ASCII letters

 private:
  std::uint64_t* row(ByteClass kind) { return bits_.data() + stride_ * static_cast<std::size_t>(kind); }

  std::vector<std::uint64_t> bits_;
  std::array<const char*, byte_class_count> rows_{};  ///< where each begins
  std::size_t stride_ = 0;                            ///< of a row; only ever grows
  bool has_wide_ = false, has_letters_ = false;
};

}  // namespace earshot::analysis
