// man: the manual pages, from the tables that the programs read.
#include <cstdio>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/manual.hpp"
#include "daemon/cli/terminal.hpp"

namespace earshot::cli {

int man(const Options& options) {
  const auto page = options.name == "earshot"    ? tool_manual(tool_program())
                    : options.name == "earshotd" ? daemon_manual(daemon_program())
                                                 : config_manual(daemon::config_schema());
  std::fwrite(page.data(), 1, page.size(), stdout);
  return std::fflush(stdout) == 0 ? 0 : fail("the page could not be written");
}

CommandSpec man_command() {
  return {.name = "man",
          .group = CommandGroup::tool,
          .purpose = "The manual pages, for programs that show them",
          .examples =
              "  earshot man earshot | man -l -\n"
              "  earshot man earshot.toml | man -l -",
          .run = man,
          .options = OptionList{{.names = "page",
                                 .target = &Options::name,
                                 .help = "Which of them",
                                 .choices = {"earshot", "earshotd", "earshot.toml"},
                                 .required = true}}};
}

}  // namespace earshot::cli
