#include "analysis/text/byte_masks.hpp"

#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
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

Plain classify_narrow(const char* text, char* lower, char& last) {
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

/// All 64 bytes at once, where the processor can.
[[gnu::target("avx512f,avx512bw")]] Plain classify_at_once(const char* text, char* lower, char& last) {
  Plain out;
  const auto v = _mm512_loadu_si512(text);
  out.capital = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8('A')), _mm512_set1_epi8(26));
  const auto low = _mm512_mask_add_epi8(v, out.capital, v, _mm512_set1_epi8(0x20));
  _mm512_storeu_si512(lower, low);
  out.letter = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(low, _mm512_set1_epi8('a')), _mm512_set1_epi8(26));
  out.digit = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8('0')), _mm512_set1_epi8(10));
  out.space =
      _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(' ')) |
      _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8('\t')), _mm512_set1_epi8('\r' - '\t' + 1));
  out.wide = _mm512_movepi8_mask(v);
  out.apostrophe = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\''));
  out.dot = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('.'));
  out.at = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('@'));
  out.hyphen = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('-'));
  out.underscore = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('_'));
  // Every byte beside the one before it: first the sixteen before each sixteen, then one of them.
  const auto lanes_before = _mm512_maskz_alignr_epi64(0xFF, low, _mm512_setzero_si512(), 6);
  const auto shifted = _mm512_alignr_epi8(low, lanes_before, 15);
  out.twice = _mm512_cmpeq_epi8_mask(low, shifted) & ~1ull;
  out.twice |= static_cast<std::uint64_t>(lower[0] == last);
  last = lower[63];
  return out;
}

using Classify = Plain (*)(const char* text, char* lower, char& last);
Classify best_classify() {
  static const Classify best = __builtin_cpu_supports("avx512bw") ? classify_at_once : classify_narrow;
  return best;
}

#else

Plain classify_narrow(const char* text, char* lower, char& last) {
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

auto best_classify() { return classify_narrow; }

#endif

}  // namespace

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
  const auto classify_block = best_classify();
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
