#include "daemon/cli/manual.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/base/version.hpp"

namespace earshot::cli {
namespace {

/// Text that means nothing to troff but itself; hyphens are those that one types.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = utf8::next(text, at);
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '"': out += "\\(dq"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      default:
        if (c < 0x80) {
          out.push_back(static_cast<char>(c));
        } else {
          char code[16];
          std::snprintf(code, sizeof code, "\\[u%04X]", static_cast<unsigned>(c));
          out += code;
        }
    }
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

/// Lines of a page; words are broken into lines here, since long ones are bad style in the language.
class Page {
 public:
  Page(std::string_view name, int section, std::string_view purpose) {
    std::string upper;
    for (const char c : name) upper.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    line(".TH \"" + escaped(upper) + "\" " + std::to_string(section) + " " + std::string(release_date) +
         " \"earshot " + std::string(product_version) + "\" Earshot");
    heading("NAME");
    text(escaped(name) + " \\- " + escaped(purpose));
  }

  void heading(std::string_view name) { line(".SH " + std::string(name)); }
  void part(std::string_view name) { line(".SS " + escaped(name)); }
  /// The words of `markup`, a new line at the end of each sentence and before 78 characters.
  void text(std::string_view markup) {
    std::string out;
    for (const auto word : split(markup, ' ')) {
      if (word.empty()) continue;
      if (!out.empty() && out.size() + word.size() > 76) line(std::exchange(out, {}));
      // A line that begins so would be an instruction.
      if (out.empty() && (word.front() == '.' || word.front() == '\'')) out = "\\&";
      out += (out.empty() || out == "\\&" ? "" : " ") + std::string(word);
      if (word.size() > 2 && (word.back() == '.' || word.back() == '?')) line(std::exchange(out, {}));
    }
    if (!out.empty()) line(out);
  }
  void paragraph() { line(".PP"); }
  /// A term and what follows it indented.
  void term(const std::string& markup) {
    line(".TP");
    line(markup);
  }
  void indent() { line(".RS"); }
  void outdent() { line(".RE"); }
  /// Lines as they stand.
  void literal(std::string_view lines) {
    line(".PP");
    line(".nf");
    for (const auto one : split(lines, '\n')) {
      const auto shown = escaped(one);
      line(shown.starts_with('.') ? "\\&" + shown : shown);
    }
    line(".fi");
  }
  void line(std::string_view raw) { out_ += std::string(raw) + "\n"; }
  std::string str() { return std::move(out_); }

 private:
  std::string out_;
};

std::string sentence(std::string_view text) {
  return escaped(text) + (text.ends_with('.') || text.ends_with('?') ? "" : ".");
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

void add_option(Page& page, const OptionSpec& option) {
  std::string head;
  for (const auto spelling : option.spellings())
    head += (head.empty() ? "" : ", ") + (option.is_argument() ? italic(spelling) : bold(spelling));
  if (!option.is_flag() && !option.is_argument()) head += " " + italic(option.value_name());
  page.term(head);
  std::string body = sentence(option.help);
  const auto said = [&](std::string_view word) { return option.help.find(word) != std::string_view::npos; };
  if (!std::ranges::all_of(option.choices, said)) body += " One of " + escaped(joined(option.choices)) + ".";
  if (const auto* whole = std::get_if<WholeRange>(&option.range))
    body +=
        " From " + escaped(std::to_string(whole->low)) + " to " + escaped(std::to_string(whole->high)) + ".";
  if (option.comma_separated) body += " Several are written with commas between.";
  if (option.is_repeatable() && !option.comma_separated) body += " May be given several times.";
  if (const auto standard = option.default_text(); !standard.empty())
    body += " The default is " + escaped(standard) + ".";
  page.text(body);
}

/// "[--json] [--limit N] verb [id]".
std::string synopsis_of(const OptionList& options) {
  std::string out;
  for (const auto& option : options) {
    std::string one;
    if (option.is_argument()) {
      one = italic(option.names);
    } else {
      one = bold(option.spellings().back());
      if (!option.is_flag()) one += "\\~" + italic(option.value_name());
    }
    out += (out.empty() ? "" : " ") + (option.required ? one : "[" + one + "]");
  }
  return out;
}

bool is_of_every_command(const OptionSpec& option) {
  return option.names == "--config" || option.names == "--db";
}

void add_command(Page& page, const CommandSpec& command) {
  page.part("earshot " + std::string(command.name));
  OptionList own;
  for (const auto& option : command.options)
    if (!is_of_every_command(option)) own.push_back(option);
  page.text(bold("earshot " + std::string(command.name)) + " " + synopsis_of(own));
  page.paragraph();
  page.text(sentence(command.purpose));
  for (const auto& option : own) add_option(page, option);
  page.literal(command.examples);
  if (command.fails == CommandSpec{}.fails) return;
  page.paragraph();
  page.text("Exits with 1 when: " + sentence(command.fails));
}

void add_exit_status(Page& page, std::span<const std::pair<const char*, const char*>> codes) {
  page.heading("EXIT STATUS");
  for (const auto& [code, what] : codes) {
    page.term(bold(code));
    page.text(sentence(what));
  }
}

void add_files(Page& page) {
  page.heading("FILES");
  for (const auto& [file, what] :
       {std::pair("/etc/earshot/earshot.toml", "The configuration, see earshot.toml(5)."),
        std::pair("/etc/earshot/conf.d/*.toml", "More of it, in the order of their names."),
        std::pair("/var/lib/earshot/earshot.db", "The database.")}) {
    page.term(italic(file));
    page.text(sentence(what));
  }
}

void add_see_also(Page& page, std::initializer_list<std::pair<const char*, const char*>> others) {
  page.heading("SEE ALSO");
  std::size_t left = others.size();
  for (const auto& [name, section] : others)
    page.line(".BR " + escaped(name) + " (" + section + ")" + (--left > 0 ? "," : ""));
}

}  // namespace

std::string tool_manual(const Program& tool) {
  Page page(tool.name, 1, tool.purpose);
  page.heading("SYNOPSIS");
  page.text(bold(tool.name) + " " + italic("command") + " [" + italic("options") + "]");
  page.heading("DESCRIPTION");
  page.text(
      "Reads what " + bold("earshotd") +
      "(8) has heard, and changes what people decide about it. Every reading command works while the daemon "
      "runs and when it does not; a change goes through the daemon's API while it runs.");
  page.literal(tool.examples);
  page.heading("OPTIONS");
  page.text("Every command that reads or writes the database takes the first two; " + bold("--help") +
            " goes with every command.");
  for (const auto& option : database_options()) add_option(page, option);
  page.term(bold("-h") + ", " + bold("--help"));
  page.text("Print what there is, and exit.");
  page.term(bold("--version"));
  page.text("Print the version, and exit; without a command.");
  for (const auto group : {CommandGroup::set_up, CommandGroup::look, CommandGroup::decide, CommandGroup::keep,
                           CommandGroup::tool}) {
    std::string upper;
    for (const char c : title(group))
      upper.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    page.heading("COMMANDS: " + upper);
    for (const auto& command : tool.commands)
      if (command.group == group) add_command(page, command);
  }
  constexpr std::pair<const char*, const char*> codes[] = {
      {"0", "It went well."}, {"1", "What was asked for failed."}, {"2", "Wrong usage."}};
  add_exit_status(page, codes);
  page.heading("ENVIRONMENT");
  for (const auto& [name, what] :
       {std::pair("EARSHOT_TOKEN", "Token for the running daemon, where no --token-file is given."),
        std::pair("EARSHOT_CREDENTIAL_NAME", "The secret called name, where no file holds it."),
        std::pair("NO_COLOR", "Anything: no colours.")}) {
    page.term(bold(name));
    page.text(sentence(what));
  }
  add_files(page);
  add_see_also(page, {{"earshotd", "8"}, {"earshot.toml", "5"}});
  return page.str();
}

std::string daemon_manual(const Program& daemon) {
  Page page(daemon.name, 8, daemon.purpose);
  page.heading("SYNOPSIS");
  page.text(bold(daemon.name) + " " + synopsis_of(daemon.options));
  page.heading("DESCRIPTION");
  page.text(
      "Polls and streams the configured sources, judges what comes, keeps it in one SQLite file, works out "
      "what is "
      "normal and what is not, and serves a dashboard and an API, on 127.0.0.1:8765 unless the configuration "
      "says "
      "otherwise. Killed at any moment it continues after the last page that it stored.");
  page.literal(daemon.examples);
  page.heading("OPTIONS");
  for (const auto& option : daemon.options) add_option(page, option);
  page.term(bold("-h") + ", " + bold("--help"));
  page.text("Print what there is, and exit.");
  page.term(bold("--version"));
  page.text("Print the version, and exit.");
  page.heading("SIGNALS");
  page.term(bold("SIGTERM") + ", " + bold("SIGINT"));
  page.text("Stops listening, stores what was fetched, and ends.");
  page.term(bold("SIGHUP"));
  page.text("Reads the configuration again; a wrong one is refused and the old one kept.");
  constexpr std::pair<const char*, const char*> codes[] = {
      {"0", "A clean stop."},
      {"1", "Anything that is none of the others, such as a damaged database."},
      {"2", "Wrong usage."},
      {"75", "The database is in use by another daemon."},
      {"78", "Wrong configuration, or a database it must not write."}};
  add_exit_status(page, codes);
  add_files(page);
  add_see_also(page, {{"earshot", "1"}, {"earshot.toml", "5"}});
  return page.str();
}

std::string config_manual(std::span<const daemon::ConfigTable> tables) {
  Page page("earshot.toml", 5, "configuration of earshotd and earshot");
  page.heading("DESCRIPTION");
  page.text(
      "One TOML file, and beside it " + italic("conf.d/*.toml") + " in the order of their names. " +
      bold("earshot check") + " finds every mistake with its line and column. " +
      escaped("systemctl reload earshotd applies changes; a wrong configuration is refused and the old one "
              "kept. Secrets are never in it: keys such as credential hold their names."));
  page.paragraph();
  page.text(escaped(
      "A duration is written \"250ms\", \"90s\", \"5m\", \"1.5h\", \"2d\" or \"1w\"; a day \"2026-01-01\"."));
  page.heading("TABLES");
  for (const auto& table : tables) {
    page.part(table.name.empty() ? "Top level" : table.name);
    page.text(sentence(table.what));
    for (const auto& key : table.keys) {
      page.term(bold(key.name) + " (" + escaped(key.kind) + ")");
      page.text(sentence(key.what) + (key.standard.empty()         ? ""
                                      : key.standard == "required" ? " Required."
                                                                   : " Default: " + sentence(key.standard)));
    }
  }
  page.heading("EXAMPLES");
  page.text("A brand, and where it is listened for:");
  page.literal(
      "[[brand]]\nname = \"Acme Cloud\"\naliases = [\"AcmeCloud\"]\n\n[[source]]\nconnector = \"bluesky\"\n"
      "search = [\"acme cloud\"]");
  add_files(page);
  add_see_also(page, {{"earshot", "1"}, {"earshotd", "8"}});
  return page.str();
}

}  // namespace earshot::cli
