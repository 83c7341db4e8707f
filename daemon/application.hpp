#pragma once
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "daemon/config.hpp"

namespace earshot::daemon {

enum class Mode { daemon, once };

struct ApplicationOptions {
  std::string config_path;
  std::string database;  ///< overrides the configuration's
  Mode mode = Mode::daemon;
};

/// The daemon: builds everything in the order of dependence and runs until a signal ends it. SIGTERM and
/// SIGINT drain, SIGHUP reloads a valid configuration and keeps the old one otherwise.
class Application {
 public:
  /// Fails with `invalid` (configuration, every mistake), `busy` (database in use), `forbidden` or `corrupt`.
  static Result<std::unique_ptr<Application>> create(const ApplicationOptions& options);
  ~Application();

  /// Blocks. 0 after a clean end; 1 when the mode was `once` and a source could not be heard, or the store
  /// failed.
  int run();

 private:
  struct State;
  explicit Application(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace earshot::daemon
