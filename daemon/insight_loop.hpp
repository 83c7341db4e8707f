#pragma once
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "daemon/clock_watch.hpp"
#include "daemon/config.hpp"
#include "daemon/job_loop.hpp"
#include "daemon/run_log.hpp"
#include "insight/memory.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// What the loop works with; outlives it.
struct InsightServices {
  Clock& clock;
  store::Store& store;
  async::Executor home, storing, analysing;
  std::function<void(const std::string& brand)> found;  ///< on `home`, when a brand's findings were renewed
  RunLog& log;
  std::function<void(const Error&)> store_broken = {};  ///< on `home`, when a write failed for good
};

/// Runs the insight jobs of every brand from time to time, rewrites the feed files, and lets old mentions go.
/// Lives on `home`.
class InsightLoop {
 public:
  explicit InsightLoop(InsightServices services);

  /// From the next round on.
  void configure(const Config& config, std::vector<JobBrand> brands);
  /// Round by round until stopped. A failure is logged, and tried again in the next round.
  async::Awaitable<void> run();
  async::Awaitable<Status> find();
  /// Batch by batch, so that pages get their turn in between. Nothing goes while the clock is not to be
  /// trusted: it would say that everything is old.
  async::Awaitable<Status> retain();
  /// The next round begins at once, or when the one that is under way is done.
  void find_soon();
  /// What is being read is broken off; what is being written is written.
  void stop();

 private:
  /// `find_one`, with how it went in the log.
  async::Awaitable<Status> find_and_note(const JobBrand& brand, const std::string& database,
                                         const std::string& directory);
  async::Awaitable<Status> find_one(const JobBrand& brand, const std::string& database,
                                    const std::string& directory);
  /// Those who wait for an answer go into the outbox, where a way leads somewhere for them.
  async::Awaitable<Status> tell_waiting(const JobBrand& brand, const std::string& database, Timestamp now);

  InsightServices services_;
  ClockWatch clock_watch_;
  Config config_;
  std::vector<JobBrand> brands_;
  /// Of every brand by its name; a round that is under way holds on to its own.
  std::map<std::string, std::shared_ptr<insight::Memory>> memories_;
  boost::asio::steady_timer pause_;
  bool asked_ = false;  ///< for a round before its time
  std::stop_source stop_;
};

}  // namespace earshot::daemon
