// people --kind and --matrix, promises, conduct, and the queue of praise.
#include <cstdio>
#include <map>

#include "analysis/people/ladder.hpp"
#include "core/base/text.hpp"
#include "core/model/identity.hpp"
#include "daemon/api/people_views.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/queue_view.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"

namespace earshot::cli {
namespace {

constexpr int days = 84;

std::string author_text(const std::string& handle) {
  return handle.empty() ? "somebody" : "@" + printable(handle);
}

void print_person(store::Reader& reader, const store::PersonRow& row) {
  std::printf(
      "%s  %s  reach %lld, last heard %s; %lld mentions, %lld praise, %lld defences, %lld referrals\n",
      paint(Colour::bold, author_text(row.author_handle)).c_str(), row.stance.c_str(),
      static_cast<long long>(row.reach), show_time(row.last_at).c_str(), static_cast<long long>(row.mentions),
      static_cast<long long>(row.praises), static_cast<long long>(row.defences),
      static_cast<long long>(row.referrals));
  for (const auto& role : row.roles)
    print_mention(reader, (role.role == "customer" ? "customer?" : role.role).c_str(), role.mention);
  for (const auto id : row.evidence) print_mention(reader, "stance", id);
}

void print_event(store::Reader& reader, const store::PersonEventRow& row) {
  print_mention(reader, "", row.mention);
  if (!row.words.empty()) std::printf("              says: %s\n", printable(row.words).c_str());
  if (!row.reason_words.empty()) std::printf("              why: %s\n", printable(row.reason_words).c_str());
  print_mention(reader, "about", row.about);
  print_mention(reader, "thanks", row.thanks);
}

}  // namespace

void print_mention(store::Reader& reader, const char* what, const std::optional<MentionId>& id) {
  if (!id) return;
  const auto rows = reader.mention(*id);
  const bool there = rows && !rows->empty() && !rows->front().deleted;
  const auto text = there ? squeeze_space(printable(rows->front().text)) : std::string("(no longer there)");
  std::printf("    %-9s %s  %s  %s  %s\n", what, show_time(identity::time_of(*id)).c_str(),
              there ? author_text(rows->front().author_handle).c_str() : "",
              clip(text, terminal_width() - 60).c_str(),
              paint(Colour::dim, std::to_string(id->value)).c_str());
}

int people_of_kind(const Options& options) {
  int code = 0;
  const auto what = api::people_kind(options.kind);
  if (what == api::PeopleKind::unknown) return fail(std::string("--kind is ") + api::people_kinds, 2);
  auto asked = ask(options, days, code);
  if (!asked) return code;
  auto& reader = *asked->reader;
  if (options.json)
    return print_json(api::people_json(reader, asked->brand, options.kind, asked->window, options.limit));
  if (what == api::PeopleKind::event) {
    const auto rows = reader.people().events(asked->brand.id, options.kind, asked->window.since,
                                             asked->window.until, options.limit);
    if (!rows) return fail(rows.error().message);
    for (const auto& row : *rows) print_event(reader, row);
    if (rows->empty()) std::printf("None was heard.\n");
    return 0;
  }
  store::PeopleFilter filter{.limit = options.limit};
  (what == api::PeopleKind::stance ? filter.stance : filter.role) = options.kind;
  const auto rows = reader.people().people(asked->brand.id, filter);
  if (!rows) return fail(rows.error().message);
  for (const auto& row : *rows) print_person(reader, row);
  if (rows->empty()) std::printf("Nobody is known as %s.\n", printable(options.kind).c_str());
  return 0;
}

int stance_matrix(const Options& options) {
  int code = 0;
  auto asked = ask(options, 366, code);
  if (!asked) return code;
  if (options.json) return print_json(api::matrix_json(*asked->reader, asked->brand, asked->window));
  const auto rows =
      asked->reader->people().stance_months(asked->brand.id, asked->window.since, asked->window.until);
  if (!rows) return fail(rows.error().message);
  std::map<std::string, std::map<std::pair<std::string, std::string>, std::int64_t>> months;
  for (const auto& row : *rows) months[row.month][{row.from, row.to}] = row.people;
  for (const auto& [month, moves] : months) {
    std::printf("%s  people who moved from … to …\n", paint(Colour::bold, month).c_str());
    std::vector<std::string> header{"from"};
    for (std::size_t to = 1; to < analysis::stance_count; ++to)
      header.emplace_back(to_string(static_cast<analysis::Stance>(to)));
    Table table(header);
    for (std::size_t from = 0; from < analysis::stance_count; ++from) {
      std::vector<std::string> line{std::string(to_string(static_cast<analysis::Stance>(from)))};
      for (std::size_t to = 1; to < header.size(); ++to) {
        const auto found = moves.find({line.front(), header[to]});
        line.push_back(found == moves.end() ? "-" : std::to_string(found->second));
      }
      table.add(std::move(line));
    }
    table.print();
  }
  if (months.empty()) std::printf("Nobody moved.\n");
  return 0;
}

int promises(const Options& options) {
  int code = 0;
  auto asked = ask(options, days, code);
  if (!asked) return code;
  auto& reader = *asked->reader;
  if (options.json)
    return print_json(api::promises_json(reader, asked->brand, options.state, asked->window, options.limit));
  const auto counts = api::count_promises(reader, asked->brand.id, asked->window);
  if (!counts) return fail(counts.error().message);
  const auto rows = reader.people().promises(asked->brand.id, asked->window.since, asked->window.until,
                                             options.state, options.limit);
  if (!rows) return fail(rows.error().message);
  std::printf("%s  promised in public: %lld kept, %lld late, %lld missed, %lld open\n",
              paint(Colour::bold, printable(asked->brand.name)).c_str(), static_cast<long long>(counts->kept),
              static_cast<long long>(counts->late), static_cast<long long>(counts->missed),
              static_cast<long long>(counts->open));
  for (const auto& row : *rows) {
    const auto colour = row.state == "missed" ? Colour::red
                        : row.state == "kept" ? Colour::green
                                              : Colour::bold;
    std::printf("\n%s  to %s, due %s%s\n    \"%s\"\n", paint(colour, row.state).c_str(),
                author_text(row.author_handle).c_str(), show_time(row.due_at).c_str(),
                row.named ? "" : " (no time was named)", squeeze_space(printable(row.words)).c_str());
    print_mention(reader, "reply", row.mention);
    print_mention(reader, "settled", row.settled);
  }
  return 0;
}

int praise_queue(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  const auto now = SystemClock().now();
  if (options.json) return print_json(api::praise_json(**reader, *brand, options.limit, now));
  const auto rows = (*reader)->people().praise(brand->id, options.limit, now);
  if (!rows) return fail(rows.error().message);
  for (const auto& row : *rows) {
    std::printf("%s  %s\n", paint(Colour::green, std::to_string(row.priority)).c_str(),
                paint(Colour::dim, reasons_text(row.reasons)).c_str());
    print_mention(**reader, "praise", row.id);
  }
  if (rows->empty()) std::printf("No praise waits for thanks.\n");
  return 0;
}

int conduct(const Options& options) {
  int code = 0;
  auto asked = ask(options, 28, code);
  if (!asked) return code;
  auto& reader = *asked->reader;
  if (options.json) return print_json(api::conduct_json(reader, asked->brand, asked->window, options.limit));
  const auto days_found =
      reader.people().conduct_days(asked->brand.id, asked->window.since, asked->window.until);
  if (!days_found) return fail(days_found.error().message);
  const auto rows =
      reader.people().conduct(asked->brand.id, asked->window.since, asked->window.until, options.limit);
  if (!rows) return fail(rows.error().message);
  store::ConductDay sum;
  for (const auto& day : *days_found) {
    sum.replies += day.replies;
    sum.canned += day.canned;
    sum.followups += day.followups;
    sum.unanswered += day.unanswered;
  }
  std::printf("%s  %lld replies, %lld in words used twice before; %lld follow-ups, %lld left unanswered\n",
              paint(Colour::bold, printable(asked->brand.name)).c_str(), static_cast<long long>(sum.replies),
              static_cast<long long>(sum.canned), static_cast<long long>(sum.followups),
              static_cast<long long>(sum.unanswered));
  for (const auto& row : *rows) {
    std::printf("\n%s%s\n", row.kind.c_str(),
                row.kind == "canned"
                    ? ("  the same words, " + std::to_string(row.times) + " times in four weeks").c_str()
                    : "");
    print_mention(reader, "reply", row.mention);
    print_mention(reader, row.kind == "canned" ? "first" : "follow-up", row.about);
  }
  return 0;
}

CommandSpec promises_command() {
  return {.name = "promises",
          .group = CommandGroup::look,
          .purpose = "What your replies promised, and whether it was kept",
          .examples = "  earshot promises --state missed --since 30d",
          .run = promises,
          .options = reading_options() + OptionList{{.names = "--state",
                                                     .target = &Options::state,
                                                     .help = "open, kept, late or missed",
                                                     .choices = {"open", "kept", "late", "missed"}},
                                                    limit_option(10'000)}};
}

CommandSpec conduct_command() {
  return {.name = "conduct",
          .group = CommandGroup::look,
          .purpose = "How your own replies read: the same words again, follow-ups left unanswered",
          .examples = "  earshot conduct --brand Acme --since 28d",
          .run = conduct,
          .options = reading_options() + OptionList{limit_option(10'000)}};
}

}  // namespace earshot::cli
