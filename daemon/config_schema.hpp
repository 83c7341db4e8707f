#pragma once
#include <span>
#include <string_view>
#include <vector>

/// Every key of the configuration, described: the manual page is made from it, and tests hold it against the
/// readers that parse and against docs/config.md.
namespace earshot::daemon {

struct ConfigKey {
  std::string_view name;
  std::string_view kind;      ///< what may be written: "text", "duration", "number from 1 to 64", …
  std::string_view standard;  ///< the default as one would write or say it; empty: none; "required"
  std::string_view what;      ///< one sentence or more, units included
};

struct ConfigTable {
  std::string_view name;  ///< as it is written: "[net]", "[[brand]]"; empty: the top level
  std::string_view what;
  std::vector<ConfigKey> keys;
};

/// In the order of docs/config.md.
const std::vector<ConfigTable>& config_schema();

}  // namespace earshot::daemon
