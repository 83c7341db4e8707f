#include "daemon/report/parts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "analysis/series/proportion.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "delivery/escape.hpp"
#include "insight/series.hpp"

namespace earshot::report {
namespace {

constexpr std::size_t quote_bytes_max = 220, issue_rows_max = 9;
constexpr double unusual_spreads = 2;  ///< one week in twenty by chance alone

Quote quote_of(const store::MentionRow& row) {
  const auto words = row.title.empty() ? row.text : row.title + ": " + row.text;
  return {.text = delivery::clip(squeeze_space(printable(words)), quote_bytes_max),
          .author = printable(row.author_handle),
          .source = printable(row.source),
          .url = row.url,
          .at = row.created_at};
}

std::string range_text(const insight::Range& r, double factor, int decimals) {
  const auto show = [&](double v) { return number(v * factor, decimals); };
  if (r.low == r.high) return show(r.expected);
  return show(r.expected) + " (" + show(r.low) + " to " + show(r.high) + ")";
}

}  // namespace

std::string number(double value, int decimals) {
  char out[64];
  std::snprintf(out, sizeof out, "%.*f", decimals, value);
  return out;
}

std::string signed_number(double value, int decimals) {
  char out[64];
  std::snprintf(out, sizeof out, "%+.*f", decimals, value);
  return out;
}

std::string percent(double share, int decimals) { return number(share * 100, decimals) + " %"; }
std::string percent(const std::optional<double>& share, int decimals) {
  return share ? percent(*share, decimals) : "–";
}

std::string span(std::int64_t seconds) {
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 120 * 60) return std::to_string(seconds / 60) + " min";
  if (seconds < 48 * 3600)
    return number(static_cast<double>(seconds) / 3600, seconds < 10 * 3600 ? 1 : 0) + " h";
  return std::to_string(seconds / 86'400) + " days";
}

std::string day(Timestamp at) { return format_rfc3339(at).substr(0, 10); }

std::string minute(Timestamp at) {
  const auto text = format_rfc3339(at);
  return text.substr(0, 10) + " " + text.substr(11, 5);
}

std::string money(const insight::Range& range, const std::string& currency) {
  return number(range.expected) + " " + printable(currency) + " (" + number(range.low) + " to " +
         number(range.high) + ")";
}

std::string assumptions(const insight::MoneyAssumptions& a) {
  auto out =
      "A customer who stays is worth " + range_text(a.saved_customer, 1, 0) + " " + printable(a.currency);
  if (a.leaves_unanswered)
    out += ", " + range_text(*a.leaves_unanswered, 100, 0) + " % of complainers without an answer leave";
  if (a.cost_per_contact)
    out += ", a public answer spares a contact of " + range_text(*a.cost_per_contact, 1, 2) + " " +
           printable(a.currency);
  out +=
      a.from == Timestamp{} ? " ([[money]], for all time)" : " ([[money]], valid from " + day(a.from) + ")";
  return out;
}

Behind mentions(const Request& request, daemon::MentionsQuery query) {
  query.brand = request.brand.name;
  if (query.since == Timestamp{}) query.since = request.since;
  if (query.until == Timestamp{}) query.until = request.until;
  return {.target = daemon::target_of(query), .command = daemon::command_of(query)};
}

Behind list(const Request& request, const char* target, const char* command, const std::string& more,
            const std::string& more_command) {
  return {
      .target = std::string(target) + "?brand=" + percent_encode(request.brand.name) + more,
      .command = std::string(command) + " --brand " + daemon::shell_word(request.brand.name) + more_command};
}

std::string usual(const insight::AgainstUsual& metric, int decimals, bool with_sign) {
  if (metric.weeks == 0) return "no earlier week to compare with yet";
  return "usual " + (with_sign ? signed_number(metric.usual, decimals) : number(metric.usual, decimals)) +
         " ± " + number(metric.spread, decimals) + " (" + std::to_string(metric.weeks) +
         (metric.weeks == 1 ? " week)" : " weeks)");
}

Mood mood(const insight::AgainstUsual& metric, bool more_is_better) {
  const auto z = metric.z();
  if (!z || std::abs(*z) < unusual_spreads) return Mood::plain;
  return (*z > 0) == more_is_better ? Mood::good : Mood::bad;
}

std::optional<Quote> quote(const Request& request, MentionId id) {
  const auto rows = request.reader.mention(id);
  if (!rows) return std::nullopt;
  for (const auto& row : *rows)
    if (row.verdict.brand == request.brand.id && !row.deleted && !row.text.empty()) return quote_of(row);
  return std::nullopt;
}

std::vector<Quote> quotes(const Request& request, const store::MentionFilter& filter, std::size_t most) {
  auto rows = request.reader.mentions(filter);
  std::vector<Quote> out;
  if (!rows) return out;
  std::erase_if(*rows, [](const auto& row) { return row.deleted || row.text.empty(); });
  std::ranges::stable_sort(*rows, std::greater{}, &store::MentionRow::reach);
  std::vector<std::uint64_t> seen;
  for (const auto& row : *rows) {
    if (out.size() == most) break;
    if (std::ranges::find(seen, row.author_key) != seen.end()) continue;
    seen.push_back(row.author_key);
    out.push_back(quote_of(row));
  }
  return out;
}

Result<LineChart> daily(const Request& request, bool net_sentiment) {
  // A day that has only begun would look like a fall.
  const Timestamp today = std::chrono::floor<std::chrono::days>(request.until);
  const auto whole_days = today > request.since ? today : request.until;
  const auto points =
      insight::read_series(request.reader, request.brand.id,
                           {.since = request.since, .until = whole_days, .step = insight::SeriesStep::day});
  if (!points) return unexpected(points.error());
  LineChart out{.title = net_sentiment ? "Net sentiment per day" : "Mentions per day",
                .decimals = net_sentiment ? 2 : 0,
                .behind = mentions(request)};
  const LinePoint* lowest = nullptr;
  const LinePoint* highest = nullptr;
  for (const auto& point : *points) {
    LinePoint p{
        .at = point.at,
        .gap = point.gap,
        .behind = mentions(request, {.since = std::max(point.at, request.since),
                                     .until = std::min(point.at + std::chrono::hours(24), request.until)})};
    p.value = net_sentiment ? point.net_sentiment() : std::optional(static_cast<double>(point.mentions));
    p.expected = net_sentiment ? point.expected_net_sentiment : point.expected;
    p.spread = net_sentiment ? point.spread_net_sentiment : point.spread;
    out.points.push_back(p);
  }
  for (const auto& p : out.points) {
    if (p.value && (!lowest || *p.value < *lowest->value)) lowest = &p;
    if (p.value && (!highest || *p.value > *highest->value)) highest = &p;
  }
  const auto show = [&](double v) { return net_sentiment ? signed_number(v, 2) : number(v); };
  if (lowest)
    out.words = out.title + " from " + day(out.points.front().at) + " to " + day(out.points.back().at) +
                ": lowest " + show(*lowest->value) + " on " + day(lowest->at) + ", highest " +
                show(*highest->value) + " on " + day(highest->at) + "; the band is what was usual.";
  else
    out.words = out.title + ": nothing was heard.";
  return out;
}

BarChart driver_bars(const Request& request, const insight::Drivers& drivers, std::size_t most) {
  BarChart out{.title = "What moved net sentiment, by issue type", .decimals = 3};
  for (const auto& row : drivers.rows) {
    if (out.bars.size() == most) break;
    out.bars.push_back(
        {.label = printable(row.name),
         .value = row.part.total(),
         .low = row.part.low,
         .high = row.part.high,
         .behind = mentions(request, {.issue = row.name, .since = drivers.since, .until = drivers.until})});
  }
  out.caption = "Net sentiment " + signed_number(drivers.total.mean, 2) + " against " +
                signed_number(drivers.total.usual_mean, 2) + " in the " + std::to_string(drivers.weeks) +
                " weeks before, a difference of " + signed_number(drivers.total.difference(), 3) + " (95 % " +
                signed_number(drivers.total.low, 3) + " to " + signed_number(drivers.total.high, 3) + ").";
  out.words = out.caption;
  for (std::size_t i = 0; i < out.bars.size(); ++i)
    out.words += std::string(i == 0 ? " By issue type: " : ", ") + out.bars[i].label + " " +
                 signed_number(out.bars[i].value, 3);
  out.words += ".";
  return out;
}

Result<Section> gaps(const Request& request, const insight::Summary& summary) {
  Table table{.columns = {{"source"}, {"mentions", true}, {"hours not heard", true}},
              .none = "no source yet"};
  for (const auto& source : summary.sources)
    table.rows.push_back(
        {printable(source.name),
         Cell(std::to_string(source.mentions), mentions(request, {.source = source.name})),
         Cell(std::to_string(source.gap_hours), {.target = "/api/v1/sources", .command = "earshot status"})});
  Section out{.title = "What was heard", .half = true};
  Paragraph deaf{.text = "No hour in which sources of weight were deaf."};
  if (summary.total.gap_hours != 0) {
    deaf.figure = std::to_string(summary.total.gap_hours) + " hours";
    deaf.text = deaf.figure +
                " in which sources with more than a tenth of the mentions were deaf: counts are too low "
                "there, and they are left out of what is usual.";
    deaf.behind = {.target = "/api/v1/sources", .command = "earshot status"};
  }
  out.blocks.emplace_back(std::move(deaf));
  out.blocks.emplace_back(std::move(table));
  return out;
}

Result<Section> accuracy(const Request& request) {
  const auto rows = request.reader.accuracy(request.brand.id);
  if (!rows) return unexpected(rows.error());
  Section out{.title = "How far to trust the verdicts", .half = true};
  if (rows->empty()) {
    out.blocks.emplace_back(Paragraph{
        .text = "Nobody has labelled mentions of this brand yet, so the accuracy of its verdicts is unknown. "
                "`earshot review` takes ten minutes."});
    return out;
  }
  const auto version = rows->front().lexicon_version;
  const auto show = [](const std::optional<store::LabelShare>& e) {
    return e ? percent(e->value) + " (" + number(e->low * 100) + " to " + number(e->high * 100) + ")" : "–";
  };
  const auto agreement = show(rows->front().agreement);
  out.blocks.emplace_back(Paragraph{
      .text = "Polarity agrees with people's labels on " + agreement + " of all mentions, by " +
              std::to_string(rows->front().labels) + " labels (" + std::to_string(rows->front().drawn) +
              " drawn by chance; lexicon " + std::to_string(version) + ", Wilson's 95 % interval).",
      .figure = agreement,
      .behind = list(request, "/api/v1/labels", "earshot labels export")});
  Table table{.columns = {{"polarity"}, {"precision", true}, {"recall", true}, {"labels", true}}};
  for (const auto& row : *rows) {
    if (row.lexicon_version != version) continue;
    table.rows.push_back({row.polarity,
                          Cell(show(row.precision), list(request, "/api/v1/labels", "earshot labels export")),
                          show(row.recall), std::to_string(row.meant)});
  }
  out.blocks.emplace_back(std::move(table));
  const auto issues = request.reader.issue_accuracy(request.brand.id);
  if (!issues) return unexpected(issues.error());
  Table types{.columns = {{"issue type"}, {"precision", true}, {"recall", true}, {"labels", true}}};
  for (const auto& row : *issues) {
    if (row.lexicon_version != version || types.rows.size() == issue_rows_max) continue;
    types.rows.push_back({printable(row.issue == "*" ? "all together" : row.issue),
                          Cell(show(row.precision), list(request, "/api/v1/labels", "earshot labels export")),
                          show(row.recall), std::to_string(row.meant)});
  }
  if (!types.rows.empty()) out.blocks.emplace_back(std::move(types));
  return out;
}

Result<std::vector<Section>> kpis(const Request& request) {
  std::vector<Section> out;
  const insight::MetricSettings settings{.money = request.money, .competitors = request.competitors};
  const auto results = insight::measure_kpis(request.input(), request.kpis, settings);
  if (!results) return unexpected(results.error());
  if (results->empty()) return out;
  Table table{.columns = {{"figure"}, {"actual", true}, {"target", true}, {"met"}, {"owner"}}};
  for (const auto& one : *results) {
    const auto show = [&](double v) {
      if (one.unit == "seconds") return span(static_cast<std::int64_t>(v));
      const auto text = number(v, std::abs(v) < 10 && v != std::round(v) ? 2 : 0);
      return one.unit.empty() || one.unit == "ratio" ? text : text + " " + printable(one.unit);
    };
    const auto met = one.met();
    table.rows.push_back({printable(one.kpi.name),
                          Cell(one.actual ? show(*one.actual) : "– (" + printable(one.problem) + ")",
                               list(request, "/api/v1/kpis", "earshot kpi")),
                          one.kpi.target
                              ? std::string(one.kpi.direction == insight::Direction::higher ? "≥ " : "≤ ") +
                                    show(*one.kpi.target)
                              : "–",
                          met ? (*met ? "yes" : "no") : "–", printable(one.kpi.owner)});
  }
  out.push_back({.title = "Against our targets", .blocks = {std::move(table)}});
  return out;
}

std::int64_t outcomes(const insight::RoiSummary& roi, const char* outcome) {
  std::int64_t sum = 0;
  for (const auto& month : roi.months)
    if (const auto found = month.outcomes.find(outcome); found != month.outcomes.end()) sum += found->second;
  return sum;
}

}  // namespace earshot::report
