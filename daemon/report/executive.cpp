// The executive page: five numbers, three risks, three wins, money, targets, and how far to trust all of it.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/series/robust.hpp"
#include "core/base/text.hpp"
#include "core/model/identity.hpp"
#include "daemon/report/parts.hpp"
#include "insight/ror.hpp"
#include "store/content.hpp"

namespace earshot::report {
namespace {

constexpr std::size_t findings_max = 3, bars_max = 6;
constexpr std::size_t looked_at_max = 300;
constexpr std::chrono::hours week{168};

/// How long the brand took to answer in the last seven days, against the weeks before, each by its days.
Result<insight::AgainstUsual> response_time(const Request& request) {
  constexpr int weeks_before = 8;
  insight::AgainstUsual out;
  std::vector<double> before;
  for (int i = 0; i <= weeks_before; ++i) {
    const auto from = request.until - (i + 1) * week;
    const auto days = request.reader.response_days(request.brand.id, from, from + week);
    if (!days) return unexpected(days.error());
    const auto median = insight::summarise_response(*days).median_s;
    if (!median) continue;
    if (i == 0)
      out.value = static_cast<double>(*median);
    else
      before.push_back(static_cast<double>(*median));
  }
  out.weeks = static_cast<int>(before.size());
  if (before.empty()) return out;
  std::vector<analysis::Weighted> values;
  for (const auto v : before) values.push_back({.value = v});
  const auto usual_time = analysis::robust_value(values, 60);
  out.usual = usual_time.centre;
  out.spread = usual_time.spread;
  return out;
}

Figure volume_figure(const Request& request, const insight::Summary& s) {
  return {.name = "Mentions in seven days",
          .value = number(s.volume.value.value_or(0)),
          .usual = usual(s.volume, 0),
          .behind = mentions(request, {.since = request.until - week})};
}

Figure net_figure(const Request& request, const insight::Summary& s) {
  return {.name = "Net sentiment",
          .value = s.net_sentiment.value ? signed_number(*s.net_sentiment.value, 2) : "–",
          .usual = usual(s.net_sentiment, 2, true),
          .mood = mood(s.net_sentiment, true),
          .behind = mentions(request, {.since = request.until - week})};
}

Figure response_figure(const Request& request, const insight::AgainstUsual& time) {
  Figure out{.name = "First reply, median",
             .value = time.value ? span(static_cast<std::int64_t>(*time.value)) : "–",
             .mood = mood(time, false),
             .behind = mentions(request, {.since = request.until - week, .contact = true})};
  out.usual = time.weeks == 0 ? "no earlier week to compare with yet"
                              : "usual " + span(static_cast<std::int64_t>(time.usual)) + " ± " +
                                    span(static_cast<std::int64_t>(time.spread)) + " (" +
                                    std::to_string(time.weeks) + " weeks)";
  return out;
}

std::string since_until(const Request& request) {
  return "&since=" + day(request.since) + "&until=" + day(request.until + std::chrono::hours(24));
}
std::string since_until_options(const Request& request) {
  return " --since " + day(request.since) + " --until " + day(request.until + std::chrono::hours(24));
}

Figure won_figure(const Request& request, const insight::RoiSummary& roi) {
  const auto won = outcomes(roi, "converted");
  std::int64_t ended = 0;
  for (const auto& month : roi.months) ended += month.total();
  ended -= outcomes(roi, "open");
  return {.name = "Unhappy people won back",
          .value = std::to_string(won),
          .usual = ended > 0 ? percent(static_cast<double>(won) / static_cast<double>(ended)) + " of " +
                                   std::to_string(ended) + " stories that ended; " +
                                   std::to_string(outcomes(roi, "converted_alone")) + " came round alone"
                             : "no story has ended yet",
          .behind =
              list(request, "/api/v1/journeys", "earshot people", "&outcome=converted" + since_until(request),
                   " --outcome converted" + since_until_options(request))};
}

Figure risk_figure(const Request& request, const insight::RoiSummary& roi) {
  const auto queue = list(request, "/api/v1/queue", "earshot queue");
  if (!roi.exposure)
    return {.name = "People who complain and wait",
            .value = std::to_string(roi.waiting_people),
            .usual = "no money: [[money]] does not say what a customer is worth",
            .behind = queue};
  return {.name = "At risk while people wait",
          .value = number(roi.exposure->expected) + " " + printable(roi.assumptions->currency),
          .usual = number(roi.exposure->low) + " to " + number(roi.exposure->high) + "; " +
                   std::to_string(roi.waiting_people) + " people wait; assumptions below",
          .behind = queue};
}

/// Types that say what something is about.
bool named(unsigned issue) {
  return issue != analysis::no_group && issue != static_cast<unsigned>(IssueType::other);
}

std::string reason_text(const std::vector<insight::Reason>& reasons) {
  if (reasons.empty()) return {};
  return " People say: \"" + printable(reasons.front().phrase) + "\" (" +
         std::to_string(reasons.front().authors) + ").";
}

Finding driver_finding(const Request& request, const insight::Drivers& drivers, const insight::Driver& row) {
  const bool bad = row.part.total() < 0;
  Finding out{.title = printable(row.name == "none" ? "what has no issue type" : row.name) +
                       (bad ? " pulls" : " lifts") + " net sentiment by " +
                       signed_number(row.part.total(), 3),
              .behind = mentions(request, {.polarity = bad ? "negative" : "positive",
                                           .issue = row.name,
                                           .since = drivers.since,
                                           .until = drivers.until})};
  const bool chance = bad ? row.part.high >= 0 : row.part.low <= 0;
  if (chance) out.title += ", which could be chance";
  out.text = std::to_string(row.mentions) + " mentions, " + percent(row.part.share, 1) + " of all (usual " +
             percent(row.part.usual_share, 1) + "), net " + signed_number(row.part.mean, 2) + " (usual " +
             signed_number(row.part.usual_mean, 2) + ")." + reason_text(row.reasons);
  if (row.issue != analysis::no_group)
    out.quotes = quotes(request,
                        {.brand = request.brand.id,
                         .since = drivers.since,
                         .until = drivers.until,
                         .polarity = bad ? Polarity::negative : Polarity::positive,
                         .issue = static_cast<IssueType>(row.issue),
                         .counted = true,
                         .limit = looked_at_max},
                        1);
  return out;
}

Finding incident_finding(const Request& request, const store::IncidentRow& row) {
  Finding out{
      .title =
          printable(row.title) + " (" + row.state + ", severity " + std::to_string(row.severity) + " of 10)",
      .text = minute(row.started_at) + " to " + minute(row.last_at) + " UTC: " + std::to_string(row.authors) +
              " people in " + std::to_string(row.mentions) + " mentions; " + number(row.expected, 1) +
              " an hour is usual, the alarm is at " + number(row.threshold, 1) + ".",
      .behind = {.target = "/api/v1/incidents/" + std::to_string(row.id.value),
                 .command = "earshot incident show " + std::to_string(row.id.value)}};
  if (auto first = quote(request, row.first_mention)) out.quotes.push_back(std::move(*first));
  return out;
}

/// Who waits longest and loudest, as one risk.
Result<std::optional<Finding>> waiting_finding(const Request& request, const insight::RoiSummary& roi) {
  const auto rows = request.reader.waiting(request.brand.id, 1);
  if (!rows) return unexpected(rows.error());
  if (rows->empty() || roi.waiting_people == 0) return std::optional<Finding>();
  Finding out{.title = std::to_string(roi.waiting_people) + " people complain or threaten to leave, and wait",
              .text = "The most urgent has " + std::to_string(rows->front().priority) + " of 100 points.",
              .behind = list(request, "/api/v1/queue", "earshot queue")};
  if (auto first = quote(request, rows->front().id)) out.quotes.push_back(std::move(*first));
  return std::optional(std::move(out));
}

Result<Findings> risks(const Request& request, const insight::Summary& summary,
                       const insight::Drivers& drivers, const insight::RoiSummary& roi) {
  Findings out{
      .none = "No widespread problem, nothing that pulls sentiment down beyond chance, nobody who waits."};
  auto incidents = summary.incidents;
  std::ranges::stable_sort(incidents, [](const auto& a, const auto& b) {
    return std::tuple(b.state == "open", b.severity) < std::tuple(a.state == "open", a.severity);
  });
  for (const auto& row : incidents)
    if (out.list.size() + 2 < findings_max + 1) out.list.push_back(incident_finding(request, row));
  auto waiting = waiting_finding(request, roi);
  if (!waiting) return unexpected(waiting.error());
  const std::size_t left = findings_max - (*waiting ? 1 : 0);
  // First those that are clear of chance, then, said so, the strongest of the others.
  for (const bool clear : {true, false})
    for (const auto& row : drivers.rows)
      if (out.list.size() < left && row.part.total() < 0 && (row.part.high < 0) == clear && named(row.issue))
        out.list.push_back(driver_finding(request, drivers, row));
  if (*waiting) out.list.push_back(std::move(**waiting));
  return out;
}

/// Praise that was read by most people.
std::vector<Finding> praised(const Request& request, std::size_t most) {
  std::vector<Finding> out;
  for (auto& one : quotes(request,
                          {.brand = request.brand.id,
                          .since = request.since,
                          .until = request.until,
                          .polarity = Polarity::positive,
                          .issue = IssueType::praise,
                          .counted = true,
                          .limit = looked_at_max},
                          most))
    out.push_back({.title = "Praise, by one of the most followed who gave it",
                   .quotes = {std::move(one)},
                   .behind = mentions(request, {.polarity = "positive", .issue = "praise"})});
  return out;
}

/// Stories that customers agreed to, by the post with which they began.
Result<std::set<MentionId>> told_stories(const Request& request) {
  const auto stories =
      request.reader.content().stories(request.brand.id, Timestamp{}, request.until, "given", looked_at_max);
  if (!stories) return unexpected(stories.error());
  std::set<MentionId> out;
  for (const auto& story : *stories) out.insert(story.journey.rant);
  return out;
}

/// One who was won back, quoted and named only where they agreed to it: a page leaves the house.
Result<std::optional<Finding>> story_finding(const Request& request, const insight::RoiSummary& roi) {
  if (roi.conversions.empty()) return std::optional<Finding>();
  const auto agreed = told_stories(request);
  if (!agreed) return unexpected(agreed.error());
  const auto found = [&](const store::JourneyRow& row, std::string who) {
    return Finding{.title = "Won back: " + std::move(who),
                   .text = "From complaint to praise in " +
                           span(std::chrono::duration_cast<std::chrono::seconds>(
                                    identity::time_of(*row.last) - identity::time_of(row.rant))
                                    .count()) +
                           ", after our answer.",
                   .behind = list(request, "/api/v1/journeys", "earshot people",
                                  "&outcome=converted" + since_until(request),
                                  " --outcome converted" + since_until_options(request))};
  };
  for (const auto& row : roi.conversions) {
    if (!agreed->contains(row.rant)) continue;
    auto rant = quote(request, row.rant), happy = quote(request, *row.last);
    if (!rant || !happy) continue;
    auto out = found(row, rant->author.empty() ? "a customer" : "@" + rant->author);
    out.quotes = {std::move(*rant), std::move(*happy)};
    return std::optional(std::move(out));
  }
  auto out = found(roi.conversions.front(), "a customer");
  out.text += " Not quoted: no consent is known (earshot stories).";
  return std::optional(std::move(out));
}

Result<Findings> wins(const Request& request, const insight::Drivers& drivers,
                      const insight::RoiSummary& roi) {
  Findings out{.none = "Nothing that lifts sentiment beyond chance, nobody won back, no praise."};
  auto story = story_finding(request, roi);
  if (!story) return unexpected(story.error());
  if (*story) out.list.push_back(std::move(**story));
  for (const auto& row : drivers.rows)
    if (out.list.size() < 2 && row.part.low > 0 && named(row.issue))
      out.list.push_back(driver_finding(request, drivers, row));
  for (auto& one : praised(request, findings_max - out.list.size())) out.list.push_back(std::move(one));
  return out;
}

Section money_section(const Request& request, const insight::RoiSummary& roi) {
  Section out{.title = "Money, and what it rests on", .half = true};
  if (!roi.assumptions) {
    out.blocks.emplace_back(
        Paragraph{.text = "No amount is shown: no [[money]] says what a customer who stays is worth."});
    return out;
  }
  const auto& currency = roi.assumptions->currency;
  Table table{.columns = {{"what"}, {"amount", true}, {"from", true}}};
  const auto people =
      list(request, "/api/v1/roi", "earshot roi", since_until(request), since_until_options(request));
  if (roi.saved)
    table.rows.push_back({"kept", Cell(money(*roi.saved, currency), people),
                          std::to_string(roi.conversions.size()) + " conversions"});
  if (roi.exposure)
    table.rows.push_back(
        {"at risk", Cell(money(*roi.exposure, currency), list(request, "/api/v1/queue", "earshot queue")),
         std::to_string(roi.waiting_people) + " waiting"});
  if (roi.spared)
    table.rows.push_back({"spared", Cell(money(*roi.spared, currency), people),
                          std::to_string(roi.response.answered) + " answers"});
  out.blocks.emplace_back(std::move(table));
  out.blocks.emplace_back(Paragraph{.text = "Assumed: " + assumptions(*roi.assumptions) + ".",
                                    .figure = assumptions(*roi.assumptions),
                                    .behind = people});
  return out;
}

/// What people do for the brand, never without what the figure is made of; over a year, as it fades by
/// itself.
Result<Section> relationship_section(const Request& request) {
  const auto ror = insight::return_on_relationship(request.input(), request.until - std::chrono::days(365),
                                                   request.until, request.ror_half_life);
  if (!ror) return unexpected(ror.error());
  Section out{.title = "What people do for us", .half = true};
  Table table{.columns = {{"of their own accord"}, {"events", true}, {"people", true}, {"points", true}}};
  for (const auto& one : ror->components)
    table.rows.push_back({one.kind + " × " + number(one.weight),
                          Cell(std::to_string(one.events), list(request, "/api/v1/ror", "earshot ror")),
                          std::to_string(one.people), number(one.points, 1)});
  out.blocks.emplace_back(std::move(table));
  const auto figure = number(ror->per_thousand(), 1) + " per 1,000 authors";
  out.blocks.emplace_back(Paragraph{
      .text = "Return on relationship: " + figure + " (" + std::to_string(ror->authors) +
              " in a year); points halve in " +
              number(std::chrono::duration<double, std::ratio<86'400>>(ror->half_life).count()) + " days.",
      .figure = figure,
      .behind = list(request, "/api/v1/ror", "earshot ror")});
  return out;
}

}  // namespace

Result<Report> build_executive(const Request& request) {
  const auto input = request.input();
  const auto summary = insight::summarise(input, request.since, request.until);
  if (!summary) return unexpected(summary.error());
  const auto roi = insight::summarise_roi(input, request.since, request.until, request.money);
  if (!roi) return unexpected(roi.error());
  const auto drivers = insight::find_drivers(input, request.until - week, request.until);
  if (!drivers) return unexpected(drivers.error());
  const auto time = response_time(request);
  if (!time) return unexpected(time.error());
  auto found_risks = risks(request, *summary, *drivers, *roi);
  if (!found_risks) return unexpected(found_risks.error());
  auto found_wins = wins(request, *drivers, *roi);
  if (!found_wins) return unexpected(found_wins.error());
  auto relationship = relationship_section(request);
  if (!relationship) return unexpected(relationship.error());
  auto net = daily(request, true);
  if (!net) return unexpected(net.error());
  auto targets = kpis(request);
  if (!targets) return unexpected(targets.error());
  auto heard = gaps(request, *summary);
  if (!heard) return unexpected(heard.error());
  auto trust = accuracy(request);
  if (!trust) return unexpected(trust.error());

  Report out{.title = "Executive page"};
  out.sections.push_back({.title = "Five numbers",
                          .blocks = {Figures{{volume_figure(request, *summary), net_figure(request, *summary),
                                              response_figure(request, *time), won_figure(request, *roi),
                                              risk_figure(request, *roi)}}}});
  out.sections.push_back({.title = "Sentiment", .blocks = {std::move(*net)}, .half = true});
  out.sections.push_back(
      {.title = "What moved it", .blocks = {driver_bars(request, *drivers, bars_max)}, .half = true});
  out.sections.push_back({.title = "Three risks", .blocks = {std::move(*found_risks)}, .half = true});
  out.sections.push_back({.title = "Three wins", .blocks = {std::move(*found_wins)}, .half = true});
  out.sections.push_back(money_section(request, *roi));
  out.sections.push_back(std::move(*relationship));
  for (auto& section : *targets) {
    section.half = true;
    out.sections.push_back(std::move(section));
  }
  // On one page only what was missed of each source matters.
  std::erase_if(std::get<Table>(heard->blocks.back()).rows,
                [](const auto& row) { return row.back().text == "0"; });
  if (std::get<Table>(heard->blocks.back()).rows.empty()) heard->blocks.pop_back();
  out.sections.push_back(std::move(*heard));
  out.sections.push_back(std::move(*trust));
  out.notes.emplace_back(insight::net_sentiment_formula);
  out.notes.emplace_back(
      "usual: median ± spread of up to eight weeks before; coloured when two spreads away from it");
  return out;
}

}  // namespace earshot::report
