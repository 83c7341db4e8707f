// earshot: the command-line tool. What it may be told is in commands.cpp and beside each command.
#include <sys/resource.h>

#include "daemon/cli/command_spec.hpp"

int main(int argc, char** argv) {
  // A core dump would hold the secrets that some commands read.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const auto tool = earshot::cli::tool_program();
  return earshot::cli::run_program(tool, argc, argv);
}
