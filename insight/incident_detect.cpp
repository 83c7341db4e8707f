#include "insight/incident_detect.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

#include "core/model/verdict.hpp"

namespace earshot::insight {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t echo_ms = 7 * 24 * hour_ms;
constexpr int known_hours_min = 48;         ///< two days and nights before anything can be unusual
constexpr double elevated_least = 3;        ///< authors an hour that keep an incident going…
constexpr double elevated_spreads = 2;      ///< …when they are also this far above what is expected
constexpr double shared_authors_min = 0.3;  ///< of the smaller one: then two rises are one problem

constexpr std::uint64_t mask_of(std::initializer_list<IssueType> types) {
  std::uint64_t mask = 0;
  for (const auto type : types) mask |= std::uint64_t{1} << static_cast<unsigned>(type);
  return mask;
}

/// Issue types that one cause sets off together: when they rise in the same hours it is one problem.
constexpr std::array families{
    mask_of({IssueType::outage, IssueType::bug, IssueType::performance, IssueType::usability,
             IssueType::availability}),
    mask_of({IssueType::billing, IssueType::refund, IssueType::price, IssueType::expectation_gap}),
    mask_of({IssueType::delivery, IssueType::delay, IssueType::lost_item, IssueType::damaged_item}),
    mask_of({IssueType::cancellation, IssueType::booking_order, IssueType::account}),
    mask_of({IssueType::security, IssueType::privacy, IssueType::account}),
    mask_of({IssueType::customer_service, IssueType::staff_behaviour}),
};
/// Praise cannot be an incident; a negative mention that carries it is irony or a mixed review.
constexpr std::uint64_t never = mask_of({IssueType::praise});

/// The watch over all troubles together, whatever their issue: people describe one problem in so many ways
/// that no single issue type may rise far enough, and a problem of a new kind has no type at all.
constexpr std::uint8_t any_issue = 255;
constexpr std::uint64_t other_bit = mask_of({IssueType::other});
constexpr double lift_min =
    3;  ///< times its usual rate that an issue must reach to belong to an incident of all troubles
constexpr double lift_authors_min = 3;

bool has(std::uint64_t issues, std::uint8_t issue) {
  return issue == any_issue || (issues >> issue & 1U) != 0;
}

std::int64_t hour_of(std::int64_t ms) { return ms / hour_ms; }

/// A rise of one issue type, from the moment the rule fired to the last elevated hour.
struct Run {
  std::uint8_t issue = 0;
  std::int64_t from_ms = 0, last_ms = 0;
  Arithmetic fired = {}, peak = {};
};

/// Walks one issue's troubles with a sliding hour of distinct authors.
class IssueWatch {
 public:
  IssueWatch(const DetectInput& input, std::uint8_t issue) : input_(input), issue_(issue) {
    for (std::size_t i = 0; i < input.troubles.size(); ++i)
      if (!input.troubles[i].echo && has(input.troubles[i].issues, issue)) events_.push_back(i);
    series_ = {.first = input.first_hour, .values = {}, .weights = {}, .left_out = input.left_out};
    series_.values.assign(input.left_out.size(), 0.0);
    std::set<std::pair<std::int64_t, std::uint64_t>> seen;
    for (const auto i : events_) {
      const auto& trouble = input.troubles[i];
      const auto hour = hour_of(trouble.at_ms);
      if (hour >= input.first_hour && hour < input.end_hour && seen.emplace(hour, trouble.author).second)
        series_.values[static_cast<std::size_t>(hour - input.first_hour)] += 1;
    }
  }

  std::vector<Run> runs() {
    std::vector<Run> out;
    bool running = false;
    for (std::size_t end = 0; end < events_.size(); ++end) {
      const auto now = at(end);
      ++window_[author(end)];
      while (at(begin_) <= now - hour_ms) leave(begin_++);
      if (running && now - out.back().last_ms > quiet_ms) running = false;
      const auto observed = static_cast<double>(window_.size());
      if (observed < elevated_least) continue;
      const auto arithmetic = judge(now, observed);
      if (!arithmetic) continue;
      const auto& d = arithmetic->deviation;
      if (!running && d.unusual) {
        out.push_back({.issue = issue_,
                       .from_ms = at(begin_),
                       .last_ms = now,
                       .fired = *arithmetic,
                       .peak = *arithmetic});
        running = true;
      } else if (running && observed >= d.expected + elevated_spreads * d.spread) {
        out.back().last_ms = now;
        if (d.observed > out.back().peak.deviation.observed) out.back().peak = *arithmetic;
      }
    }
    return out;
  }

 private:
  std::int64_t at(std::size_t event) const { return input_.troubles[events_[event]].at_ms; }
  std::uint64_t author(std::size_t event) const { return input_.troubles[events_[event]].author; }
  void leave(std::size_t event) {
    const auto found = window_.find(author(event));
    if (--found->second == 0) window_.erase(found);
  }

  /// Expectation for the sixty minutes that end at `now`, from whole hours before them; nothing while too
  /// little is known.
  std::optional<Arithmetic> judge(std::int64_t now, double observed) {
    const auto hour = hour_of(now);
    if (hour != known_hour_) {
      known_hour_ = hour;
      const auto until = hour - 1;
      this_ = analysis::expectation(series_, analysis::hour_of_week(hour), analysis::Measure::count, until);
      before_ =
          analysis::expectation(series_, analysis::hour_of_week(hour - 1), analysis::Measure::count, until);
      heard_ = 0;
      for (std::size_t i = 0;
           i < series_.values.size() && input_.first_hour + static_cast<std::int64_t>(i) < until; ++i)
        heard_ += input_.left_out[i] ? 0 : 1;
    }
    if (heard_ < known_hours_min) return std::nullopt;
    const double share = static_cast<double>(now % hour_ms) / static_cast<double>(hour_ms);
    const auto mix = [&](double current, double previous) {
      return share * current + (1 - share) * previous;
    };
    return Arithmetic{.at_ms = now,
                      .deviation = analysis::deviation(observed, mix(this_.centre, before_.centre),
                                                       mix(this_.spread, before_.spread), input_.rule),
                      .weeks = std::min(this_.weeks, before_.weeks),
                      .samples = std::min(this_.samples, before_.samples),
                      .warm_up = this_.warm_up || before_.warm_up};
  }

  const DetectInput& input_;
  std::uint8_t issue_;
  std::vector<std::size_t> events_;
  analysis::HourSeries series_;
  std::unordered_map<std::uint64_t, int> window_;
  std::size_t begin_ = 0;
  std::int64_t known_hour_ = -1;
  int heard_ = 0;
  analysis::Expectation this_, before_;
};

std::set<std::uint64_t> authors_of(const DetectInput& input, const Run& run) {
  std::set<std::uint64_t> out;
  for (const auto& trouble : input.troubles)
    if (trouble.at_ms >= run.from_ms && trouble.at_ms <= run.last_ms && has(trouble.issues, run.issue))
      out.insert(trouble.author);
  return out;
}

bool related(const Run& a, const std::set<std::uint64_t>& authors_a, const Run& b,
             const std::set<std::uint64_t>& authors_b) {
  if (a.from_ms > b.last_ms + hour_ms || b.from_ms > a.last_ms + hour_ms) return false;
  if (a.issue == any_issue || b.issue == any_issue) return true;
  const auto both = std::uint64_t{1} << a.issue | std::uint64_t{1} << b.issue;
  if (std::ranges::any_of(families, [&](std::uint64_t family) { return (family & both) == both; }))
    return true;
  const auto shared =
      std::ranges::count_if(authors_a, [&](std::uint64_t author) { return authors_b.contains(author); });
  return static_cast<double>(shared) >=
         shared_authors_min * static_cast<double>(std::min(authors_a.size(), authors_b.size()));
}

/// The moment from which the rise is most unlikely to be chance: of all starts up to six hours before the
/// rule fired, the one with the greatest Poisson log-likelihood ratio of authors until the peak. It keeps the
/// lone complaint of the hour before from being called the first affected author.
std::int64_t refined_start(const DetectInput& input, const Run& first, std::uint64_t issues) {
  const double usual =
      std::max(first.fired.deviation.expected, 0.05);  // an hour; below it the logarithm rules alone
  const auto until = first.peak.at_ms;
  std::set<std::uint64_t> authors;
  double best = -1;
  auto start = first.from_ms;
  for (auto i = input.troubles.size(); i-- > 0;) {
    const auto& trouble = input.troubles[i];
    if (trouble.at_ms > until || trouble.echo || (trouble.issues & issues) == 0) continue;
    if (trouble.at_ms < first.fired.at_ms - quiet_ms) break;
    authors.insert(trouble.author);
    if (trouble.at_ms > first.fired.at_ms) continue;
    const double hours =
        std::max(static_cast<double>(until - trouble.at_ms) / static_cast<double>(hour_ms), 0.1);
    const double count = static_cast<double>(authors.size()), expected = usual * hours;
    const double ratio = count > expected ? count * std::log(count / expected) - (count - expected) : 0;
    if (ratio > best) {
      best = ratio;
      start = trouble.at_ms;
    }
  }
  return start;
}

/// Distinct authors per issue bit within [from, to].
std::map<std::uint8_t, std::set<std::uint64_t>> authors_per_issue(const DetectInput& input, std::int64_t from,
                                                                  std::int64_t to) {
  std::map<std::uint8_t, std::set<std::uint64_t>> out;
  for (const auto& trouble : input.troubles) {
    if (trouble.at_ms < from || trouble.at_ms > to || trouble.echo) continue;
    for (std::uint8_t bit = 0; bit < 64; ++bit)
      if ((trouble.issues >> bit & 1U) != 0) out[bit].insert(trouble.author);
  }
  return out;
}

/// Issues that rose with all troubles: far above their own rate of the time before.
std::uint64_t lifted_issues(const DetectInput& input, std::int64_t from, std::int64_t to) {
  const auto history_hours =
      static_cast<double>(std::max<std::int64_t>(from / hour_ms - input.first_hour, 1));
  const auto hours = std::max(static_cast<double>(to - from) / static_cast<double>(hour_ms), 1.0);
  std::map<std::uint8_t, double> before;
  for (const auto& trouble : input.troubles)
    if (trouble.at_ms < from && !trouble.echo)
      for (std::uint8_t bit = 0; bit < 64; ++bit)
        if ((trouble.issues >> bit & 1U) != 0) before[bit] += 1 / history_hours;
  std::uint64_t out = 0;
  for (const auto& [bit, authors] : authors_per_issue(input, from, to)) {
    const auto count = static_cast<double>(authors.size());
    if (count >= lift_authors_min && count >= lift_min * before[bit] * hours) out |= std::uint64_t{1} << bit;
  }
  return out & ~never & ~mask_of({IssueType::how_to});
}

/// What to call it: the issue with most authors in the hour in which the rule fired, "other" only for want of
/// a name. Nothing later counts, so that the name does not change while the incident grows.
std::uint8_t name_of(const DetectInput& input, const Run& first, std::uint64_t issues) {
  if (first.issue != any_issue && first.issue != static_cast<std::uint8_t>(IssueType::other))
    return first.issue;
  auto best = static_cast<std::uint8_t>(IssueType::other);
  std::size_t most = 1;
  for (const auto& [bit, authors] :
       authors_per_issue(input, first.fired.at_ms - hour_ms, first.fired.at_ms)) {
    if ((issues >> bit & 1U) == 0 || bit == static_cast<std::uint8_t>(IssueType::other) ||
        authors.size() <= most)
      continue;
    best = bit;
    most = authors.size();
  }
  return best;
}

FoundIncident merge(const DetectInput& input, const std::vector<Run>& runs) {
  const auto& first = *std::ranges::min_element(runs, [](const Run& a, const Run& b) {
    return std::tuple(a.fired.at_ms, -a.fired.deviation.observed, a.issue) <
           std::tuple(b.fired.at_ms, -b.fired.deviation.observed, b.issue);
  });
  FoundIncident out{.fired = first.fired, .peak = first.peak};
  bool any = false;
  for (const auto& run : runs) {
    any = any || run.issue == any_issue;
    if (run.issue != any_issue) out.issues |= std::uint64_t{1} << run.issue;
    out.last_ms = std::max(out.last_ms, run.last_ms);
    const auto height = [](const Arithmetic& a) {
      return a.deviation.observed / std::max(a.deviation.threshold, 1.0);
    };
    if (height(run.peak) > height(out.peak)) out.peak = run.peak;
  }
  if (any) out.issues |= lifted_issues(input, first.fired.at_ms - hour_ms, out.last_ms) | other_bit;
  out.issue = name_of(input, first, out.issues);
  out.started_ms = refined_start(input, first, out.issues);
  std::set<std::uint64_t> authors;
  for (std::size_t i = 0; i < input.troubles.size(); ++i) {
    const auto& trouble = input.troubles[i];
    if (trouble.at_ms < out.started_ms || trouble.at_ms > out.last_ms || (trouble.issues & out.issues) == 0)
      continue;
    out.members.push_back(i);
    if (trouble.echo)
      ++out.echoes;
    else
      ++out.mentions;
    if (!trouble.echo) authors.insert(trouble.author);
  }
  out.authors = static_cast<std::int64_t>(authors.size());
  // "other" served to take in what has no name; it is told only where there is nothing else to tell.
  if (any && out.issue != static_cast<std::uint8_t>(IssueType::other)) out.issues &= ~other_bit;
  return out;
}

}  // namespace

void mark_echoes(std::vector<Trouble>& troubles, const std::vector<std::uint64_t>& fingerprints,
                 const std::vector<std::int64_t>& text_bytes) {
  std::unordered_map<std::uint64_t, std::int64_t> last;
  for (std::size_t i = 0; i < troubles.size(); ++i) {
    if (fingerprints[i] == 0 || text_bytes[i] < echo_bytes) continue;
    const auto [at, fresh] = last.emplace(fingerprints[i], troubles[i].at_ms);
    troubles[i].echo = !fresh && troubles[i].at_ms - at->second <= echo_ms;
    at->second = troubles[i].at_ms;
  }
}

std::vector<FoundIncident> detect_incidents(const DetectInput& input) {
  std::uint64_t issues = 0;
  for (const auto& trouble : input.troubles) issues |= trouble.issues;
  issues &= ~never;
  std::vector<Run> runs = IssueWatch(input, any_issue).runs();
  for (std::uint8_t issue = 0; issue < 64; ++issue) {
    if ((issues >> issue & 1U) == 0) continue;
    const auto found = IssueWatch(input, issue).runs();
    runs.insert(runs.end(), found.begin(), found.end());
  }
  std::vector<std::set<std::uint64_t>> authors;
  for (const auto& run : runs) authors.push_back(authors_of(input, run));
  std::vector<std::size_t> group(runs.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  for (std::size_t a = 0; a < runs.size(); ++a)
    for (std::size_t b = a + 1; b < runs.size(); ++b)
      if (group[a] != group[b] && related(runs[a], authors[a], runs[b], authors[b]))
        std::ranges::replace(group, std::size_t{group[b]}, std::size_t{group[a]});
  std::map<std::size_t, std::vector<Run>> groups;
  for (std::size_t i = 0; i < runs.size(); ++i) groups[group[i]].push_back(runs[i]);
  std::vector<FoundIncident> out;
  for (const auto& [name, members] : groups) out.push_back(merge(input, members));
  std::ranges::sort(out, {}, [](const FoundIncident& f) { return std::pair(f.fired.at_ms, f.issue); });
  return out;
}

}  // namespace earshot::insight
