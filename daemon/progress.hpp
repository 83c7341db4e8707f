#pragma once
#include <chrono>
#include <memory>
#include <vector>

#include "daemon/source_loop.hpp"

namespace earshot::daemon {

/// Shows on stderr how far the sources have caught up: one line rewritten in place on a terminal, a plain
/// line every ten seconds elsewhere.
class Progress {
 public:
  Progress();
  void show(const std::vector<std::unique_ptr<SourceLoop>>& loops);
  void finish(const std::vector<std::unique_ptr<SourceLoop>>& loops);

 private:
  bool terminal_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point said_;
};

}  // namespace earshot::daemon
