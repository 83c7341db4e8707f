#pragma once
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"

namespace earshot::daemon {

/// How one job fared for one brand, or for none.
struct JobRun {
  std::string job = {};
  std::string brand = {};
  Timestamp last_at = {};  ///< when it last ended, well or not
  std::optional<Timestamp> last_ok_at = {};
  std::chrono::milliseconds took{0};  ///< the last time that it went well
  std::int64_t runs = 0, failures = 0;
  std::string last_error = {};  ///< empty: the last run went well
};

/// What the daemon did since it began. On any thread.
class RunLog {
 public:
  explicit RunLog(Timestamp started_at) : started_at_(started_at), configured_at_(started_at) {}

  void configured(Timestamp at);
  void done(const std::string& job, const std::string& brand, Timestamp at, std::chrono::milliseconds took);
  void failed(const std::string& job, const std::string& brand, Timestamp at, const std::string& error);

  Timestamp started_at() const { return started_at_; }
  /// When the configuration that is in force was taken up.
  Timestamp configured_at() const;
  /// By job and brand.
  std::vector<JobRun> jobs() const;

 private:
  JobRun& run(const std::string& job, const std::string& brand, Timestamp at);

  const Timestamp started_at_;
  mutable std::mutex mutex_;
  Timestamp configured_at_;
  std::map<std::pair<std::string, std::string>, JobRun> jobs_;
};

}  // namespace earshot::daemon
