#pragma once
#include <string>
#include <string_view>
#include <vector>

/// What `earshot doctor` says.
namespace earshot::daemon::doctor {

/// From harmless to what needs somebody now.
enum class Level { ok, note, warn, bad };
std::string_view to_string(Level level);

struct Finding {
  Level level = Level::ok;
  std::string group = {};   ///< "database", "network", …
  std::string what = {};    ///< one line
  std::string why = {};     ///< what it means or where it was seen; may be empty
  std::string advice = {};  ///< what to do, one line; empty where there is nothing
  bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

/// Appends the second to the first.
void add(Findings& all, Findings more);
Level worst(const Findings& findings);

}  // namespace earshot::daemon::doctor
