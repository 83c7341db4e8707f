// stories and story: unhappy customers who were won back, and whether that may be told.
#include <cstdio>

#include "core/base/text.hpp"
#include "core/model/identity.hpp"
#include "daemon/api/content_views.hpp"
#include "daemon/cli/act.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"

namespace earshot::cli {
namespace {

Colour consent_colour(const std::string& consent) {
  if (consent == "given") return Colour::green;
  return consent == "refused" ? Colour::red : Colour::bold;
}

void print_story(store::Reader& reader, const store::StoryRow& story) {
  const auto& journey = story.journey;
  const auto& handle = journey.author_handle;
  std::printf("%s  consent %s%s\n",
              paint(Colour::bold, handle.empty() ? "somebody" : "@" + printable(handle)).c_str(),
              paint(consent_colour(story.consent), story.consent).c_str(),
              journey.fallen ? "  (had been happy before)" : "");
  print_mention(reader, "unhappy", journey.rant);
  print_mention(reader, "reply", journey.reply);
  print_mention(reader, "happy", journey.last);
  for (const auto& said : story.history)
    std::printf("    %s  %s%s%s\n", show_time(said.at).c_str(), said.consent.c_str(),
                said.by.empty() ? "" : (", says " + printable(said.by)).c_str(),
                said.note.empty() ? "" : (": " + printable(said.note)).c_str());
}

std::vector<std::string_view> known_consents() { return {store::consents.begin(), store::consents.end()}; }

}  // namespace

int stories(const Options& options) {
  int code = 0;
  auto asked = ask(options, 84, code);
  if (!asked) return code;
  const auto& [reader, brand, window] = *asked;
  const auto consent = options.consent.value_or("");
  if (options.json) return print_json(api::stories_json(*reader, brand, consent, window, options.limit));
  auto rows = reader->content().stories(brand.id, window.since, window.until, consent, options.limit);
  if (!rows) return fail(rows.error().message);
  for (const auto& row : *rows) print_story(*reader, row);
  if (rows->empty()) std::printf("No unhappy customer was won back.\n");
  return 0;
}

int story(const Options& options) {
  if (options.id <= 0) return fail("story needs the id of the unhappy post", 2);
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  auto row = verdict_of(*desk, MentionId{options.id}, options);
  if (!row) return fail(row.error().message);
  const store::StoryDecision decision{.rant = row->id,
                                      .brand = row->verdict.brand,
                                      .consent = options.consent,
                                      .note = options.note,
                                      .by = person(options)};
  if (decision.consent || decision.note)
    if (auto status = desk->actions->decide_story(decision); !status) return fail(status.error().message);
  const store::NamedBrand brand{.id = decision.brand, .name = desk->brand_name(decision.brand)};
  if (options.json) return print_json(api::story_json(*desk->reader, brand, decision.rant));
  const auto now = desk->reader->content().story(brand.id, decision.rant);
  if (!now) return fail(now.error().message);
  print_story(*desk->reader, *now);
  return 0;
}

CommandSpec stories_command() {
  return {.name = "stories",
          .group = CommandGroup::look,
          .purpose = "Unhappy customers who were won back, and whether that may be told",
          .examples =
              "  earshot stories --brand Acme\n  earshot stories --consent given   those that may be told",
          .run = stories,
          .options = reading_options() + OptionList{{.names = "--consent",
                                                     .target = &Options::consent,
                                                     .help = "Only those of one consent",
                                                     .choices = known_consents()},
                                                    limit_option(1'000)}};
}

CommandSpec story_command() {
  return {
      .name = "story",
      .group = CommandGroup::decide,
      .purpose = "Look at one story, or keep what the customer said of telling it",
      .examples =
          "  earshot story ID\n  earshot story ID --consent asked --note \"by message\"\n"
          "  earshot story ID --consent given --note \"first name only\"",
      .run = story,
      .options =
          OptionList{
              {.names = "id",
               .target = &Options::id,
               .help = "Id of the unhappy post, as `earshot stories` prints it",
               .kind = ValueKind::mention,
               .required = true},
              {.names = "--brand", .target = &Options::brand, .help = "The brand", .kind = ValueKind::brand},
              {.names = "--consent",
               .target = &Options::consent,
               .help = "What the customer said",
               .choices = known_consents()},
              {.names = "--note", .target = &Options::note, .help = "What others should know"}} +
          acting_options()};
}

}  // namespace earshot::cli
