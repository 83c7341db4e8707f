// incident and idea, and what the queue's verbs do: who looks after what, and how far it is.
#include <cstdio>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/cli/act.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"

namespace earshot::cli {
namespace {

/// --owner, or whoever acts.
std::string owner_of(const Options& options) { return options.owner ? *options.owner : person(options); }

void print(const store::IncidentRow& row) { print_incident(row); }
void print(const store::IdeaRow& row) { print_idea(row); }

template <typename Row>
int show(const Desk& desk, const Result<Row>& row, const Options& options) {
  if (!row) return fail(row.error().message);
  if (!options.json) {
    print(*row);
    return 0;
  }
  JsonWriter out;
  write_json(out, *row, desk.brand_name(row->brand));
  std::printf("%s\n", out.str().c_str());
  return 0;
}

}  // namespace

int incident(const Options& options) {
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  store::IncidentDecision decision{
      .id = IncidentId{options.id}, .owner = options.owner, .note = options.note};
  if (options.verb == "own") decision.owner = owner_of(options);
  if (options.verb == "ack") decision.state = "acknowledged";
  if (options.verb == "dismiss") decision.state = "dismissed";
  if (options.verb == "advised") decision.state = "advised";
  if (options.verb == "reopen") decision.state = "open";
  const bool looks = options.verb == "show" || options.verb == "advise";
  if (!looks || decision.owner || decision.note)
    if (auto status = desk->actions->decide_incident(decision); !status) return fail(status.error().message);
  const auto row = desk->reader->incident(decision.id);
  if (!looks || !row || (options.json && options.verb == "show")) return show(*desk, row, options);
  if (options.verb == "show")
    print_incident_page(*row);
  else if (options.json)
    std::printf("%s\n", advisory_json(*row).c_str());
  else
    print_advisory(*row);
  return 0;
}

int idea(const Options& options) {
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  store::IdeaDecision decision{.id = IdeaId{options.id}, .owner = options.owner, .note = options.note};
  constexpr std::pair<const char*, const char*> states[] = {{"accept", "accepted"},
                                                            {"write", "writing"},
                                                            {"publish", "published"},
                                                            {"reject", "rejected"},
                                                            {"reopen", "new"}};
  for (const auto& [verb, state] : states)
    if (options.verb == verb) decision.state = state;
  if (options.verb == "own") decision.owner = owner_of(options);
  if (!options.url.empty()) decision.url = options.url;
  if (options.verb == "publish" && options.url.empty())
    return fail("publish needs --url: where it stands", 2);
  if (!options.due.empty()) {
    auto due = parse_ahead(options.due, SystemClock().now());
    if (!due) return fail(due.error().message, 2);
    decision.due = *due;
  }
  if (!options.on.empty()) {
    const auto on = parse_time(options.on);
    if (!on || options.verb != "publish") return fail("--on goes with publish, and is a day: 2026-12-01", 2);
    decision.published_at = *on;
  }
  if (options.verb != "show" || decision.owner || decision.note || decision.due || decision.url)
    if (auto status = desk->actions->decide_idea(decision); !status) return fail(status.error().message);
  return show(*desk, desk->reader->idea(decision.id), options);
}

int decide_waiting(const Options& options) {
  if (options.id <= 0) return fail("queue " + options.verb + " needs the id of a mention", 2);
  if (options.verb == "snooze" && options.until.empty())
    return fail("snooze needs --until: 4h, 3d, 2026-12-01", 2);
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  auto row = verdict_of(*desk, MentionId{options.id}, options);
  if (!row) return fail(row.error().message);
  store::WaitingDecision decision{
      .mention = row->id, .brand = row->verdict.brand, .owner = options.owner, .note = options.note};
  constexpr std::pair<const char*, const char*> states[] = {{"done", "done"},
                                                            {"snooze", "snoozed"},
                                                            {"dismiss", "dismissed"},
                                                            {"assign", "waiting"},
                                                            {"reopen", "waiting"}};
  for (const auto& [verb, state] : states)
    if (options.verb == verb) decision.state = state;
  if (options.verb == "assign") decision.owner = owner_of(options);
  if (options.verb == "snooze") {
    auto until = parse_ahead(options.until, SystemClock().now());
    if (!until) return fail(until.error().message, 2);
    decision.until = *until;
  }
  if (auto status = desk->actions->decide_waiting(decision); !status) return fail(status.error().message);
  auto now = desk->reader->waiting_of(decision.brand, decision.mention);
  if (!now) return fail(now.error().message);
  if (options.json) {
    JsonWriter out;
    write_json(out, *now, *row, desk->brand_name(decision.brand));
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  std::printf("%s%s%s%s\n", now->state.c_str(),
              now->until ? (" until " + show_time(*now->until)).c_str() : "",
              now->owner.empty() ? "" : (", " + printable(now->owner) + " looks after it").c_str(),
              now->note.empty() ? "" : (": " + printable(now->note)).c_str());
  return 0;
}

CommandSpec incident_command() {
  return {
      .name = "incident",
      .group = CommandGroup::decide,
      .purpose = "Look at one incident, or look after it",
      .examples =
          "  earshot incident show 7\n  earshot incident own 7 --owner kim\n"
          "  earshot incident ack 7 --note \"the router firmware; fix on Friday\"\n"
          "  earshot incident advise 7                            a draft for followers; advised 7 when it "
          "was posted\n"
          "  earshot incident dismiss 7 --note \"a raffle\"        a false alarm: kept, but counted no more",
      .run = incident,
      .options =
          OptionList{
              {.names = "verb",
               .target = &Options::verb,
               .help = "show, own, ack, advise (a draft for followers), advised (they were told), dismiss or "
                       "reopen",
               .choices = {"show", "own", "ack", "advise", "advised", "dismiss", "reopen"},
               .required = true},
              {.names = "id", .target = &Options::id, .help = "Number of the incident", .required = true},
              {.names = "--owner",
               .target = &Options::owner,
               .help = "Who looks after it (default of own: you)"},
              {.names = "--note", .target = &Options::note, .help = "What others should know"}} +
          acting_options()};
}

CommandSpec idea_command() {
  return {
      .name = "idea",
      .group = CommandGroup::decide,
      .purpose = "Take up an idea, and say how far it is",
      .examples =
          "  earshot idea accept 7 --owner kim --due 2w\n  earshot idea write 7\n"
          "  earshot idea publish 7 --url https://acme.example/help/reset\n  earshot idea reject 7",
      .run = idea,
      .options =
          OptionList{
              {.names = "verb",
               .target = &Options::verb,
               .help = "show, accept, own, write, publish, reject or reopen",
               .choices = {"show", "accept", "own", "write", "publish", "reject", "reopen"},
               .required = true},
              {.names = "id", .target = &Options::id, .help = "Number of the idea", .required = true},
              {.names = "--owner", .target = &Options::owner, .help = "Who writes it (default of own: you)"},
              {.names = "--due",
               .target = &Options::due,
               .help = "When it is due: 2w, 2026-12-01",
               .kind = ValueKind::time},
              {.names = "--on",
               .target = &Options::on,
               .help =
                   "With publish: the day (default: today), from which on it is measured whether it helped",
               .kind = ValueKind::time},
              {.names = "--url", .target = &Options::url, .help = "Where it stands"},
              {.names = "--note", .target = &Options::note, .help = "What others should know"}} +
          acting_options()};
}

}  // namespace earshot::cli
