#pragma once
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.hpp"

namespace earshot::connectors {
class PushReceiver;
}

namespace earshot::daemon {

/// What people may ask of the running daemon as a whole. Called on the io thread.
struct Controls {
  /// Takes the configuration file up anew, soon after; `invalid` with every mistake in it, and then nothing
  /// happens.
  std::function<Status()> reload;
  /// Asks a source's platform now; `invalid` when there is no such source, `rate_limited` when its platform
  /// asked for patience, or there is nothing that is polled.
  std::function<Status(const std::string& source)> poll;
  /// Destinations that rest after failures are tried at once.
  std::function<void()> deliver;
  /// Findings and feed files are made anew soon.
  std::function<void()> find;
  /// Who takes what is pushed to a source; nothing when there is no such source or it is not pushed to.
  std::function<std::shared_ptr<connectors::PushReceiver>(const std::string& source)> receiver = {};
};

}  // namespace earshot::daemon
