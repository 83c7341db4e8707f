// incidents and ideas: what was found.
#include <cstdio>

#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"
#include "insight/idea_effect.hpp"

namespace earshot::cli {
namespace {

constexpr std::size_t ideas_looked_at = 1'000;

/// "kim looks after it: by phone", or nothing.
void print_care(const std::string& owner, const std::string& note) {
  if (owner.empty() && note.empty()) return;
  std::printf("    %s%s%s\n", owner.empty() ? "" : (printable(owner) + " looks after it").c_str(),
              owner.empty() || note.empty() ? "" : ": ", printable(note).c_str());
}

}  // namespace

void print_incident(const store::IncidentRow& row) {
  std::printf("%s  #%lld  %s  severity %d/10\n",
              paint(row.state == "open" ? Colour::red : Colour::bold, row.title).c_str(),
              static_cast<long long>(row.id.value), row.state.c_str(), row.severity);
  std::printf("    %s to %s, found in the hour of %s\n", show_time(row.started_at).c_str(),
              show_time(row.last_at).c_str(), show_time(row.detected_at).c_str());
  std::printf("    %lld people in %lld mentions (%lld echoes); usual %.1f an hour, threshold %.1f\n",
              static_cast<long long>(row.authors), static_cast<long long>(row.mentions),
              static_cast<long long>(row.echoes), row.expected, row.threshold);
  std::printf("    first: earshot explain %lld\n", static_cast<long long>(row.first_mention.value));
  if (row.cover.defended > 0)
    std::printf("    %lld of %lld unhappy posts were answered for you by %lld people\n",
                static_cast<long long>(row.cover.defended), static_cast<long long>(row.cover.negative),
                static_cast<long long>(row.cover.defenders));
  print_care(row.owner, row.note);
  if (row.acknowledged_at) std::printf("    acknowledged %s\n", show_time(*row.acknowledged_at).c_str());
  if (row.advised_at) std::printf("    followers were told %s\n", show_time(*row.advised_at).c_str());
  if (row.dismissed_at)
    std::printf("    dismissed as a false alarm %s\n", show_time(*row.dismissed_at).c_str());
}

int incidents(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brands = brands_of(**reader, options);
  if (!brands) return fail(brands.error().message, 2);
  auto window = window_of(**reader, options, 90);
  if (!window) return fail(window.error().message, 2);
  JsonWriter out;
  out.begin_array();
  bool any = false;
  for (const auto& brand : *brands) {
    auto rows = (*reader)->incidents(brand.id, window->since, window->until, store::Members::newest);
    if (!rows) return fail(rows.error().message);
    for (const auto& row : *rows) {
      any = true;
      write_json(out, row, brand.name);
      if (options.json) continue;
      print_incident(row);
    }
  }
  out.end_array();
  if (options.json)
    std::printf("%s\n", out.str().c_str());
  else if (!any)
    std::printf("No incident in the last 90 days.\n");
  return 0;
}

void print_idea(const store::IdeaRow& row, int rank) {
  if (rank > 0) std::printf("%2d  ", rank);
  std::printf("%s  %s\n", paint(Colour::bold, row.title).c_str(),
              paint(Colour::dim, "#" + std::to_string(row.id.value)).c_str());
  std::printf("    %lld people asked, %lld still without an answer, trend %s %%, last %s, state %s\n",
              static_cast<long long>(row.askers), static_cast<long long>(row.unanswered),
              signed_number(row.trend * 100, 0).c_str(), show_time(row.last_at).c_str(), row.state.c_str());
  int quotes = 0;
  for (const auto& quote : quotes_of(row)) {
    if (++quotes > 3) break;
    std::printf("    “%s”\n", clip(squeeze_space(printable(quote)), terminal_width() - 8).c_str());
  }
  print_care(row.owner, row.note);
  if (row.due) std::printf("    due %s\n", show_time(*row.due).c_str());
  if (!row.url.empty()) std::printf("    %s\n", printable(row.url).c_str());
  if (const auto effect = insight::effect_of(row)) std::printf("    %s\n", effect->sentence.c_str());
  if (const auto move = insight::move_of(row); !move.direction.empty())
    std::printf("    %s: %lld times in the last seven days, %.1f a week before\n", move.direction.c_str(),
                static_cast<long long>(move.week), static_cast<double>(move.before) / move.weeks_before);
  if (row.answer)
    std::printf("    best public answer, by %s: earshot explain %lld\n",
                row.answer->own ? "the brand" : "a peer", static_cast<long long>(row.answer->mention.value));
  if (row.page)
    std::printf("    page that fits, by %.0f %%: %s\n", row.page->score * 100,
                printable(row.page->url).c_str());
}

int ideas(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto rows = (*reader)->ideas(brand->id, ideas_looked_at);
  if (!rows) return fail(rows.error().message);
  // Rejected ones only for who asks for them.
  std::erase_if(*rows, [&](const auto& row) {
    return options.state.empty() ? row.state == "rejected" : row.state != options.state;
  });
  if (rows->size() > options.limit) rows->resize(options.limit);
  JsonWriter out;
  out.begin_array();
  int rank = 0;
  for (const auto& row : *rows) {
    write_json(out, row, brand->name);
    if (options.json) continue;
    print_idea(row, ++rank);
  }
  out.end_array();
  if (options.json)
    std::printf("%s\n", out.str().c_str());
  else if (rows->empty())
    std::printf("No question was asked often enough yet.\n");
  return 0;
}

CommandSpec sources_command() {
  return {.name = "sources",
          .group = CommandGroup::set_up,
          .purpose = "List the connectors there are",
          .examples =
              "  earshot sources\n"
              "  earshot sources reddit   also what its platform's rules allow",
          .run = sources,
          .options = OptionList{{.names = "connector",
                                 .target = &Options::name,
                                 .help = "Only this one, with the rules that hold for it"},
                                json_option()}};
}

CommandSpec incidents_command() {
  return {.name = "incidents",
          .group = CommandGroup::look,
          .purpose = "Widespread problems, newest first",
          .examples = "  earshot incidents --brand Acme",
          .run = incidents,
          .options = reading_options()};
}

CommandSpec ideas_command() {
  return {.name = "ideas",
          .group = CommandGroup::look,
          .purpose = "Questions worth an article, best first",
          .examples = "  earshot ideas --brand Acme --limit 5",
          .run = ideas,
          .options =
              reading_options() +
              OptionList{{.names = "--state",
                          .target = &Options::state,
                          .help = "new, accepted, writing, published or rejected (default: all but rejected)",
                          .choices = {"new", "accepted", "writing", "published", "rejected"}},
                         limit_option(1'000)}};
}

}  // namespace earshot::cli
