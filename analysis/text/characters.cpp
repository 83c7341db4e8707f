#include "analysis/text/characters.hpp"

#include <utf8proc.h>

#include "analysis/text/emoji.hpp"
#include "core/base/utf8.hpp"

namespace earshot::analysis::characters {

Wide classify(char32_t c) {
  if (c == 0xAD || c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF ||
      (c >= 0xFE00 && c <= 0xFE0F) || c == 0x200E || c == 0x200F)
    return Wide::ignorable;
  if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x323AF) ||
      (c >= 0x3041 && c <= 0x3096) || (c >= 0xF900 && c <= 0xFAFF))
    return Wide::ideograph;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL: return Wide::letter;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME: return Wide::mark;
    case UTF8PROC_CATEGORY_ND: return Wide::digit;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return Wide::space;
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO: return Wide::separator;
    default: return Wide::symbol;
  }
}

bool is_unit(std::string_view word) {
  static constexpr std::string_view units[] = {"h",       "hr",    "hrs",   "hour",   "hours", "min", "mins",
                                               "minutes", "sec",   "secs",  "day",    "days",  "wk",  "wks",
                                               "week",    "weeks", "month", "months", "yr",    "yrs", "year",
                                               "years",   "am",    "pm",    "x",      "stars", "star"};
  for (const auto unit : units) {
    if (unit.size() != word.size()) continue;
    std::size_t i = 0;
    while (i < unit.size() && (word[i] | 0x20) == unit[i]) ++i;
    if (i == unit.size()) return true;
  }
  return false;
}

Decoded decode(std::string_view text, std::size_t at) {
  if (utf8::sequence_length(text, at) == 0) return {.c = 0, .end = at + 1};
  const auto c = utf8::next(text, at);
  return {.c = c, .end = at};
}

std::size_t apostrophe(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] == '\'') return 1;
  const auto rest = text.substr(at);
  if (rest.starts_with("\u2019") || rest.starts_with("\u2018") || rest.starts_with("\u201B")) return 3;
  return rest.starts_with("\u02BC") || rest.starts_with("\u00B4") ? 2 : 0;
}

char32_t to_lower(char32_t c) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

std::size_t encode(char32_t c, char* out) {
  utf8proc_uint8_t bytes[4];
  const auto n = static_cast<std::size_t>(utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes));
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<char>(bytes[i]);
  return n;
}

std::size_t compose(char* bytes, std::size_t size) {
  std::array<utf8proc_int32_t, 64> points{};
  std::size_t count = 0;
  for (std::size_t at = 0; at < size;) {
    if (count == points.size()) return size;
    points[count++] = static_cast<utf8proc_int32_t>(utf8::next({bytes, size}, at));
  }
  constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  const auto composed =
      utf8proc_normalize_utf32(points.data(), static_cast<utf8proc_ssize_t>(count), options);
  if (composed < 0) return size;
  std::size_t written = 0;
  for (utf8proc_ssize_t i = 0; i < composed; ++i) {
    utf8proc_uint8_t encoded[4];
    const auto n =
        static_cast<std::size_t>(utf8proc_encode_char(points[static_cast<std::size_t>(i)], encoded));
    if (written + n > size) return size;
    for (std::size_t k = 0; k < n; ++k) bytes[written++] = static_cast<char>(encoded[k]);
  }
  return written;
}

bool letter_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  if (is_ascii(text[at])) return (class_of(text[at]) & alpha) != 0;
  const auto decoded = decode(text, at);
  return decoded.c != 0 && classify(decoded.c) == Wide::letter;
}
bool word_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  if (is_ascii(text[at])) return (class_of(text[at]) & alnum) != 0;
  const auto decoded = decode(text, at);
  if (decoded.c == 0 || emoji::length(text, at) != 0) return false;
  const auto kind = classify(decoded.c);
  return kind == Wide::letter || kind == Wide::mark || kind == Wide::digit || kind == Wide::ideograph;
}

}  // namespace earshot::analysis::characters
