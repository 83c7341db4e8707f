// queue and people: who waits for an answer, and how the stories of unhappy customers went on.
#include <cstdio>
#include <map>

#include "analysis/people/stance.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/model/identity.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/queue_view.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"
#include "insight/service_summary.hpp"

namespace earshot::cli {
namespace {

std::string author_text(const std::string& handle) {
  return handle.empty() ? "somebody" : "@" + printable(handle);
}

/// The mention, or nothing when it has gone since the finding was made.
std::optional<store::MentionRow> mention_of(store::Reader& reader, MentionId id, BrandId brand) {
  const auto rows = reader.mention(id);
  if (!rows) return std::nullopt;
  for (const auto& row : *rows)
    if (row.verdict.brand == brand) return row;
  return std::nullopt;
}

/// "due in 3 h", "overdue since 2 h"; nothing without a target.
std::string due_text(const std::optional<Timestamp>& due_at, Timestamp now) {
  if (!due_at) return {};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*due_at - now).count();
  return seconds >= 0 ? "  due in " + show_span(seconds)
                      : "  " + paint(Colour::red, "overdue since " + show_span(-seconds));
}

void print_waiting(const store::WaitingRow& row, const store::MentionRow& mention, Timestamp now) {
  std::printf(
      "%s  %s ago  %s  %s  %s%s\n",
      paint(row.priority >= 50 ? Colour::red : Colour::bold, std::to_string(row.priority)).c_str(),
      show_span(std::chrono::duration_cast<std::chrono::seconds>(now - mention.created_at).count()).c_str(),
      author_text(mention.author_handle).c_str(), printable(mention.source).c_str(),
      paint(Colour::dim, std::to_string(row.id.value)).c_str(), due_text(row.due_at, now).c_str());
  const auto text = mention.title.empty() ? mention.text : mention.title + ": " + mention.text;
  std::printf("    %s\n", clip(squeeze_space(printable(text)), terminal_width() - 6).c_str());
  const auto issues = issue_list(mention.verdict.issues);
  std::printf("    %s%s\n", issues.empty() ? "" : (paint(Colour::blue, issues) + "; ").c_str(),
              paint(Colour::dim, reasons_text(row.reasons)).c_str());
  if (!row.owner.empty() || !row.note.empty())
    std::printf("    %s%s%s\n", row.owner.empty() ? "" : (printable(row.owner) + " looks after it").c_str(),
                row.owner.empty() || row.note.empty() ? "" : ": ", printable(row.note).c_str());
  if (!mention.url.empty()) std::printf("    %s\n", printable(mention.url).c_str());
}

void print_part(store::Reader& reader, const char* what, std::optional<MentionId> id, BrandId brand) {
  if (!id) return;
  const auto mention = mention_of(reader, *id, brand);
  std::printf(
      "    %-9s %s  %s  %s\n", what, show_time(identity::time_of(*id)).c_str(),
      clip(mention ? squeeze_space(printable(mention->text)) : "(no longer there)", terminal_width() - 52)
          .c_str(),
      paint(Colour::dim, std::to_string(id->value)).c_str());
}

}  // namespace

int queue(const Options& options) {
  if (!options.verb.empty()) return decide_waiting(options);
  if (options.kind == "praise") return praise_queue(options);
  if (options.interactive) {
    if (options.json) return fail("--interactive is for people, --json for machines: give one of them", 2);
    return browse_queue(options);
  }
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto rows = (*reader)->waiting(brand->id, options.limit);
  if (!rows) return fail(rows.error().message);
  const auto now = SystemClock().now();
  JsonWriter out;
  out.begin_array();
  for (const auto& row : *rows) {
    const auto mention = mention_of(**reader, row.id, brand->id);
    if (!mention || mention->deleted) continue;
    if (!options.json) {
      print_waiting(row, *mention, now);
      continue;
    }
    write_json(out, row, *mention, brand->name);
  }
  out.end_array();
  if (options.json)
    std::printf("%s\n", out.str().c_str());
  else if (rows->empty())
    std::printf("Nobody waits for an answer.\n");
  return 0;
}

int people(const Options& options) {
  if (options.matrix) return stance_matrix(options);
  if (!options.kind.empty()) return people_of_kind(options);
  if (!options.outcome.empty() && !analysis::outcome_from(options.outcome))
    return fail("--outcome is converted, converted_alone, relieved, angry, silent, unanswered or open", 2);
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto window = window_of(**reader, options, 84);
  if (!window) return fail(window.error().message, 2);
  auto rows = (*reader)->journeys(brand->id, window->since, window->until, options.outcome);
  if (!rows) return fail(rows.error().message);
  if (options.json) {
    JsonWriter out;
    out.begin_array();
    for (std::size_t i = 0; i < rows->size() && i < options.limit; ++i) write_json(out, (*rows)[i]);
    std::printf("%s\n", out.end_array().str().c_str());
    return 0;
  }
  std::map<std::string, int> counts;
  for (const auto& row : *rows) ++counts[row.outcome];
  std::printf("%s  stories of unhappy customers that began from %s to %s\n",
              paint(Colour::bold, printable(brand->name)).c_str(), show_time(window->since).c_str(),
              show_time(window->until).c_str());
  for (const auto& [outcome, count] : counts) std::printf("  %-16s %d\n", outcome.c_str(), count);
  std::size_t shown = 0;
  for (const auto& row : *rows) {
    if (++shown > options.limit) break;
    const auto colour = row.outcome == "converted" ? Colour::green
                        : row.outcome == "angry"   ? Colour::red
                                                   : Colour::bold;
    std::printf("\n%s  %s%s%s\n", paint(colour, row.outcome).c_str(), author_text(row.author_handle).c_str(),
                row.issue ? ("  " + std::string(to_string(static_cast<IssueType>(*row.issue)))).c_str() : "",
                row.fallen ? "  (had been happy before)" : "");
    print_part(**reader, "unhappy", row.rant, brand->id);
    print_part(**reader, "reply", row.reply, brand->id);
    print_part(**reader, row.outcome == "angry" ? "still" : "happy", row.last, brand->id);
  }
  return 0;
}

CommandSpec queue_command() {
  return {.name = "queue",
          .group = CommandGroup::look,
          .purpose = "Who waits for an answer, most urgent first",
          .examples =
              "  earshot queue --brand Acme --limit 10\n"
              "  earshot queue done ID --note \"by phone\"   also dismiss, reopen\n"
              "  earshot queue snooze ID --until 2d\n  earshot queue assign ID --owner kim\n"
              "  earshot queue --interactive                one after the other, by single keys",
          .run = queue,
          .options =
              OptionList{{.names = "--kind",
                          .target = &Options::kind,
                          .help = "waiting (default), or praise: who deserves a thank-you",
                          .choices = {"waiting", "praise"}},
                         {.names = "-i,--interactive",
                          .target = &Options::interactive,
                          .help = "Look through it and after it by single keys, on a terminal"},
                         {.names = "verb",
                          .target = &Options::verb,
                          .help = "done, snooze, assign, dismiss or reopen",
                          .choices = {"done", "snooze", "assign", "dismiss", "reopen"}},
                         {.names = "id",
                          .target = &Options::id,
                          .help = "Id of the mention",
                          .kind = ValueKind::mention},
                         {.names = "--brand",
                          .target = &Options::brand,
                          .help = "Only this brand",
                          .kind = ValueKind::brand},
                         {.names = "--owner",
                          .target = &Options::owner,
                          .help = "Who looks after it (default of assign: you)"},
                         {.names = "--until",
                          .target = &Options::until,
                          .help = "Until when: 4h, 3d, 2026-12-01",
                          .kind = ValueKind::time},
                         {.names = "--note", .target = &Options::note, .help = "What others should know"}} +
              acting_options() + OptionList{limit_option(1'000)}};
}

CommandSpec people_command() {
  return {.name = "people",
          .group = CommandGroup::look,
          .purpose = "How the stories of unhappy customers went on, with the evidence",
          .examples =
              "  earshot people --brand Acme --outcome converted   unhappy people who praise you now\n"
              "  earshot people --outcome angry --since 30d\n"
              "  earshot people --kind defender   who takes your part\n"
              "  earshot people --matrix          how people moved from one stance to another, by month",
          .run = people,
          .options =
              reading_options() +
              OptionList{
                  {.names = "--outcome",
                   .target = &Options::outcome,
                   .help = "converted, converted_alone, relieved, angry, silent, unanswered, open",
                   .known = {"converted", "converted_alone", "relieved", "angry", "silent", "unanswered",
                             "open"}},
                  {.names = "--kind",
                   .target = &Options::kind,
                   .help = "Instead: ranter, raver, advocate, defender; customer, staff, press, bot, "
                           "affiliate, community; "
                           "referral, purchase_intent, churn_threat, switched_from, switched_to, peer_answer",
                   .known = {"ranter", "raver", "advocate", "defender", "customer", "staff", "press", "bot",
                             "affiliate", "community", "referral", "purchase_intent", "churn_threat",
                             "switched_from", "switched_to", "peer_answer"}},
                  {.names = "--matrix",
                   .target = &Options::matrix,
                   .help = "Instead: moves between stances by month"},
                  limit_option(10'000)}};
}

}  // namespace earshot::cli
