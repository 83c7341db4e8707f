#pragma once
#include <span>
#include <string>

#include "daemon/cli/command_spec.hpp"
#include "daemon/config_schema.hpp"

/// Manual pages in the man(7) language, from the tables that the programs themselves read.
namespace earshot::cli {

/// earshot(1).
std::string tool_manual(const Program& tool);
/// earshotd(8).
std::string daemon_manual(const Program& daemon);
/// earshot.toml(5).
std::string config_manual(std::span<const daemon::ConfigTable> tables);

}  // namespace earshot::cli
