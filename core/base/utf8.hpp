#pragma once
#include <cstdint>
#include <string>
#include <string_view>

/// Code points in UTF-8 text. Nothing here allocates unless it returns a string; offsets are bytes.
namespace earshot::utf8 {

/// Length in bytes of the well-formed sequence that starts at `at`, 0 when the bytes there are not one
/// (truncated, overlong, surrogate, above U+10FFFF).
std::size_t sequence_length(std::string_view text, std::size_t at);

/// Decodes the code point at `at` and moves `at` past it. An ill-formed byte yields U+FFFD and moves by one.
char32_t next(std::string_view text, std::size_t& at);

void append(std::string& out, char32_t code_point);
bool is_valid(std::string_view text);
/// Replaces every ill-formed byte with U+FFFD and drops NUL and other C0 controls except tab and line breaks.
std::string sanitise(std::string_view text);
/// Number of code points; ill-formed bytes count one each.
std::size_t length(std::string_view text);
/// The longest prefix of at most `bytes_max` bytes that does not cut a sequence.
std::string_view truncate(std::string_view text, std::size_t bytes_max);

}  // namespace earshot::utf8
