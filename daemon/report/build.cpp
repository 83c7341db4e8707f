#include "daemon/report/build.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "daemon/report/parts.hpp"

namespace earshot::report {

namespace {

/// A number without a list of its own stands on what its row stands on: the shares, the usual value.
void lend_behind(Table& table) {
  for (auto& row : table.rows) {
    const auto linked =
        std::ranges::find_if(row, [](const Cell& cell) { return !cell.behind.target.empty(); });
    if (linked == row.end()) continue;
    const auto behind = linked->behind;
    for (std::size_t i = 0; i < row.size() && i < table.columns.size(); ++i)
      if (table.columns[i].numeric && row[i].behind.target.empty() && row[i].url.empty())
        row[i].behind = behind;
  }
}

}  // namespace

int default_days(std::string_view kind) {
  if (kind == "content" || kind == "brief") return 7;
  return kind == "service" ? 14 : 28;
}

Result<Report> build(std::string_view kind, const Request& request) {
  using Builder = Result<Report> (*)(const Request&);
  constexpr std::pair<std::string_view, Builder> builders[] = {{"brief", build_brief},
                                                               {"service", build_service},
                                                               {"content", build_content},
                                                               {"executive", build_executive},
                                                               {"accuracy", build_accuracy}};
  for (const auto& [name, builder] : builders) {
    if (name != kind) continue;
    // Rollups count whole hours: only so do they and the lists of mentions agree.
    auto rounded = request;
    rounded.since = std::chrono::floor<std::chrono::hours>(request.since);
    rounded.until = std::chrono::ceil<std::chrono::hours>(request.until);
    auto report = builder(rounded);
    if (!report) return report;
    for (auto& section : report->sections)
      for (auto& block : section.blocks)
        if (auto* table = std::get_if<Table>(&block)) lend_behind(*table);
    report->kind = name;
    report->brand = request.brand.name;
    report->since = rounded.since;
    report->until = rounded.until;
    report->base_url = request.base_url;
    return report;
  }
  return unexpected(ErrorKind::invalid, "there is no report '" + printable(kind) +
                                            "': take brief, service, content, executive or accuracy");
}

}  // namespace earshot::report
