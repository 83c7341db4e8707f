#pragma once
#include <array>
#include <cstdint>
#include <string_view>

/// What single characters are to the tokenizer. ASCII by table, the rest by Unicode's categories.
namespace earshot::analysis::characters {

enum : std::uint8_t {
  other = 0,
  upper = 1,
  lower = 2,
  digit = 4,
  space = 8,
  alpha = upper | lower,
  alnum = 7
};

inline constexpr auto ascii_class = [] {
  std::array<std::uint8_t, 256> table{};
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = upper;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = lower;
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = digit;
  for (const char c : std::string_view(" \t\n\r\f\v")) table[static_cast<std::size_t>(c)] = space;
  return table;
}();

inline std::uint8_t class_of(char c) { return ascii_class[static_cast<unsigned char>(c)]; }
inline bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

enum class Wide : std::uint8_t { letter, mark, digit, ideograph, space, ignorable, separator, symbol };

/// What a code point beyond ASCII is to us.
Wide classify(char32_t c);

/// Full-width Latin is the ASCII it shows.
constexpr char32_t narrow(char32_t c) { return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c; }

char32_t to_lower(char32_t c);

/// Writes UTF-8, returns the bytes written (at most four).
std::size_t encode(char32_t c, char* out);

/// The sequence's first code point, decoded, and where it ends; ill-formed bytes give a separator's U+0000.
struct Decoded {
  char32_t c = 0;
  std::size_t end = 0;
};
Decoded decode(std::string_view text, std::size_t at);

/// Length of an apostrophe at `at` (straight, curly, modifier letter, reversed quotation mark), or 0.
std::size_t apostrophe(std::string_view text, std::size_t at);

/// Letters with combining marks become their composed form, in place; long words stay as they are. Returns
/// the new size.
std::size_t compose(char* bytes, std::size_t size);

/// Whether a letter, or anything a word may hold, stands at `at`; false behind the end.
bool letter_at(std::string_view text, std::size_t at);
bool word_at(std::string_view text, std::size_t at);

/// Units that may follow a number without a space: "2hrs", "5am".
bool is_unit(std::string_view word);

}  // namespace earshot::analysis::characters
