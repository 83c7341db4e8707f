#include "analysis/text/emoji.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/base/utf8.hpp"

namespace earshot::analysis::emoji {
namespace {

constexpr char32_t joiner = 0x200D, text_style = 0xFE0E, picture_style = 0xFE0F, keycap = 0x20E3;

struct Range {
  char32_t first, last;
};
// Extended_Pictographic of Unicode 15 (emoji-data.txt), neighbouring ranges joined where nothing else lies
// between.
constexpr std::array<Range, 26> pictures{
    {{0x203C, 0x203C},  {0x2049, 0x2049}, {0x2139, 0x2139}, {0x2194, 0x2199}, {0x21A9, 0x21AA},
     {0x231A, 0x231B},  {0x2328, 0x2328}, {0x2388, 0x2388}, {0x23CF, 0x23CF}, {0x23E9, 0x23F3},
     {0x23F8, 0x23FA},  {0x24C2, 0x24C2}, {0x25AA, 0x25AB}, {0x25B6, 0x25B6}, {0x25C0, 0x25C0},
     {0x25FB, 0x25FE},  {0x2600, 0x27BF}, {0x2934, 0x2935}, {0x2B05, 0x2B07}, {0x2B1B, 0x2B1C},
     {0x2B50, 0x2B50},  {0x2B55, 0x2B55}, {0x303D, 0x303D}, {0x3297, 0x3299}, {0x1F000, 0x1F1E5},
     {0x1F200, 0x1FAFF}}};

bool is_picture(char32_t c) {
  const auto after = std::ranges::upper_bound(pictures, c, {}, &Range::first);
  return after != pictures.begin() && c <= std::prev(after)->last;
}
bool is_flag_letter(char32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }
bool is_skin_tone(char32_t c) { return c >= 0x1F3FB && c <= 0x1F3FF; }
bool is_tag(char32_t c) { return c >= 0xE0020 && c <= 0xE007F; }
bool is_marked(char32_t c) { return c == 0xA9 || c == 0xAE || c == 0x2122; }

char32_t peek(std::string_view text, std::size_t at) {
  return at < text.size() ? utf8::next(text, at) : U'\0';
}

/// One picture with what modifies it; `at` moves past it.
bool take_picture(std::string_view text, std::size_t& at) {
  auto next = at;
  const auto c = utf8::next(text, next);
  if (is_marked(c)) {
    if (peek(text, next) != picture_style) return false;
  } else if (!is_picture(c)) {
    return false;
  }
  for (auto end = next; end < text.size(); next = end) {
    const auto modifier = utf8::next(text, end);
    const bool modifies = modifier == picture_style || modifier == text_style || modifier == keycap ||
                          is_skin_tone(modifier) || is_tag(modifier);
    if (!modifies) break;
  }
  at = next;
  return true;
}

std::size_t keycap_length(std::string_view text, std::size_t at) {
  auto end = at + 1;
  if (peek(text, end) == picture_style) utf8::next(text, end);
  if (peek(text, end) != keycap) return 0;
  utf8::next(text, end);
  return end - at;
}

}  // namespace

std::size_t length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) {
    const bool may = (first >= '0' && first <= '9') || first == '#' || first == '*';
    return may ? keycap_length(text, at) : 0;
  }
  auto end = at;
  if (is_flag_letter(peek(text, at))) {
    utf8::next(text, end);
    if (is_flag_letter(peek(text, end))) utf8::next(text, end);
    return end - at;
  }
  if (!take_picture(text, end)) return 0;
  // A joiner glues the next picture on; a joiner with nothing behind it is not ours.
  while (peek(text, end) == joiner) {
    auto joined = end;
    utf8::next(text, joined);
    if (joined >= text.size() || !take_picture(text, joined)) break;
    end = joined;
  }
  return end - at;
}

std::size_t fold(std::string_view emoji, char* out) {
  auto* const begin = out;
  for (std::size_t at = 0; at < emoji.size();) {
    const auto start = at;
    const auto c = utf8::next(emoji, at);
    // A tone standing alone is the emoji itself.
    if (c == picture_style || c == text_style || (is_skin_tone(c) && start > 0)) continue;
    out = std::copy(emoji.begin() + static_cast<std::ptrdiff_t>(start),
                    emoji.begin() + static_cast<std::ptrdiff_t>(at), out);
  }
  return static_cast<std::size_t>(out - begin);
}

}  // namespace earshot::analysis::emoji
