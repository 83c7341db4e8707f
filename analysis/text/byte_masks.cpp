#include "analysis/text/byte_masks.hpp"

#include <cstring>

#include "analysis/text/byte_block.hpp"

namespace earshot::analysis {

void ByteMasks::classify(std::string_view text, char* lower) {
  // One block more than the text may fill, and one behind it, so that a window may run past the end.
  const auto blocks = text.size() / 64 + 1;
  if (stride_ < blocks + 1) {
    stride_ = 2 * (blocks + 1);
    bits_.assign(stride_ * byte_class_count, 0);
    for (std::size_t i = 0; i < byte_class_count; ++i)
      rows_[i] = reinterpret_cast<const char*>(bits_.data() + stride_ * i);
  }
  auto* const letter = row(ByteClass::letter);
  auto* const capital = row(ByteClass::capital);
  auto* const digit = row(ByteClass::digit);
  auto* const word = row(ByteClass::word);
  auto* const space = row(ByteClass::space);
  auto* const repeat = row(ByteClass::repeat);
  auto* const dotted = row(ByteClass::dotted);
  auto* const wide = row(ByteClass::wide);
  auto* const odd = row(ByteClass::odd);
  static const auto classify_block = block_classifiers().back();
  char last = 0;
  std::uint64_t alnums = 0, names = 0, twices = 0;  // of the block before
  std::uint64_t apostrophes = 0, dots = 0;          // its last byte, undecided yet
  std::uint64_t wides = 0, letters = 0;
  for (std::size_t i = 0; i < blocks; ++i) {
    char rest[64];
    const char* source = text.data() + i * 64;
    if (text.size() - i * 64 < 64) {
      std::memset(rest, 0, sizeof rest);
      if (const auto left = text.size() - i * 64; left > 0) std::memcpy(rest, source, left);
      source = rest;
    }
    const auto plain = classify_block(source, lower + i * 64, last);
    const auto alnum = plain.letter | plain.digit, label = alnum | plain.hyphen,
               name = label | plain.underscore | plain.dot;
    const auto inside = plain.apostrophe & (alnum << 1 | alnums >> 63);
    letter[i] = plain.letter;
    capital[i] = plain.capital;
    digit[i] = plain.digit;
    space[i] = plain.space;
    wide[i] = plain.wide;
    repeat[i] = plain.letter & plain.twice & (plain.twice << 1 | twices >> 63);
    word[i] = alnum | (inside & plain.letter >> 1);
    dotted[i] = (plain.dot & label >> 1) | (plain.at & (name << 1 | names >> 63));
    odd[i] = repeat[i] | dotted[i] | plain.wide;
    if (i > 0) {  // the last byte of the block before waited for this one
      word[i - 1] |= apostrophes & plain.letter << 63;
      dotted[i - 1] |= dots & label << 63;
      odd[i - 1] |= dotted[i - 1];
    }
    apostrophes = inside & 1ull << 63;
    dots = plain.dot & 1ull << 63;
    alnums = alnum;
    names = name;
    twices = plain.twice;
    wides |= plain.wide;
    letters |= plain.letter;
  }
  for (std::size_t kind = 0; kind < byte_class_count; ++kind) row(static_cast<ByteClass>(kind))[blocks] = 0;
  has_wide_ = wides != 0;
  has_letters_ = letters != 0;
}

}  // namespace earshot::analysis
