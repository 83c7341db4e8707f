#pragma once
#include <string>
#include <string_view>

namespace earshot {

/// White space of HTML, in ASCII.
constexpr bool is_html_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// The value of an attribute of a start tag, entities decoded; empty when it has none of that name, or
/// a quote up to its end is never closed. `tag` is what stands between '<' and '>', its name
/// included. Linear in the input.
std::string html_attribute(std::string_view tag, std::string_view wanted);

}  // namespace earshot
