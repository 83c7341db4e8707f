#pragma once
#include <chrono>
#include <string>

#include "core/base/clock.hpp"
#include "daemon/doctor/finding.hpp"

namespace earshot::daemon::doctor {

struct Question {
  std::string config_path;
  std::string database = {};  ///< empty: the configuration's
  bool offline = false;       ///< nothing on the network is asked
  /// How long the database's pages are looked through; more is not needed to tell most damage.
  Milliseconds check_most = std::chrono::seconds(5);
};

/// Looks at everything that can be looked at, whether a daemon runs or not, and goes on where something is
/// broken. Changes nothing. Blocking: seconds.
Findings examine(const Question& question, Timestamp now);

}  // namespace earshot::daemon::doctor
