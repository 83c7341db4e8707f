#include "insight/drivers.hpp"

#include <algorithm>
#include <cmath>

#include "insight/history.hpp"
#include "insight/spans.hpp"

namespace earshot::insight {
namespace {

constexpr std::chrono::hours longest{24 * 366};
constexpr int weeks_before = 8;
constexpr std::int64_t gap_hours_max = 24;
constexpr std::size_t reasons_rows_max = 6, reasons_texts_max = 500;
constexpr double told_min = 0.002;  ///< a fifth of a hundredth: less moves no printed figure

void add(std::vector<analysis::ValueCount>& out, const std::vector<store::ToneCount>& rows) {
  for (const auto& row : rows)
    out.push_back({.value = static_cast<double>(static_cast<int>(row.polarity)),
                   .groups = row.issues,
                   .count = row.mentions});
}

/// The weeks before `since` that were heard, newest first, by their starts.
Result<std::vector<Timestamp>> usual_weeks(const JobInput& input, Drivers& out) {
  HeardHours heard{.first = hour_index(out.since - weeks_before * one_week), .end = hour_index(out.since)};
  auto rows = input.reader.hours(input.brand, hour_start(heard.first), out.since);
  if (!rows) return unexpected(rows.error());
  heard.rows = std::move(*rows);
  std::vector<Timestamp> starts;
  if (heard.rows.empty()) return starts;
  auto gaps = input.reader.gaps(hour_start(heard.first), out.since);
  if (!gaps) return unexpected(gaps.error());
  add_gaps(heard, *gaps);
  for (int i = 1; i <= weeks_before; ++i) {
    const auto from = out.since - i * one_week;
    if (from < heard.rows.front().hour_at - one_day) break;  // not listening yet
    const auto deaf = std::ranges::count_if(heard.total_gaps, [&](std::int64_t hour) {
      return hour_start(hour) >= from && hour_start(hour) < from + one_week;
    });
    if (deaf > gap_hours_max)
      ++out.weeks_left_out;
    else
      starts.push_back(from);
  }
  return starts;
}

/// What those who pull the issue's way give as their reason.
Status add_reasons(const JobInput& input, const Drivers& drivers, Driver& driver) {
  store::MentionFilter filter{.brand = input.brand,
                              .since = drivers.since,
                              .until = drivers.until,
                              .polarity = driver.part.total() < 0 ? Polarity::negative : Polarity::positive,
                              .issue = static_cast<IssueType>(driver.issue),
                              .counted = true,
                              .limit = reasons_texts_max};
  auto rows = input.reader.mentions(filter);
  if (!rows) return unexpected(rows.error());
  driver.reasons = shared_reasons(*rows, input.brand_name);
  return Done{};
}

Driver driver_of(const analysis::Contribution& part, const std::vector<store::ToneCount>& tones,
                 const std::vector<std::pair<std::uint8_t, std::string>>& names) {
  Driver out{.issue = part.group, .part = part};
  out.name = part.group == analysis::no_group ? "none" : issue_name(names, part.group);
  for (const auto& tone : tones) {
    if (part.group == analysis::no_group ? tone.issues != 0 : (tone.issues >> part.group & 1U) == 0) continue;
    out.mentions += tone.mentions;
    if (tone.polarity == Polarity::negative) out.negative += tone.mentions;
    if (tone.polarity == Polarity::positive) out.positive += tone.mentions;
  }
  return out;
}

}  // namespace

Result<Drivers> find_drivers(const JobInput& input, Timestamp since, Timestamp until) {
  if (since >= until)
    return unexpected(ErrorKind::invalid, "the period is empty: --since must lie before --until");
  if (until - since > longest)
    return unexpected(ErrorKind::invalid, "the period is longer than a year: choose a later --since");
  Drivers out{.brand = input.brand_name, .since = since, .until = until, .usual_since = since};
  auto weeks = usual_weeks(input, out);
  if (!weeks) return unexpected(weeks.error());
  std::vector<analysis::ValueCount> now, before;
  auto tones = input.reader.tones(input.brand, since, until);
  if (!tones) return unexpected(tones.error());
  add(now, *tones);
  for (const auto start : *weeks) {
    auto rows = input.reader.tones(input.brand, start, start + one_week);
    if (!rows) return unexpected(rows.error());
    add(before, *rows);
    out.usual_since = std::min(out.usual_since, start);
  }
  out.weeks = static_cast<int>(weeks->size());
  out.total = analysis::contributions(now, before);
  auto names = input.reader.issue_names();
  if (!names) return unexpected(names.error());
  std::size_t told = 0;
  for (const auto& part : out.total.rows) {
    auto driver = driver_of(part, *tones, *names);
    if (driver.issue != analysis::no_group && std::abs(part.total()) >= told_min && told < reasons_rows_max) {
      ++told;
      if (auto status = add_reasons(input, out, driver); !status) return unexpected(status.error());
    }
    out.rows.push_back(std::move(driver));
  }
  return out;
}

}  // namespace earshot::insight
