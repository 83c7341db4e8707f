// baseline: what is normal for each hour of the week, and how the last seven days compare.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "analysis/series/baseline.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/model/identity.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/mentions_query.hpp"

namespace earshot::cli {
namespace {

constexpr auto hour = std::chrono::hours(1);

/// 0 is Monday 00:00 UTC; 1970-01-01 was a Thursday.
int hour_of_week(Timestamp at) {
  const auto hours = to_ms(at) / 3'600'000;
  return static_cast<int>((hours + 72) % 168);
}

/// The metric of one hour, summed over the sources that count.
std::optional<double> value_of(const std::vector<store::HourRow>& rows, const std::string& metric) {
  store::HourRow sum;
  for (const auto& row : rows) {
    sum.mentions += row.mentions;
    sum.positive += row.positive;
    sum.neutral += row.neutral;
    sum.negative += row.negative;
    sum.authors.merge(row.authors);
    sum.negative_authors.merge(row.negative_authors);
  }
  if (metric == "volume") return static_cast<double>(sum.mentions);
  const auto authors = static_cast<double>(sum.authors.estimate());
  if (metric == "authors") return authors;
  const auto scored = static_cast<double>(sum.positive + sum.neutral + sum.negative);
  if (metric == "net_sentiment" && scored > 0)
    return static_cast<double>(sum.positive - sum.negative) / scored;
  if (metric == "negative_author_share" && authors > 0)
    return static_cast<double>(sum.negative_authors.estimate()) / authors;
  return std::nullopt;
}

/// Mentions or people of one issue type per hour.
Result<std::map<Timestamp, double>> issue_hours(store::Reader& reader, BrandId brand, unsigned issue,
                                                const Window& window, bool people) {
  constexpr std::size_t page_rows = 10'000;
  store::HistoryPage page{.brand = brand, .since = window.since, .until = window.until, .limit = page_rows};
  std::map<Timestamp, std::int64_t> mentions;
  std::map<Timestamp, std::set<std::uint64_t>> authors;
  for (bool more = true; more;) {
    auto rows = reader.issue_mentions(page);
    if (!rows) return unexpected(rows.error());
    more = rows->size() == page_rows;
    if (more) page.before = rows->back().id;
    for (const auto& row : *rows) {
      if ((row.issues >> issue & 1U) == 0) continue;
      const Timestamp at = std::chrono::floor<std::chrono::hours>(identity::time_of(row.id));
      ++mentions[at];
      if (row.author_key != 0) authors[at].insert(row.author_key);
    }
  }
  std::map<Timestamp, double> out;
  for (const auto& [at, count] : mentions)
    out[at] = static_cast<double>(people ? static_cast<std::int64_t>(authors[at].size()) : count);
  return out;
}

struct Compared {
  Timestamp at;
  std::optional<double> value;
  store::BaselineRow expected;
};

}  // namespace

int baseline(const Options& options) {
  static const std::vector<std::string> metrics = {"volume", "authors", "net_sentiment",
                                                   "negative_author_share", "response_time"};
  if (std::ranges::find(metrics, options.metric) == metrics.end())
    return fail("--metric is volume, authors, net_sentiment, negative_author_share or response_time", 2);
  if (!options.issue.empty() && options.metric != "volume" && options.metric != "authors")
    return fail("an issue type has a baseline of volume and authors: give --metric volume or authors", 2);
  if (!options.source.empty() && (!options.issue.empty() || options.metric == "response_time"))
    return fail("issue types and response times have baselines of all sources together: leave out --source",
                2);
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto window = window_of(**reader, options, 7);
  if (!window) return fail(window.error().message, 2);
  SourceId source;
  if (!options.source.empty()) {
    auto sources = (*reader)->sources();
    if (!sources) return fail(sources.error().message);
    for (const auto& row : *sources)
      if (row.name == options.source) source = row.id;
    if (!source) return fail("there is no source '" + options.source + "'", 2);
  }
  store::MentionFilter named;
  if (auto status = daemon::filter_issue(**reader, options.issue, named); !status)
    return fail(status.error().message, 2);
  if (named.no_issue) return fail("--issue is the name of an issue type, such as billing", 2);
  const int issue = named.issue ? static_cast<int>(*named.issue) : store::every_issue;
  auto rows = (*reader)->baseline(brand->id, source, options.metric, issue);
  if (!rows) return fail(rows.error().message);
  auto hours = (*reader)->hours(brand->id, window->since, window->until);
  if (!hours) return fail(hours.error().message);
  std::map<Timestamp, std::vector<store::HourRow>> by_hour;
  for (const auto& row : *hours)
    if (!source || row.source == source) by_hour[row.hour_at].push_back(row);
  std::map<Timestamp, double> of_issue;
  if (named.issue) {
    auto found = issue_hours(**reader, brand->id, static_cast<unsigned>(*named.issue), *window,
                             options.metric == "authors");
    if (!found) return fail(found.error().message);
    of_issue = std::move(*found);
  }
  std::vector<Compared> compared;
  for (auto at = std::chrono::ceil<std::chrono::hours>(window->since); at + hour <= window->until;
       at += hour) {
    for (const auto& expected : *rows)
      if (expected.hour_of_week == hour_of_week(at))
        compared.push_back({at,
                            named.issue ? std::optional(of_issue[at]) : value_of(by_hour[at], options.metric),
                            expected});
  }
  if (options.json) {
    JsonWriter out;
    out.begin_object()
        .field("brand", brand->name)
        .field("metric", options.metric)
        .field("source", source ? options.source : "*")
        .field("issue", named.issue ? options.issue : "*");
    out.key("hours").begin_array();
    for (const auto& row : *rows)
      out.begin_object()
          .field("hour_of_week", row.hour_of_week)
          .field("centre", row.centre)
          .field("spread", row.spread)
          .field("weeks", row.weeks)
          .field("warm_up", row.weeks < analysis::weeks_wanted)
          .end_object();
    out.end_array().key("observed").begin_array();
    for (const auto& c : compared)
      out.begin_object()
          .field("hour_at", format_rfc3339(c.at))
          .field("value", c.value)
          .field("expected", c.expected.centre)
          .field("spread", c.expected.spread)
          .end_object();
    out.end_array().end_object();
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  if (rows->empty()) {
    std::printf(
        "No baseline yet: it needs two weeks of history, and the daemon works it out every few minutes.\n");
    return 0;
  }
  static constexpr const char* names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const auto what = options.metric + (named.issue ? " of " + options.issue : "");
  std::printf("%s: usual %s per hour, Monday to Sunday UTC (%d weeks of history)\n",
              paint(Colour::bold, brand->name).c_str(), what.c_str(),
              std::ranges::max_element(*rows, {}, &store::BaselineRow::weeks)->weeks);
  const auto warming = std::ranges::count_if(
      *rows, [](const store::BaselineRow& row) { return row.weeks < analysis::weeks_wanted; });
  if (warming > 0)
    std::printf("%s\n",
                paint(Colour::yellow, "warming up: " + std::to_string(warming) + " of " +
                                          std::to_string(rows->size()) +
                                          " hours of the week rest on fewer than three weeks and on their "
                                          "neighbours")
                    .c_str());
  for (int day = 0; day < 7; ++day) {
    std::vector<double> line;
    double sum = 0;
    int count = 0;
    // Net sentiment runs from −1 to 1; a line of blocks needs a floor of zero.
    const double lift = options.metric == "net_sentiment" ? 1 : 0;
    for (const auto& row : *rows)
      if (row.hour_of_week / 24 == day) {
        line.push_back(row.centre + lift);
        sum += row.centre;
        ++count;
      }
    std::printf("  %s  %s  %s\n", names[day], sparkline(line).c_str(),
                count ? (signed_number(sum / count, 2) + " on average").c_str() : "");
  }
  std::ranges::sort(compared, std::greater{}, [](const Compared& c) {
    return c.value ? std::abs(*c.value - c.expected.centre) / std::max(c.expected.spread, 1e-9) : 0.0;
  });
  if (options.metric == "response_time") return 0;
  std::printf("\nFarthest from usual between %s and %s:\n", show_time(window->since).c_str(),
              show_time(window->until).c_str());
  for (std::size_t i = 0; i < compared.size() && i < 5; ++i) {
    const auto& c = compared[i];
    if (!c.value) continue;
    const double z = (*c.value - c.expected.centre) / std::max(c.expected.spread, 1e-9);
    std::printf("  %s  %.2f, usual %.2f ± %.2f: %s spreads\n", show_time(c.at).c_str(), *c.value,
                c.expected.centre, c.expected.spread, signed_number(z, 1).c_str());
  }
  return 0;
}

CommandSpec baseline_command() {
  return {.name = "baseline",
          .group = CommandGroup::look,
          .purpose = "What is normal, and how the last week differs",
          .examples =
              "  earshot baseline --brand Acme\n  earshot baseline --brand Acme --metric net_sentiment\n"
              "  earshot baseline --brand Acme --issue billing --metric authors",
          .run = baseline,
          .options =
              reading_options() +
              OptionList{
                  {.names = "--issue",
                   .target = &Options::issue,
                   .help = "Of one issue type: volume or authors, of all sources",
                   .known = known_issues()},
                  {.names = "--metric",
                   .target = &Options::metric,
                   .help = "volume, authors, net_sentiment, negative_author_share or response_time (seconds)",
                   .known = {"volume", "authors", "net_sentiment", "negative_author_share", "response_time"},
                   .shows_default = true},
                  {.names = "--source",
                   .target = &Options::source,
                   .help = "Name of the source (default: all together)",
                   .kind = ValueKind::source}}};
}

}  // namespace earshot::cli
