#include "analysis/text/byte_block.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace earshot::analysis {
namespace {

ByteBlock one_by_one(const char* text, char* lower, char& last) {
  ByteBlock out;
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

#if defined(__SSE2__)

__m128i between(__m128i v, char low, char high) {
  return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(static_cast<char>(low - 1))),
                       _mm_cmplt_epi8(v, _mm_set1_epi8(static_cast<char>(high + 1))));
}

std::uint64_t bits(__m128i v) {
  return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(v)));
}

ByteBlock by_sixteen(const char* text, char* lower, char& last) {
  ByteBlock out;
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

[[gnu::target("avx512f,avx512bw")]] ByteBlock at_once(const char* text, char* lower, char& last) {
  ByteBlock out;
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

#endif

}  // namespace

std::vector<ClassifyBlock> block_classifiers() {
  std::vector<ClassifyBlock> out{one_by_one};
#if defined(__SSE2__)
  out.push_back(by_sixteen);
  if (__builtin_cpu_supports("avx512bw")) out.push_back(at_once);
#endif
  return out;
}

}  // namespace earshot::analysis
