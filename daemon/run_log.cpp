#include "daemon/run_log.hpp"

namespace earshot::daemon {

JobRun& RunLog::run(const std::string& job, const std::string& brand, Timestamp at) {
  auto& out = jobs_[{job, brand}];
  out.job = job;
  out.brand = brand;
  out.last_at = at;
  ++out.runs;
  return out;
}

void RunLog::configured(Timestamp at) {
  const std::lock_guard lock(mutex_);
  configured_at_ = at;
}

void RunLog::done(const std::string& job, const std::string& brand, Timestamp at,
                  std::chrono::milliseconds took) {
  const std::lock_guard lock(mutex_);
  auto& one = run(job, brand, at);
  one.last_ok_at = at;
  one.took = took;
  one.last_error.clear();
}

void RunLog::failed(const std::string& job, const std::string& brand, Timestamp at,
                    const std::string& error) {
  const std::lock_guard lock(mutex_);
  auto& one = run(job, brand, at);
  ++one.failures;
  one.last_error = error;
}

Timestamp RunLog::configured_at() const {
  const std::lock_guard lock(mutex_);
  return configured_at_;
}

std::vector<JobRun> RunLog::jobs() const {
  const std::lock_guard lock(mutex_);
  std::vector<JobRun> out;
  for (const auto& [key, one] : jobs_) out.push_back(one);
  return out;
}

}  // namespace earshot::daemon
