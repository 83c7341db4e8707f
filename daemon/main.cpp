// earshotd: the listening daemon.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "daemon/application.hpp"
#include "daemon/cli/command_spec.hpp"
#include "daemon/exit_code.hpp"

namespace {

/// Where standard input, output or error is closed, the next file that is opened would take its place, and
/// get our log written into it.
void fill_standard_streams() {
  int file = 0;
  while (file >= 0 && file <= 2) file = ::open("/dev/null", O_RDWR);
  if (file > 2) ::close(file);
}

int listen(const earshot::cli::Options& told) {
  using namespace earshot;
  // A vanished reader of our output, and a file-size limit, are errors to handle, not reasons to die.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // A core dump would hold every token in memory.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  auto application =
      daemon::Application::create({.config_path = told.config_path,
                                   .database = told.database,
                                   .mode = told.once ? daemon::Mode::once : daemon::Mode::daemon});
  if (!application) {
    std::fprintf(stderr, "%s\n", application.error().message.c_str());
    return daemon::start_failure_code(application.error());
  }
  return (*application)->run();
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_streams();
  auto program = earshot::cli::daemon_program();
  program.run = listen;
  return earshot::cli::run_program(program, argc, argv);
}
