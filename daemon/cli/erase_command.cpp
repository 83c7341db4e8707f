// export --author and erase: what a person may demand.
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/cli/act.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"

namespace earshot::cli {
namespace {

struct Person {
  std::string platform, name;
};

/// "bluesky:did:plc:abc" names the account did:plc:abc on bluesky.
Result<Person> person_of(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
    return unexpected(ErrorKind::invalid,
                      "--author is PLATFORM:ID or PLATFORM:HANDLE, such as mastodon:ann@social.example");
  return Person{.platform = text.substr(0, colon), .name = text.substr(colon + 1)};
}

/// What was found of them, before anything happens to it.
void print(const store::AuthorTrace& trace) {
  std::string names;
  for (const auto* list : {&trace.handles, &trace.ids})
    for (const auto& name : *list) names += (names.empty() ? "" : ", ") + printable(name);
  std::fprintf(stderr, "%s: %s\n  %zu mentions of theirs, %zu replies of others to them\n",
               printable(trace.platform).c_str(), names.empty() ? "(erased before)" : names.c_str(),
               trace.mentions.size(), trace.replies.size());
}

bool confirmed() {
  std::fprintf(stderr, "Erase it? There is no way back. [y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

int print(const store::Erased& done, bool as_json) {
  const auto& report = done.report;
  if (as_json) {
    JsonWriter out;
    api::write_json(out, done);
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  const auto number = [](std::int64_t n) { return static_cast<long long>(n); };
  std::printf("%lld mentions erased; their counts stay\n", number(report.mentions));
  std::printf("%lld replies of others no longer say to whom\n", number(report.replies));
  std::printf("%lld findings and messages lost their quotations, %lld rows of who they are went\n",
              number(report.findings), number(report.people));
  std::printf("%s\n", done.settled ? "Nothing of it is left in the database's files."
                                   : "A reader holds the old pages: they go as soon as it lets go.");
  for (const auto& [destination, messages] : report.sent)
    std::printf("%s was sent %lld messages that quoted them: erase them there.\n",
                printable(destination).c_str(), number(messages));
  std::printf("Feed files are written anew by the daemon, soon or when it runs next.\n");
  std::printf("Backups and exports that were made before still hold it.\n");
  return 0;
}

}  // namespace

int export_author(const Options& options) {
  const auto person = person_of(options.author);
  if (!person) return fail(person.error().message, 2);
  if (!options.format.empty() && options.format != "ndjson") return fail("--author is written as ndjson", 2);
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  const auto trace = (*reader)->author(person->platform, person->name);
  if (!trace) return fail(trace.error().message);
  std::FILE* out = options.output.empty() ? stdout : std::fopen(options.output.c_str(), "wb");
  if (!out) return fail("cannot write " + options.output);
  std::size_t rows = 0;
  const auto status =
      (*reader)->author_rows(*trace, [&](std::string_view table, std::string_view row) -> Status {
        JsonWriter line;
        const auto text =
            line.begin_object().field("table", table).key("row").raw(row).end_object().str() + "\n";
        ++rows;
        if (std::fwrite(text.data(), 1, text.size(), out) == text.size()) return Done{};
        return unexpected(ErrorKind::disk_full,
                          "the export could not be written completely: is the disk full?");
      });
  const bool failed = (out != stdout ? std::fclose(out) : std::fflush(out)) != 0;
  if (!status) return fail(status.error().message);
  if (failed) return fail("the export could not be written completely: is the disk full?");
  print(*trace);
  std::fprintf(stderr, "  %zu rows\n", rows);
  return 0;
}

int erase(const Options& options) {
  const auto person = person_of(options.author);
  if (!person) return fail(person.error().message, 2);
  {
    auto reader = open(options);
    if (!reader) return fail(reader.error().message);
    const auto trace = (*reader)->author(person->platform, person->name);
    if (!trace) return fail(trace.error().message);
    print(*trace);
  }
  if (options.dry_run) return 0;
  if (!options.force) {
    if (::isatty(STDIN_FILENO) != 1) return fail("nobody can be asked whether to erase it: give --force", 2);
    if (!confirmed()) return fail("nothing was erased");
  }
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  desk->reader.reset();  // the log can only be cut short when nobody reads
  const auto done = desk->actions->erase(person->platform, person->name, options.text);
  if (!done) return fail(done.error().message);
  return print(*done, options.json);
}

CommandSpec erase_command() {
  return {.name = "erase",
          .group = CommandGroup::keep,
          .purpose = "Take everything of a person out, of every file; what was counted stays counted",
          .examples =
              "  earshot erase --author bluesky:did:plc:abc --dry-run       what there is\n"
              "  earshot erase --author x:annsmith --reason \"their letter of 2 March\"",
          .run = erase,
          .options =
              OptionList{{.names = "--author",
                          .target = &Options::author,
                          .help = "PLATFORM:ID or PLATFORM:HANDLE",
                          .required = true},
                         {.names = "--reason", .target = &Options::text, .help = "Kept, without their name"},
                         {.names = "-n,--dry-run",
                          .target = &Options::dry_run,
                          .help = "Erase nothing, only say what there is"},
                         {.names = "--force", .target = &Options::force, .help = "Do not ask first"},
                         {.names = "--token-file",
                          .target = &Options::token_file,
                          .help = "Token for the running daemon (or EARSHOT_TOKEN)",
                          .kind = ValueKind::file},
                         json_option()}};
}

}  // namespace earshot::cli
