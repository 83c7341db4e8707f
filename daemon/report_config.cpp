#include "daemon/report_config.hpp"

#include <algorithm>
#include <array>

#include "daemon/report/build.hpp"
#include "net/credentials.hpp"

namespace earshot::daemon {
namespace {

constexpr int back_days = 32;
constexpr std::string_view example = "weekdays 07:55 Europe/Berlin";

struct Rhythm {
  std::string_view name;
  std::uint8_t weekdays = 0x7F;
  bool monthly = false;
};
constexpr std::array<Rhythm, 10> rhythms{{{"daily"},
                                          {"weekdays", 0x1F},
                                          {"monthly", 0x7F, true},
                                          {"mondays", 0x01},
                                          {"tuesdays", 0x02},
                                          {"wednesdays", 0x04},
                                          {"thursdays", 0x08},
                                          {"fridays", 0x10},
                                          {"saturdays", 0x20},
                                          {"sundays", 0x40}}};

void read_rhythm(TomlReader& reader, ReportPlan& plan) {
  const auto text = reader.required_text("send");
  if (text.empty()) return;
  const auto space = std::min(text.find(' '), text.size());
  const auto found = std::ranges::find(rhythms, std::string_view(text).substr(0, space), &Rhythm::name);
  if (found == rhythms.end() || space == text.size())
    return reader.mistake("send", "must be such as \"" + std::string(example) +
                                      "\"; daily, weekdays, mondays … sundays or monthly");
  plan.weekdays = found->weekdays;
  plan.monthly = found->monthly;
  if (const auto at = read_time_of_day(reader, "send", std::string_view(text).substr(space + 1), example))
    plan.at = *at;
}

std::string read_base_url(TomlReader& reader) {
  auto url = reader.text("dashboard");
  if (!url.empty() && !url.starts_with("https://") && !url.starts_with("http://"))
    reader.mistake("dashboard", "must begin with https:// or http://");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// The first of a month: its number is the calendar's, whatever the zone.
bool is_first(std::int64_t day) {
  const std::chrono::sys_days at{std::chrono::days(day)};
  return std::chrono::year_month_day(at).day() == std::chrono::day(1);
}

}  // namespace

std::optional<Timestamp> ReportPlan::last_due(Timestamp now) const {
  const auto today = at.zone.day_number(now);
  for (auto day = today; day > today - back_days; --day) {
    // 1970-01-01 was a Thursday.
    if ((weekdays >> ((day + 3) % 7) & 1) == 0 || (monthly && !is_first(day))) continue;
    const auto due = at.zone.moment(day, at.minute);
    if (due <= now) return due;
  }
  return std::nullopt;
}

void read_report(TomlReader& reader, std::vector<ReportPlan>& out, DeliveryConfig& delivery) {
  ReportPlan plan;
  plan.kind = reader.required_text("kind");
  const std::vector<std::string> kinds(report::kinds.begin(), report::kinds.end());
  const bool known = std::ranges::find(kinds, plan.kind) != kinds.end();
  if (!known && !plan.kind.empty())
    reader.mistake("kind", "cannot be `" + plan.kind + "`" + suggestion(plan.kind, kinds));
  plan.name = reader.text("name", plan.kind);
  if (!plan.name.empty() && !net::is_credential_name(plan.name))
    reader.mistake("name", "must be letters, digits, '-', '_' and '.', at most 64");
  for (const auto& other : out)
    if (other.name == plan.name)
      reader.mistake_at(reader.node(),
                        "the name '" + plan.name + "' is used twice: give each report a `name`");
  plan.to = reader.list("to");
  if (plan.to.empty()) reader.mistake("to", "is missing: the names of the destinations that get it");
  plan.brands = reader.list("brands");
  plan.days = static_cast<int>(reader.integer("days", known ? report::default_days(plan.kind) : 7, 1, 366));
  read_rhythm(reader, plan);
  plan.base_url = read_base_url(reader);
  reader.finish();
  delivery.routes.push_back({.to = plan.to, .brands = plan.brands, .report = plan.name});
  delivery.route_places.push_back(reader.mistakes().place(reader.node()));
  out.push_back(std::move(plan));
}

}  // namespace earshot::daemon
