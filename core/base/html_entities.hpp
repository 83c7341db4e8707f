#pragma once
#include <cstdint>
#include <string_view>

namespace earshot {

/// Code point of a named entity ("eacute", without '&' and ';'), 0 when the name is unknown.
char32_t html_entity(std::string_view name);
/// Code point that a numeric reference stands for in HTML: 128..159 are windows-1252, impossible ones U+FFFD.
char32_t html_number(std::uint32_t number);

}  // namespace earshot
