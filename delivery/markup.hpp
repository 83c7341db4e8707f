#pragma once
#include <string>
#include <string_view>

/// Outside text on its way into documents of ours.
namespace earshot::delivery {

/// Text for XML and HTML: markup escaped, what XML 1.0 has no place for (control characters, U+FFFE, U+FFFF)
/// replaced.
std::string escape_xml(std::string_view text);
/// Only addresses that a reader may follow: a post cannot smuggle in javascript: or a file.
bool is_web(std::string_view url);
/// ASCII letters and digits stay, other letters become their bytes in hex, runs of anything else become one
/// '-'; for ids, paths and file names.
std::string slug(std::string_view name);

}  // namespace earshot::delivery
