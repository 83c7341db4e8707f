#include "insight/summary.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "analysis/series/robust.hpp"
#include "insight/history.hpp"
#include "insight/spans.hpp"

namespace earshot::insight {
namespace {

constexpr std::chrono::hours longest{24 * 731};
constexpr int weeks_before = 8;
constexpr std::int64_t gap_hours_max = 24;  ///< a week that was deaf for a day is no measure of what is usual
constexpr std::size_t ideas_shown = 10;
constexpr std::size_t ideas_looked_at = 1'000;

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

/// Adds rows up; sketches keep authors distinct over sources and hours.
class Counter {
 public:
  void add(const store::HourRow& row) {
    counts_.mentions += row.mentions;
    counts_.positive += row.positive;
    counts_.neutral += row.neutral;
    counts_.negative += row.negative;
    counts_.unscored += row.unscored;
    counts_.questions += row.questions;
    counts_.complaints += row.complaints;
    counts_.reach += row.reach;
    counts_.own += row.own;
    counts_.spam += row.spam;
    authors_.merge(row.authors);
    negative_authors_.merge(row.negative_authors);
  }
  PeriodCounts counts(Timestamp from, Timestamp until) const {
    auto out = counts_;
    out.from = from;
    out.until = until;
    out.authors = authors_.estimate();
    out.negative_authors = negative_authors_.estimate();
    return out;
  }

 private:
  PeriodCounts counts_;
  DistinctSketch authors_, negative_authors_;
};

PeriodCounts count(const HeardHours& heard, Timestamp from, Timestamp until) {
  Counter counter;
  for (const auto& row : heard.rows)
    if (row.hour_at >= from && row.hour_at < until) counter.add(row);
  auto out = counter.counts(from, until);
  for (const auto hour : heard.total_gaps)
    if (hour_start(hour) >= from && hour_start(hour) < until) ++out.gap_hours;
  return out;
}

std::vector<PeriodCounts> split(const HeardHours& heard, Timestamp since, Timestamp until,
                                std::chrono::hours step, std::chrono::hours offset) {
  std::vector<PeriodCounts> out;
  for (auto from = since; from < until;) {
    // Steps are counted from `offset` after 1970, so that weeks begin on Monday.
    const auto next =
        std::min(until, Timestamp((from.time_since_epoch() - offset) / step * step + offset + step));
    out.push_back(count(heard, from, next));
    from = next;
  }
  return out;
}

template <typename Value>
AgainstUsual against(const std::optional<double>& now, const std::vector<PeriodCounts>& before,
                     analysis::Robust (*robust)(const std::vector<analysis::Weighted>&), Value value) {
  std::vector<analysis::Weighted> values;
  for (const auto& period : before)
    if (const std::optional<double> v = value(period)) values.push_back({.value = *v});
  AgainstUsual out{.value = now, .weeks = static_cast<int>(values.size())};
  if (values.empty()) return out;
  const auto usual = robust(values);
  out.usual = usual.centre;
  out.spread = usual.spread;
  return out;
}

/// A week's share of a few hundred mentions moves by some hundredths by chance alone.
analysis::Robust robust_share(const std::vector<analysis::Weighted>& values) {
  return analysis::robust_value(values, 0.02);
}

/// What happened in [since, until): whole days as one row per source, but hour by hour on those days that are
/// cut by a time in `cuts`, so that every row lies on one side of each of them.
Result<HeardHours> read_rows(const JobInput& input, Timestamp since, Timestamp until,
                             const std::set<Timestamp>& cuts) {
  HeardHours out{.first = hour_index(since), .end = hour_index(until)};
  const auto take = [&](Result<std::vector<store::HourRow>> rows) -> Status {
    if (!rows) return unexpected(rows.error());
    std::ranges::move(*rows, std::back_inserter(out.rows));
    return Done{};
  };
  auto at = since;
  for (const auto cut : cuts) {
    const Timestamp midnight = std::chrono::floor<std::chrono::days>(cut);
    if (midnight == cut || midnight + one_day <= at) continue;
    if (at < midnight)
      if (auto status = take(input.reader.days(input.brand, at, midnight)); !status)
        return unexpected(status.error());
    const auto next = std::min(until, midnight + one_day);
    if (auto status = take(input.reader.hours(input.brand, std::max(at, midnight), next)); !status)
      return unexpected(status.error());
    at = next;
  }
  if (at < until)
    if (auto status = take(input.reader.days(input.brand, at, until)); !status)
      return unexpected(status.error());
  auto gaps = input.reader.gaps(since, until);
  if (!gaps) return unexpected(gaps.error());
  add_gaps(out, *gaps);
  return out;
}

void compare_with_usual(Summary& out, const HeardHours& heard) {
  out.last_week = count(heard, out.until - one_week, out.until);
  std::vector<PeriodCounts> before;
  for (int i = 1; i <= weeks_before; ++i) {
    const auto from = out.until - (i + 1) * one_week;
    // Not listening yet. The first row may be that of a day.
    if (heard.rows.empty() || from < std::chrono::floor<std::chrono::days>(heard.rows.front().hour_at)) break;
    auto counts = count(heard, from, from + one_week);
    if (counts.gap_hours > gap_hours_max)
      ++out.weeks_left_out;
    else
      before.push_back(std::move(counts));
  }
  const auto& now = out.last_week;
  out.volume = against(static_cast<double>(now.mentions), before, analysis::robust_count,
                       [](const auto& p) { return std::optional(static_cast<double>(p.mentions)); });
  out.authors = against(static_cast<double>(now.authors), before, analysis::robust_count,
                        [](const auto& p) { return std::optional(static_cast<double>(p.authors)); });
  out.net_sentiment =
      against(now.net_sentiment(), before, robust_share, [](const auto& p) { return p.net_sentiment(); });
  out.negative_author_share = against(now.negative_author_share(), before, robust_share,
                                      [](const auto& p) { return p.negative_author_share(); });
}

Status add_sources(Summary& out, const JobInput& input, const HeardHours& heard) {
  auto known = input.reader.sources();
  if (!known) return unexpected(known.error());
  for (const auto& status : *known) {
    SourceSummary source{.id = status.id, .name = status.name};
    for (const auto& row : heard.rows) {
      if (row.source != status.id || row.hour_at < out.since || row.hour_at >= out.until) continue;
      source.mentions += row.mentions;
      source.negative += row.negative;
      source.own += row.own;
      source.spam += row.spam;
    }
    if (const auto gaps = heard.gaps.find(status.id); gaps != heard.gaps.end())
      source.gap_hours = std::ranges::count_if(gaps->second, [&](std::int64_t hour) {
        return hour_start(hour) >= out.since && hour_start(hour) < out.until;
      });
    out.sources.push_back(std::move(source));
  }
  std::ranges::stable_sort(out.sources, [](const auto& a, const auto& b) { return a.mentions > b.mentions; });
  return Done{};
}

Status add_issues(Summary& out, const JobInput& input) {
  auto names = input.reader.issue_names();
  auto now = input.reader.issues(input.brand, out.since, out.until);
  auto last = input.reader.issues(input.brand, out.until - one_week, out.until);
  if (!names || !now || !last) return unexpected(!names ? names.error() : !now ? now.error() : last.error());
  std::map<std::uint8_t, std::vector<analysis::Weighted>> before;
  const int weeks = out.volume.weeks;
  for (int i = 1; i <= weeks; ++i) {
    auto counts = input.reader.issues(input.brand, out.until - (i + 1) * one_week, out.until - i * one_week);
    if (!counts) return unexpected(counts.error());
    for (const auto& row : *counts) before[row.issue].push_back({.value = static_cast<double>(row.mentions)});
  }
  for (const auto& row : *now) {
    IssueSummary issue{.issue = row.issue,
                       .name = issue_name(*names, row.issue),
                       .mentions = row.mentions,
                       .negative = row.negative};
    issue.share = out.total.mentions > 0
                      ? static_cast<double>(row.mentions) / static_cast<double>(out.total.mentions)
                      : 0;
    const auto found = std::ranges::find(*last, row.issue, &store::IssueCount::issue);
    issue.week = {.value = found == last->end() ? 0 : static_cast<double>(found->mentions), .weeks = weeks};
    if (weeks > 0) {
      auto& values = before[row.issue];
      values.resize(static_cast<std::size_t>(weeks));  // a week without the issue is a week with none
      const auto usual = analysis::robust_count(values);
      issue.week.usual = usual.centre;
      issue.week.spread = usual.spread;
    }
    out.issues.push_back(std::move(issue));
  }
  std::ranges::stable_sort(out.issues, [](const auto& a, const auto& b) { return a.mentions > b.mentions; });
  return Done{};
}

Status add_products(Summary& out, const JobInput& input) {
  auto rows = input.reader.products(input.brand, out.since, out.until);
  if (!rows) return unexpected(rows.error());
  for (const auto& row : *rows)
    out.products.push_back(
        {.product = row.product,
         .mentions = row.mentions,
         .positive = row.positive,
         .neutral = row.neutral,
         .negative = row.negative,
         .unscored = row.unscored,
         .net_sentiment = ratio(row.positive - row.negative, row.positive + row.neutral + row.negative)});
  return Done{};
}

Status add_voices(Summary& out, const JobInput& input) {
  auto brands = input.reader.brands();
  if (!brands) return unexpected(brands.error());
  std::int64_t all = 0;
  for (const auto& brand : *brands) {
    auto rows = input.reader.series(brand.id, {}, out.since, out.until, longest);
    if (!rows) return unexpected(rows.error());
    PeriodCounts counts;
    for (const auto& row : *rows) {
      counts.mentions += row.mentions;
      counts.positive += row.positive;
      counts.neutral += row.neutral;
      counts.negative += row.negative;
    }
    all += counts.mentions;
    out.share_of_voice.push_back({.brand = brand.name,
                                  .mentions = counts.mentions,
                                  .share = 0,
                                  .net_sentiment = counts.net_sentiment()});
  }
  for (auto& voice : out.share_of_voice)
    voice.share = all > 0 ? static_cast<double>(voice.mentions) / static_cast<double>(all) : 0;
  std::ranges::stable_sort(out.share_of_voice,
                           [](const auto& a, const auto& b) { return a.mentions > b.mentions; });
  return Done{};
}

Status add_findings(Summary& out, const JobInput& input) {
  auto languages = input.reader.languages(input.brand, out.since, out.until);
  if (!languages) return unexpected(languages.error());
  out.languages = std::move(*languages);
  auto incidents = input.reader.incidents(input.brand, out.since, out.until, store::Members::no);
  if (!incidents) return unexpected(incidents.error());
  // A false alarm was no incident.
  std::erase_if(*incidents, [](const auto& row) { return row.state == "dismissed"; });
  out.incidents = std::move(*incidents);
  auto ideas = input.reader.ideas(input.brand, ideas_looked_at, store::Members::no);
  if (!ideas) return unexpected(ideas.error());
  // What was decided is no longer a question of what to write.
  std::erase_if(*ideas, [](const auto& row) { return row.state == "rejected" || row.state == "published"; });
  if (ideas->size() > ideas_shown) ideas->resize(ideas_shown);
  out.ideas = std::move(*ideas);
  auto gaps = input.reader.gaps(out.since, out.until);
  if (!gaps) return unexpected(gaps.error());
  out.gaps = std::move(*gaps);
  return Done{};
}

}  // namespace

std::optional<double> PeriodCounts::net_sentiment() const { return ratio(positive - negative, scored()); }
std::optional<double> PeriodCounts::negative_share() const { return ratio(negative, scored()); }
std::optional<double> PeriodCounts::negative_author_share() const { return ratio(negative_authors, authors); }

std::optional<double> AgainstUsual::z() const {
  if (!value || weeks == 0 || !(spread > 0)) return std::nullopt;
  return (*value - usual) / spread;
}

Result<PeriodCounts> count_period(const JobInput& input, Timestamp since, Timestamp until) {
  const auto heard = read_rows(input, since, until, {since, until});
  if (!heard) return unexpected(heard.error());
  return count(*heard, since, until);
}

Result<Summary> summarise(const JobInput& input, Timestamp since, Timestamp until) {
  if (since >= until)
    return unexpected(ErrorKind::invalid, "the period is empty: --since must lie before --until");
  if (until - since > longest)
    return unexpected(ErrorKind::invalid, "the period is longer than two years: choose a later --since");
  Summary out{.brand = input.brand_name, .since = since, .until = until};
  std::set<Timestamp> cuts{since, until};
  for (int i = 1; i <= weeks_before + 1; ++i) cuts.insert(until - i * one_week);
  auto heard = read_rows(input, *cuts.begin(), until, cuts);
  if (!heard) return unexpected(heard.error());
  out.total = count(*heard, since, until);
  out.days = split(*heard, since, until, one_day, std::chrono::hours(0));
  out.weeks = split(*heard, since, until, one_week, std::chrono::hours(4 * 24));  // 1970-01-05 was a Monday
  compare_with_usual(out, *heard);
  for (auto* add : {add_issues, add_products, add_voices, add_findings})
    if (auto status = add(out, input); !status) return unexpected(status.error());
  if (auto status = add_sources(out, input, *heard); !status) return unexpected(status.error());
  return out;
}

}  // namespace earshot::insight
