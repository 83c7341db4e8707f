#pragma once
#include <string>
#include <vector>

#include "core/base/clock.hpp"

/// The pieces of the plain page. Cells are markup: whoever fills them escapes the words of strangers. Pure.
namespace earshot::api::plain {

std::string number(double value, int decimals);
/// "2026-11-28 03:24", UTC.
std::string minute(Timestamp at);
/// A link where the address is one of the web, else the text alone; both escaped.
std::string link(const std::string& url, const std::string& text);
/// Opens a section with a table; `table_end` closes both.
void table(std::string& out, const char* title, const std::vector<const char*>& heads);
void row(std::string& out, const std::vector<std::string>& cells);
inline constexpr const char* table_end = "</tbody></table></section>\n";

}  // namespace earshot::api::plain
