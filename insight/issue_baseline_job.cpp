// What is usual of one issue type in an hour of the week, and of the time to the brand's first reply.
#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <unordered_set>

#include "analysis/series/robust.hpp"
#include "core/model/identity.hpp"
#include "insight/dialogue.hpp"
#include "insight/history.hpp"
#include "insight/memory.hpp"

namespace earshot::insight {
namespace {

/// Enough of any brand's twelve weeks to know what is usual.
constexpr std::size_t mentions_max = 1'000'000;
/// Fewer in the whole span: nothing is usual of it but nothing.
constexpr std::int64_t issue_mentions_min = 8;

struct IssueHours {
  std::int64_t mentions = 0;
  std::vector<double> volume = {}, authors = {};
};

/// How often each issue type was spoken of in each hour of a day.
Result<IssueDay> count_issues(const JobInput& input, const store::DayMark& mark) {
  auto rows = read_back<store::IssueRow>(page_of(input, mark), mentions_max,
                                         [&](const auto& page) { return input.reader.issue_mentions(page); });
  if (!rows) return unexpected(rows.error());
  struct Heard {
    std::uint32_t mentions = 0;
    std::unordered_set<std::uint64_t> authors = {};
  };
  std::map<std::pair<std::int64_t, std::uint8_t>, Heard> heard;
  for (const auto& row : *rows)
    for (auto issues = row.issues; issues != 0; issues &= issues - 1) {
      auto& one =
          heard[{hour_index(identity::time_of(row.id)), static_cast<std::uint8_t>(std::countr_zero(issues))}];
      ++one.mentions;
      if (row.author_key != 0) one.authors.insert(row.author_key);
    }
  IssueDay out;
  out.read = rows->size();
  for (const auto& [at, one] : heard)
    out.counts.push_back({.hour = at.first,
                          .issue = at.second,
                          .mentions = one.mentions,
                          .authors = static_cast<std::uint32_t>(one.authors.size())});
  return out;
}

void add_weeks(std::vector<store::BaselineRow>& out, const analysis::HourSeries& series,
               analysis::Measure measure, const char* metric, int issue) {
  const auto week = analysis::weekly_baseline(series, measure);
  for (int slot = 0; slot < analysis::hours_per_week; ++slot) {
    const auto& expected = week[static_cast<std::size_t>(slot)];
    if (expected.samples == 0) continue;
    out.push_back({.issue = issue,
                   .metric = metric,
                   .hour_of_week = slot,
                   .centre = expected.centre,
                   .spread = expected.spread,
                   .weeks = expected.weeks});
  }
}

}  // namespace

Result<std::vector<store::BaselineRow>> issue_baseline_job(const JobInput& input) {
  auto heard = read_heard_hours(input);
  if (!heard) return unexpected(heard.error());
  Memory fresh;
  auto& days = input.memory ? input.memory->issues : fresh.issues;
  const auto marks = marks_since(input, hour_start(heard->first));
  if (!marks) return unexpected(marks.error());
  auto status = renew(days, *marks, mentions_max,
                      [&](const store::DayMark& mark) { return count_issues(input, mark); });
  if (!status) return unexpected(status.error());
  std::array<IssueHours, 64> issues;
  for (const auto& [day_at, day] : days) {
    for (const auto& count : day.counts) {
      if (count.hour < heard->first || count.hour >= heard->end) continue;
      auto& issue = issues[count.issue];
      issue.volume.resize(heard->size());
      issue.authors.resize(heard->size());
      const auto at = static_cast<std::size_t>(count.hour - heard->first);
      issue.mentions += count.mentions;
      issue.volume[at] = count.mentions;
      issue.authors[at] = count.authors;
    }
  }
  std::vector<store::BaselineRow> out;
  for (unsigned bit = 0; bit < issues.size(); ++bit) {
    const auto& issue = issues[bit];
    if (issue.mentions < issue_mentions_min) continue;
    analysis::HourSeries series{
        .first = heard->first, .values = issue.volume, .weights = {}, .left_out = heard->mask(SourceId{})};
    add_weeks(out, series, analysis::Measure::count, "volume", static_cast<int>(bit));
    series.values = issue.authors;
    add_weeks(out, series, analysis::Measure::count, "authors", static_cast<int>(bit));
  }
  return out;
}

std::vector<store::BaselineRow> response_baseline(const Dialogue& dialogue, Timestamp now) {
  std::vector<store::BaselineRow> out;
  if (dialogue.rows.empty()) return out;
  const auto first = hour_index(dialogue.rows.front().created_at), end = hour_index(now);
  if (end <= first) return out;
  const auto size = static_cast<std::size_t>(end - first);
  std::vector<std::vector<double>> seconds(size);
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto& row = dialogue.rows[i];
    const auto answered_at = dialogue.answered_at(i);
    const auto hour = hour_index(row.created_at);
    if (!answered_at || !wants_answer(row) || hour < first || hour >= end) continue;
    seconds[static_cast<std::size_t>(hour - first)].push_back(static_cast<double>(
        std::chrono::duration_cast<std::chrono::seconds>(*answered_at - row.created_at).count()));
  }
  analysis::HourSeries series{
      .first = first, .values = std::vector<double>(size), .weights = {}, .left_out = {}};
  series.weights.resize(size);
  for (std::size_t at = 0; at < size; ++at) {
    series.values[at] = analysis::median(seconds[at]);
    series.weights[at] = static_cast<double>(seconds[at].size());
  }
  add_weeks(out, series, analysis::Measure::share, "response_time", store::every_issue);
  return out;
}

}  // namespace earshot::insight
