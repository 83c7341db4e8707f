#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// ASCII white space off both ends.
std::string_view trim(std::string_view text);
/// Splits at every `separator`; empty parts are kept.
std::vector<std::string_view> split(std::string_view text, char separator);
/// Lower-cases A–Z only; for protocol words and ids, not for people's text.
std::string ascii_lower(std::string_view text);
bool ascii_iequals(std::string_view a, std::string_view b);
bool starts_with_icase(std::string_view text, std::string_view prefix);
/// Unicode simple case folding of UTF-8 text; for comparing people's words.
std::string fold_case(std::string_view text);
char32_t fold_case(char32_t code_point);
/// Equal when both are folded.
bool same_folded(std::string_view a, std::string_view b);
/// Nothing but space to tilde.
bool is_printable_ascii(std::string_view text);
/// Quoted, with control characters, quotes and backslashes escaped; safe on a terminal and in a one-line log.
std::string quote_printable(std::string_view text);
/// Control characters (also C1, bidi overrides and line breaks) become spaces; for showing outside text in a
/// terminal.
std::string printable(std::string_view text);
/// Runs of white space become one space, ends trimmed.
std::string squeeze_space(std::string_view text);
/// The name most like `wanted` when it could be a slip of the pen, else empty.
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace earshot
