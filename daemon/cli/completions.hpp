#pragma once
#include <string>

#include "daemon/cli/command_spec.hpp"

/// Scripts by which a shell completes a program's commands, options and values; brands and sources are asked
/// of the program itself, as `completions brands` and `completions sources`.
namespace earshot::cli {

std::string bash_completions(const Program& program);
std::string zsh_completions(const Program& program);
std::string fish_completions(const Program& program);

}  // namespace earshot::cli
