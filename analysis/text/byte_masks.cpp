#include "analysis/text/byte_masks.hpp"

#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace earshot::analysis {
namespace {

/// The bits that one block's bytes have by themselves; what depends on neighbours is worked out from them.
struct Plain {
  std::uint64_t letter = 0, capital = 0, digit = 0, space = 0, wide = 0;
  std::uint64_t apostrophe = 0, dot = 0, at = 0, hyphen = 0, underscore = 0;
  std::uint64_t twice = 0;  ///< equal to the byte before
};

#if defined(__SSE2__)

__m128i between(__m128i v, char low, char high) {
  return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(static_cast<char>(low - 1))),
                       _mm_cmplt_epi8(v, _mm_set1_epi8(static_cast<char>(high + 1))));
}

std::uint64_t bits(__m128i v) {
  return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(v)));
}

Plain classify_block(const char* text, char* lower, char& last) {
  Plain out;
  auto before = _mm_set1_epi8(last);
  for (unsigned at = 0; at < 64; at += 16) {
    const auto v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
    const auto capital = between(v, 'A', 'Z');
    const auto low = _mm_or_si128(v, _mm_and_si128(capital, _mm_set1_epi8(0x20)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(lower + at), low);
    const auto equal = [&](char c) { return bits(_mm_cmpeq_epi8(v, _mm_set1_epi8(c))) << at; };
    const auto shifted = _mm_or_si128(_mm_slli_si128(low, 1), _mm_srli_si128(before, 15));
    out.letter |= bits(between(low, 'a', 'z')) << at;
    out.capital |= bits(capital) << at;
    out.digit |= bits(between(v, '0', '9')) << at;
    out.space |= equal(' ') | bits(between(v, '\t', '\r')) << at;
    out.wide |= bits(v) << at;
    out.apostrophe |= equal('\'');
    out.dot |= equal('.');
    out.at |= equal('@');
    out.hyphen |= equal('-');
    out.underscore |= equal('_');
    out.twice |= bits(_mm_cmpeq_epi8(low, shifted)) << at;
    before = low;
  }
  last = lower[63];
  return out;
}

#else

Plain classify_block(const char* text, char* lower, char& last) {
  Plain out;
  for (unsigned i = 0; i < 64; ++i) {
    const auto bit = 1ull << i;
    const char c = text[i];
    const bool capital = c >= 'A' && c <= 'Z';
    const char low = capital ? static_cast<char>(c | 0x20) : c;
    lower[i] = low;
    if (low >= 'a' && low <= 'z') out.letter |= bit;
    if (capital) out.capital |= bit;
    if (c >= '0' && c <= '9') out.digit |= bit;
    if (c == ' ' || (c >= '\t' && c <= '\r')) out.space |= bit;
    if (static_cast<unsigned char>(c) >= 0x80) out.wide |= bit;
    if (c == '\'') out.apostrophe |= bit;
    if (c == '.') out.dot |= bit;
    if (c == '@') out.at |= bit;
    if (c == '-') out.hyphen |= bit;
    if (c == '_') out.underscore |= bit;
    if (low == last) out.twice |= bit;
    last = low;
  }
  return out;
}

#endif

}  // namespace

void classify_bytes(std::string_view text, char* lower, ByteMasks* masks) {
  const auto blocks = byte_masks_needed(text.size()) - 1;
  char last = 0;
  std::uint64_t alnums = 0, names = 0, twices = 0;  // of the block before
  std::uint64_t apostrophes = 0, dots = 0;          // its last byte, undecided yet
  for (std::size_t block = 0; block < blocks; ++block) {
    char rest[64];
    const char* source = text.data() + block * 64;
    if (text.size() - block * 64 < 64) {
      std::memset(rest, 0, sizeof rest);
      if (const auto left = text.size() - block * 64; left > 0) std::memcpy(rest, source, left);
      source = rest;
    }
    const auto plain = classify_block(source, lower + block * 64, last);
    const auto alnum = plain.letter | plain.digit, label = alnum | plain.hyphen,
               name = label | plain.underscore | plain.dot;
    auto& mask = masks[block];
    mask.letter = plain.letter;
    mask.capital = plain.capital;
    mask.digit = plain.digit;
    mask.space = plain.space;
    mask.wide = plain.wide;
    mask.repeat = plain.letter & plain.twice & (plain.twice << 1 | twices >> 63);
    const auto inside = plain.apostrophe & (alnum << 1 | alnums >> 63);
    mask.word = alnum | (inside & plain.letter >> 1);
    mask.dotted = (plain.dot & label >> 1) | (plain.at & (name << 1 | names >> 63));
    mask.odd = mask.repeat | mask.dotted | mask.wide;
    if (block > 0) {  // the last byte of the block before waited for this one
      masks[block - 1].word |= apostrophes & plain.letter << 63;
      masks[block - 1].dotted |= dots & label << 63;
      masks[block - 1].odd |= masks[block - 1].dotted;
    }
    apostrophes = inside & 1ull << 63;
    dots = plain.dot & 1ull << 63;
    alnums = alnum;
    names = name;
    twices = plain.twice;
  }
  masks[blocks] = {};
}

}  // namespace earshot::analysis
