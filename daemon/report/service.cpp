// The service report: who waits, how soon answers came, and how the stories went on.
#include <algorithm>

#include "core/base/text.hpp"
#include "daemon/report/parts.hpp"

namespace earshot::report {
namespace {

constexpr std::size_t waiting_max = 12;

Result<Table> waiting(const Request& request) {
  const auto rows = request.reader.waiting(request.brand.id, waiting_max);
  if (!rows) return unexpected(rows.error());
  Table out{.columns = {{"priority", true}, {"written"}, {"by"}, {"where"}, {"what"}, {"owner"}},
            .none = "Nobody waits."};
  for (const auto& row : *rows) {
    const auto words = quote(request, row.id);
    if (!words) continue;
    Cell text(words->text, {.target = "/api/v1/mentions/" + std::to_string(row.id.value),
                            .command = "earshot explain " + std::to_string(row.id.value)});
    Cell where(words->source);
    where.url = words->url;
    out.rows.push_back({std::to_string(row.priority), minute(words->at), words->author, std::move(where),
                        std::move(text), printable(row.owner)});
  }
  return out;
}

Result<Table> response(const Request& request) {
  const auto days = request.reader.response_days(request.brand.id, request.since, request.until);
  if (!days) return unexpected(days.error());
  const auto sources = request.reader.sources();
  if (!sources) return unexpected(sources.error());
  Table out{.columns = {{"source"}, {"asked", true}, {"answered", true}, {"share", true}, {"median", true}},
            .none = "Nobody asked for an answer."};
  for (const auto& source : *sources) {
    std::vector<store::ResponseDay> of_source;
    for (const auto& row : *days)
      if (row.source == source.id) of_source.push_back(row);
    const auto sum = insight::summarise_response(of_source);
    if (sum.contacts == 0) continue;
    out.rows.push_back(
        {printable(source.name),
         Cell(std::to_string(sum.contacts), mentions(request, {.source = source.name, .contact = true})),
         std::to_string(sum.answered), percent(sum.answered_share()),
         sum.median_s ? span(*sum.median_s) : "–"});
  }
  return out;
}

Table stories(const Request& request, const insight::RoiSummary& roi) {
  Table out{.columns = {{"how it went on"}, {"people", true}}};
  constexpr std::pair<const char*, const char*> names[] = {{"converted", "praise us now, after our answer"},
                                                           {"converted_alone", "came round without one"},
                                                           {"angry", "are angry still, after our answer"},
                                                           {"silent", "said nothing more after it"},
                                                           {"unanswered", "had no answer"},
                                                           {"open", "too early to say"}};
  const auto period =
      "&since=" + day(request.since) + "&until=" + day(request.until + std::chrono::hours(24));
  for (const auto& [outcome, words] : names)
    out.rows.push_back({words, Cell(std::to_string(outcomes(roi, outcome)),
                                    list(request, "/api/v1/journeys", "earshot people",
                                         std::string("&outcome=") + outcome + period,
                                         std::string(" --outcome ") + outcome))});
  return out;
}

/// What presses today: targets, promises, praise, money at risk, and what marketing does meanwhile.
Result<Figures> today(const Request& request, const insight::RoiSummary& roi) {
  constexpr std::size_t counted_max = 10'000;
  auto& reader = request.reader;
  const auto brand = request.brand.id;
  const auto queue = list(request, "/api/v1/queue", "earshot queue");
  const auto waiting = reader.waiting(brand, counted_max);
  if (!waiting) return unexpected(waiting.error());
  const auto late = std::ranges::count_if(
      *waiting, [&](const store::WaitingRow& row) { return row.due_at && *row.due_at < request.until; });
  const bool has_targets =
      std::ranges::any_of(*waiting, [](const auto& row) { return row.due_at.has_value(); });
  Figures out;
  out.figures.push_back(
      {.name = "Wait beyond their target",
       .value = has_targets || waiting->empty() ? std::to_string(late) : "–",
       .usual = has_targets || waiting->empty() ? "" : "[[service]] answer_within sets targets",
       .behind = queue});
  if (roi.exposure)
    out.figures.push_back({.name = "At risk with those who complain and wait",
                           .value = money(*roi.exposure, roi.assumptions->currency),
                           .usual = assumptions(*roi.assumptions),
                           .behind = queue});

  const auto midnight = std::chrono::floor<std::chrono::days>(request.until);
  const auto promises = reader.people().promises(brand, request.since, request.until, "", counted_max);
  if (!promises) return unexpected(promises.error());
  const auto due = std::ranges::count_if(*promises, [&](const store::PromiseRow& row) {
    return row.state == "open" && row.due_at < midnight + std::chrono::days(1);
  });
  const auto missed = std::ranges::count(*promises, "missed", &store::PromiseRow::state);
  const auto kept = std::ranges::count(*promises, "kept", &store::PromiseRow::state);
  const auto promised = [&](const char* state) {
    return list(request, "/api/v1/promises", "earshot promises", std::string("&state=") + state,
                std::string(" --state ") + state);
  };
  out.figures.push_back(
      {.name = "Promises due today", .value = std::to_string(due), .behind = promised("open")});
  out.figures.push_back({.name = "Promises missed",
                         .value = std::to_string(missed),
                         .usual = std::to_string(kept) + " were kept",
                         .behind = promised("missed")});
  const auto praise = reader.people().praise(brand, counted_max, request.until);
  if (!praise) return unexpected(praise.error());
  out.figures.push_back(
      {.name = "Praise that nobody thanked for",
       .value = std::to_string(praise->size()),
       .behind = list(request, "/api/v1/queue", "earshot queue", "&kind=praise", " --kind praise")});
  return out;
}

/// Campaigns of the day: who asks about them asks the service team.
Result<Findings> marketing(const Request& request) {
  const auto rows = request.reader.campaigns(request.brand.id);
  if (!rows) return unexpected(rows.error());
  const auto midnight = std::chrono::floor<std::chrono::days>(request.until);
  Findings out{.none = "No campaign runs or begins today."};
  for (const auto& row : *rows) {
    if (row.from >= midnight + std::chrono::days(1) || (row.to && *row.to <= request.until)) continue;
    auto text = (row.from > request.until ? "begins " : "since ") + minute(row.from) + " UTC";
    if (row.to) text += ", until " + minute(*row.to);
    if (!row.note.empty()) text += "; " + printable(row.note);
    out.list.push_back({.title = printable(row.name),
                        .text = std::move(text),
                        .behind = {.target = "/api/v1/campaigns/" + std::to_string(row.id.value),
                                   .command = "earshot campaign show " + std::to_string(row.id.value)}});
  }
  return out;
}

}  // namespace

Result<Report> build_service(const Request& request) {
  const auto input = request.input();
  const auto roi = insight::summarise_roi(input, request.since, request.until, request.money);
  if (!roi) return unexpected(roi.error());
  const auto summary = insight::summarise(input, request.since, request.until);
  if (!summary) return unexpected(summary.error());
  auto queue = waiting(request);
  if (!queue) return unexpected(queue.error());
  auto times = response(request);
  if (!times) return unexpected(times.error());
  auto pressing = today(request, *roi);
  if (!pressing) return unexpected(pressing.error());
  auto campaigns = marketing(request);
  if (!campaigns) return unexpected(campaigns.error());
  auto heard = gaps(request, *summary), trust = accuracy(request);
  if (!heard || !trust) return unexpected(!heard ? heard.error() : trust.error());
  const auto asked = mentions(request, {.contact = true});
  const auto open =
      static_cast<std::int64_t>(std::ranges::count(summary->incidents, "open", &store::IncidentRow::state));
  Report out{.title = "Service report"};
  out.sections.push_back(
      {.title = "Who asked, and who was answered",
       .blocks = {Figures{
           {{.name = "Asked for an answer", .value = std::to_string(roi->response.contacts), .behind = asked},
            {.name = "Answered",
             .value = std::to_string(roi->response.answered),
             .usual = percent(roi->response.answered_share()) + " of them",
             .behind = asked},
            {.name = "First reply, median",
             .value = roi->response.median_s ? span(*roi->response.median_s) : "–",
             .behind = asked},
            {.name = "Complain and wait",
             .value = std::to_string(roi->waiting_people),
             .behind = list(request, "/api/v1/queue", "earshot queue")},
            {.name = "Open incidents",
             .value = std::to_string(open),
             .behind = list(request, "/api/v1/incidents", "earshot incidents")}}}}});
  out.sections.push_back({.title = "What presses today", .blocks = {std::move(*pressing)}});
  out.sections.push_back({.title = "Marketing today", .blocks = {std::move(*campaigns)}});
  out.sections.push_back({.title = "Who waits, most urgent first", .blocks = {std::move(*queue)}});
  out.sections.push_back({.title = "How soon answers came", .blocks = {std::move(*times)}, .half = true});
  out.sections.push_back(
      {.title = "How unhappy people's stories went on", .blocks = {stories(request, *roi)}, .half = true});
  out.sections.push_back(std::move(*heard));
  out.sections.push_back(std::move(*trust));
  out.notes.emplace_back(
      "asked for an answer: complaints, questions, requests and threats to leave, by anybody but the brand "
      "and the press");
  out.notes.emplace_back(
      "median: of the days' medians, each weighing as much as it has answers; nights and weekends included");
  return out;
}

}  // namespace earshot::report
