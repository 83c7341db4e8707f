// The brief: is it normal, what broke, what moved, who waits.
#include "core/base/text.hpp"
#include "daemon/report/parts.hpp"

namespace earshot::report {
namespace {

constexpr std::size_t issues_max = 8, incidents_max = 5;

Table issue_table(const Request& request, const insight::Summary& summary) {
  Table out{.columns = {{"issue"},
                        {"mentions", true},
                        {"negative", true},
                        {"share", true},
                        {"seven days", true},
                        {"usual", true}},
            .none = "no mention yet"};
  for (const auto& row : summary.issues) {
    if (row.name == "other" || row.name == "praise" || out.rows.size() == issues_max) continue;
    out.rows.push_back(
        {printable(row.name), Cell(std::to_string(row.mentions), mentions(request, {.issue = row.name})),
         Cell(std::to_string(row.negative), mentions(request, {.polarity = "negative", .issue = row.name})),
         percent(row.share), row.week.value ? number(*row.week.value) : "–",
         row.week.weeks > 0 ? number(row.week.usual) + " ± " + number(row.week.spread) : "–"});
  }
  return out;
}

Findings incident_list(const Request& request, const insight::Summary& summary) {
  Findings out{.none = "No widespread problem."};
  for (const auto& row : summary.incidents) {
    if (out.list.size() == incidents_max) break;
    Finding one{.title = printable(row.title),
                .text = minute(row.started_at) + " to " + minute(row.last_at) + " UTC, " + row.state +
                        ", severity " + std::to_string(row.severity) +
                        " of 10: " + std::to_string(row.authors) + " people; " + number(row.expected, 1) +
                        " an hour is usual.",
                .behind = {.target = "/api/v1/incidents/" + std::to_string(row.id.value),
                           .command = "earshot incident show " + std::to_string(row.id.value)}};
    if (auto first = quote(request, row.first_mention)) one.quotes.push_back(std::move(*first));
    out.list.push_back(std::move(one));
  }
  return out;
}

Figures figures(const Request& request, const insight::Summary& s) {
  const auto week = mentions(request, {.since = s.last_week.from});
  const auto show = [](const insight::AgainstUsual& m, int decimals, bool with_sign) {
    return !m.value ? "–" : with_sign ? signed_number(*m.value, decimals) : number(*m.value, decimals);
  };
  return {
      {{.name = "Mentions in seven days",
        .value = show(s.volume, 0, false),
        .usual = usual(s.volume, 0),
        .behind = week},
       {.name = "People", .value = show(s.authors, 0, false), .usual = usual(s.authors, 0), .behind = week},
       {.name = "Net sentiment",
        .value = show(s.net_sentiment, 2, true),
        .usual = usual(s.net_sentiment, 2, true),
        .mood = mood(s.net_sentiment, true),
        .behind = week},
       {.name = "People who wrote negatively",
        .value = percent(s.negative_author_share.value),
        .usual = s.negative_author_share.weeks == 0
                     ? usual(s.negative_author_share, 2)
                     : "usual " + percent(s.negative_author_share.usual) + " ± " +
                           number(s.negative_author_share.spread * 100) + " (" +
                           std::to_string(s.negative_author_share.weeks) + " weeks)",
        .mood = mood(s.negative_author_share, false),
        .behind = mentions(request, {.polarity = "negative", .since = s.last_week.from})}}};
}

}  // namespace

Result<Report> build_brief(const Request& request) {
  const auto input = request.input();
  const auto summary = insight::summarise(input, request.since, request.until);
  if (!summary) return unexpected(summary.error());
  const auto drivers = insight::find_drivers(input, request.since, request.until);
  if (!drivers) return unexpected(drivers.error());
  auto volume = daily(request, false), net = daily(request, true);
  if (!volume || !net) return unexpected(!volume ? volume.error() : net.error());
  auto heard = gaps(request, *summary), trust = accuracy(request);
  if (!heard || !trust) return unexpected(!heard ? heard.error() : trust.error());
  Report out{.title = "Brief"};
  out.sections.push_back({.title = "Are we normal?", .blocks = {figures(request, *summary)}});
  out.sections.push_back({.title = "Volume", .blocks = {std::move(*volume)}, .half = true});
  out.sections.push_back({.title = "Sentiment", .blocks = {std::move(*net)}, .half = true});
  out.sections.push_back({.title = "What broke?", .blocks = {incident_list(request, *summary)}});
  out.sections.push_back(
      {.title = "What moved sentiment?", .blocks = {driver_bars(request, *drivers, 8)}, .half = true});
  out.sections.push_back({.title = "Issue types", .blocks = {issue_table(request, *summary)}, .half = true});
  out.sections.push_back(std::move(*heard));
  out.sections.push_back(std::move(*trust));
  out.notes.emplace_back(insight::net_sentiment_formula);
  out.notes.emplace_back(
      "usual: median ± spread of up to eight weeks before; coloured when two spreads away from it");
  return out;
}

}  // namespace earshot::report
