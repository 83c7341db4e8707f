// earshotd: the listening daemon.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "daemon/application.hpp"
#include "daemon/exit_code.hpp"

int main(int argc, char** argv) {
  using namespace earshot;
  CLI::App app(
      "earshotd - listens to what people say about your brands\n\nExamples:\n"
      "  earshotd --config /etc/earshot/earshot.toml\n"
      "  earshotd --config my.toml --once     catch up with every source, write the findings, exit\n");
  daemon::ApplicationOptions options{.config_path = "/etc/earshot/earshot.toml", .database = {}};
  bool once = false;
  app.add_option("--config", options.config_path, "Configuration file (TOML)")->capture_default_str();
  app.add_option("--db", options.database, "Database file, instead of the configured one");
  app.add_flag("--once", once, "Poll every source until it is caught up, then exit");
  app.set_version_flag("--version", "earshotd 0.1.0");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure) == 0 ? 0 : 2;
  }
  // A vanished reader of our output, and a file-size limit, are errors to handle, not reasons to die.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // A core dump would hold every token in memory.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  options.mode = once ? daemon::Mode::once : daemon::Mode::daemon;
  auto application = daemon::Application::create(options);
  if (!application) {
    std::fprintf(stderr, "%s\n", application.error().message.c_str());
    return daemon::start_failure_code(application.error());
  }
  return (*application)->run();
}
