#include "daemon/service_config.hpp"

#include <algorithm>

#include "core/base/time_format.hpp"

namespace earshot::daemon {
namespace {

using namespace std::chrono_literals;

void read_hours(TomlReader& reader, analysis::BusinessHours& hours) {
  for (const auto& text : reader.list("hours"))
    if (auto status = hours.add(text); !status) reader.mistake("hours", status.error().message);
  for (const auto& text : reader.list("holidays")) {
    const auto at = text.size() == 10 ? parse_rfc3339(text + "T00:00:00Z") : std::nullopt;
    if (at)
      hours.holidays.push_back(std::chrono::floor<std::chrono::days>(*at).time_since_epoch().count());
    else
      reader.mistake("holidays", "must be days such as \"2026-12-25\"");
  }
  std::ranges::sort(hours.holidays);
}

}  // namespace

ServiceConfig read_service(TomlReader& reader) {
  ServiceConfig out{.brand = reader.text("brand")};
  if (const auto name = reader.text("time_zone"); !name.empty()) {
    if (const auto zone = TimeZone::find(name))
      out.terms.hours.zone = *zone;
    else
      reader.mistake("time_zone", "must be a zone such as \"Europe/Berlin\" or \"+01:00\"");
  }
  read_hours(reader, out.terms.hours);
  if (const auto* table = reader.table("answer_within")) {
    TomlReader targets(*table, reader.name() + ".answer_within", reader.mistakes());
    const auto target = [&](const char* key) -> std::optional<Milliseconds> {
      if (!targets.find(key)) return std::nullopt;
      return targets.duration(key, 0ms, 1min);
    };
    out.terms.answer_high = target("high");
    out.terms.answer_medium = target("medium");
    out.terms.answer_low = target("low");
    targets.finish();
  }
  return out;
}

insight::ServiceTerms terms_of(const std::vector<ServiceConfig>& all, const std::string& brand) {
  const ServiceConfig* found = nullptr;
  for (const auto& one : all)
    if (one.brand == brand || (one.brand.empty() && !found)) found = &one;
  return found ? found->terms : insight::ServiceTerms{};
}

}  // namespace earshot::daemon
