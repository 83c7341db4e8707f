#include "daemon/report/build.hpp"

#include "core/base/text.hpp"
#include "daemon/report/parts.hpp"

namespace earshot::report {

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
