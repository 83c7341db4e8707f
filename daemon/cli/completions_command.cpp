// completions: scripts for shells, and the names that they ask for.
#include <cstdio>

#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/completions.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/config.hpp"

namespace earshot::cli {
namespace {

void print_lines(const std::vector<std::string>& names) {
  for (const auto& name : names) std::printf("%s\n", printable(name).c_str());
}

/// From the configuration; where there is none, from the database. Without either there is nothing to offer,
/// which is no mistake while somebody types.
int print_names(const Options& options, bool brands) {
  std::vector<std::string> names;
  const auto config = daemon::load_config(options.config_path);
  if (config && options.database.empty()) {
    for (const auto& brand : config->brands)
      if (brands) names.push_back(brand.name);
    for (const auto& source : config->sources)
      if (!brands) names.push_back(source.name);
  } else if (auto reader = open(options)) {
    if (auto rows = (*reader)->brands(); rows && brands)
      for (const auto& row : *rows) names.push_back(row.name);
    if (auto rows = (*reader)->sources(); rows && !brands)
      for (const auto& row : *rows) names.push_back(row.name);
  }
  print_lines(names);
  return 0;
}

}  // namespace

int completions(const Options& options) {
  if (options.verb == "brands" || options.verb == "sources")
    return print_names(options, options.verb == "brands");
  const auto tool = tool_program();
  const auto script = options.verb == "bash"  ? bash_completions(tool)
                      : options.verb == "zsh" ? zsh_completions(tool)
                                              : fish_completions(tool);
  std::fwrite(script.data(), 1, script.size(), stdout);
  return std::fflush(stdout) == 0 ? 0 : fail("the script could not be written");
}

CommandSpec completions_command() {
  return {
      .name = "completions",
      .group = CommandGroup::tool,
      .purpose = "Completion of commands, options and names, as a script for a shell",
      .examples =
          "  source <(earshot completions bash)\n"
          "  earshot completions zsh > ~/.zsh/completions/_earshot\n"
          "  earshot completions fish > ~/.config/fish/completions/earshot.fish",
      .run = completions,
      .options = OptionList{{.names = "what",
                             .target = &Options::verb,
                             .help = "bash, zsh or fish; brands or sources: the names that the scripts offer",
                             .choices = {"bash", "zsh", "fish", "brands", "sources"},
                             .required = true}} +
                 database_options()};
}

}  // namespace earshot::cli
