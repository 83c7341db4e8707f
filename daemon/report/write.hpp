#pragma once
#include <array>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "daemon/report/model.hpp"

/// One report, four looks. Pure; words of strangers are escaped for each.
namespace earshot::report {

inline constexpr std::array formats{"text", "markdown", "html", "csv"};

/// For a terminal, without colours: at most 100 columns but for tables and addresses.
std::string write_text(const Report& report);
std::string write_markdown(const Report& report);
/// One page that needs nothing else: style and pictures inside, no script; readable in a mail, on paper,
/// light and dark.
std::string write_html(const Report& report);
/// section,item,column,value,mentions: one line per number or cell; what a spreadsheet would run as a formula
/// is quoted.
std::string write_csv(const Report& report);

/// `invalid`: there is no such format.
Result<std::string> write(const Report& report, std::string_view format);
/// "text/html; charset=utf-8"; of a known format.
std::string content_type(std::string_view format);

}  // namespace earshot::report
