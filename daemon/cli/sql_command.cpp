// sql: a shell for questions to the database, which can only read it.
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/sql_writer.hpp"
#include "daemon/cli/terminal.hpp"
#include "embedded/view_notes.hpp"

namespace earshot::cli {
namespace {

constexpr const char* shell_help =
    "  .views             the documented views, and what a row of each is\n"
    "  .tables            everything there is, views first\n"
    "  .describe NAME     its columns\n"
    "  .mode WORD         table, csv or json\n"
    "  .quit\n"
    "  Any SELECT, ended by a semicolon. Times are UTC; views are described in docs/store.md.\n";

/// What docs/store.md says a row of the view is; empty when it says nothing.
std::string note_of(std::string_view view) {
  const auto name = "`" + std::string(view) + "`";
  for (const auto line : split(embedded::view_notes().front().bytes, '\n')) {
    const auto cells = split(line, '|');
    if (cells.size() >= 4 && cells[1].find(name) != std::string_view::npos)
      return std::string(trim(cells[2]));
  }
  return {};
}

std::optional<SqlFormat> format_from(std::string_view word) {
  if (word == "table") return SqlFormat::table;
  if (word == "csv") return SqlFormat::csv;
  if (word == "json") return SqlFormat::json;
  return std::nullopt;
}

class Session {
 public:
  Session(store::SqlShell& shell, std::chrono::milliseconds most, SqlFormat format)
      : shell_(shell), most_(most), format_(format) {}

  /// SQL, or a command that begins with a dot; 0, or 1 when it failed.
  int run(const std::string& text) {
    const auto trimmed = trim(text);
    if (trimmed.starts_with('.')) return command(trimmed);
    SqlWriter writer(stdout, format_, ::isatty(STDOUT_FILENO) == 1);
    const auto status =
        shell_.run(text, most_,
                   {.columns = [&](std::span<const std::string> names) { writer.columns(names); },
                    .row = [&](std::span<const store::SqlValue> values) { return writer.row(values); }});
    const bool written = writer.finish();
    if (!status) return fail(status.error().message);
    if (!written) return fail("the answer could not be written completely");
    return 0;
  }

  /// Lines of a terminal, until it ends.
  int converse() {
    std::printf("%s reads only; .help says what there is, .quit ends.\n",
                paint(Colour::bold, "earshot sql").c_str());
    std::string pending, line;
    for (;;) {
      std::printf("%s", pending.empty() ? "sql> " : "...> ");
      std::fflush(stdout);
      if (!std::getline(std::cin, line)) break;
      if (pending.empty() && trim(line).empty()) continue;
      if (pending.empty() && trim(line).starts_with('.')) {
        if (trim(line) == ".quit" || trim(line) == ".exit") return 0;
        static_cast<void>(command(trim(line)));
        continue;
      }
      pending += line + "\n";
      if (pending.size() > store::SqlShell::sql_bytes_max) pending.clear();
      if (!store::is_whole_sql(pending)) continue;
      static_cast<void>(run(pending));
      pending.clear();
    }
    std::printf("\n");
    return 0;
  }

 private:
  int command(std::string_view line) {
    const auto space = line.find(' ');
    const auto word = line.substr(0, space);
    const auto rest = space == std::string_view::npos ? std::string_view() : trim(line.substr(space));
    if (word == ".views") return list(true);
    if (word == ".tables") return list(false);
    if (word == ".describe" && !rest.empty()) return describe(rest);
    if (word == ".mode") {
      const auto format = format_from(rest);
      if (!format) return fail(".mode is table, csv or json", 2);
      format_ = *format;
      return 0;
    }
    if (word == ".help") {
      std::printf("%s", shell_help);
      return 0;
    }
    return fail("there is no " + std::string(word) + ": .help says what there is", 2);
  }

  int list(bool documented) {
    auto objects = shell_.objects();
    if (!objects) return fail(objects.error().message);
    Table table({documented ? "view" : "name", documented ? "what a row is" : "columns"});
    for (const auto& object : *objects) {
      if (documented && !(object.is_view && object.name.starts_with("v_"))) continue;
      std::string columns;
      for (const auto& column : object.columns) columns += (columns.empty() ? "" : ", ") + column;
      const auto note = documented ? note_of(object.name) : columns;
      table.add({printable(object.name),
                 clip(printable(note.empty() ? columns : note), std::max(30, terminal_width() - 22))});
    }
    table.print();
    return 0;
  }

  int describe(std::string_view name) {
    auto objects = shell_.objects();
    if (!objects) return fail(objects.error().message);
    std::vector<std::string> names;
    for (const auto& object : *objects) {
      names.push_back(object.name);
      if (!ascii_iequals(object.name, name)) continue;
      if (const auto note = note_of(object.name); !note.empty()) std::printf("%s\n", printable(note).c_str());
      for (const auto& column : object.columns) std::printf("  %s\n", printable(column).c_str());
      return 0;
    }
    const auto near = nearest_name(std::string(name), names);
    return fail("there is no view or table '" + std::string(name) + "'" +
                (near.empty() ? ": .tables lists them" : ", did you mean '" + near + "'?"));
  }

  store::SqlShell& shell_;
  std::chrono::milliseconds most_;
  SqlFormat format_;
};

}  // namespace

int sql(const Options& options) {
  const auto most = parse_duration(options.time_limit);
  if (!most || *most <= most->zero() || *most > std::chrono::hours(24))
    return fail("--limit-time is a duration up to a day, such as 10s or 5m", 2);
  const auto format = options.json ? SqlFormat::json : format_from(options.format).value_or(SqlFormat::table);
  if (options.database.empty() && options.config_given) {
    // Says what is wrong with the configuration, as every reading command does.
    if (auto reader = open(options); !reader) return fail(reader.error().message);
  }
  auto shell = store::open_sql_shell(database_path(options));
  if (!shell) return fail(shell.error().message);
  Session session(**shell, *most, format);
  if (!options.query.empty()) return session.run(options.query);
  if (::isatty(STDIN_FILENO) == 1) return session.converse();
  return session.run(std::string(std::istreambuf_iterator<char>(std::cin), {}));
}

CommandSpec sql_command() {
  return {.name = "sql",
          .group = CommandGroup::look,
          .purpose = "Ask the database in SQL; it can only be read",
          .examples =
              "  earshot sql 'SELECT day, mentions, net_sentiment FROM v_day ORDER BY day DESC LIMIT 7'\n"
              "  earshot sql --format csv 'SELECT * FROM v_incident' > incidents.csv\n"
              "  earshot sql .views                 what there is; alone, `earshot sql` is a shell",
          .run = sql,
          .options =
              OptionList{{.names = "query",
                          .target = &Options::query,
                          .help = "SQL, or .views, .tables, \".describe NAME\"; without it, standard input"},
                         {.names = "--limit-time",
                          .target = &Options::time_limit,
                          .help = "A statement that takes longer is ended",
                          .kind = ValueKind::duration,
                          .shows_default = true},
                         {.names = "--format",
                          .target = &Options::format,
                          .help = "table, csv or json (one object a line); default: table",
                          .choices = {"table", "csv", "json"}},
                         json_option()},
          .fails = "A statement is wrong, not allowed, or took too long."};
}

}  // namespace earshot::cli
