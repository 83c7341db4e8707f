// What earshotd may be told.
#include "daemon/cli/command_spec.hpp"

namespace earshot::cli {

Program daemon_program() {
  return {.name = "earshotd",
          .purpose = "listens to what people say about your brands",
          .examples =
              "  earshotd --config /etc/earshot/earshot.toml\n"
              "  earshotd --config my.toml --once     catch up with every source, write the findings, exit",
          .options = database_options() +
                     OptionList{{.names = "--once",
                                 .target = &Options::once,
                                 .help = "Poll every source until it is caught up, then exit"}}};
}

}  // namespace earshot::cli
