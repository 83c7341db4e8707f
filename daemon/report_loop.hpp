#pragma once
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <string>
#include <utility>

#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "daemon/config.hpp"
#include "daemon/run_log.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// What the loop works with; outlives it.
struct ReportServices {
  Clock& clock;
  store::Store& store;
  async::Executor home, storing, analysing;
  RunLog& log;
};

/// Writes reports when they are due and puts them into the outbox, each brand's once per due time: the row's
/// key is the report's name, the brand and that time. What fell due while nobody ran is sent up to six hours
/// late; after that the next one tells more. Lives on `home`.
class ReportLoop {
 public:
  explicit ReportLoop(ReportServices services);

  /// From the next look on.
  void configure(const Config& config);
  /// Looks at the clock several times a minute until stopped. A failure is logged and tried again at the next
  /// look.
  async::Awaitable<void> run();
  /// Sends what is due now.
  async::Awaitable<Status> send_due();
  void stop();

 private:
  async::Awaitable<Status> send(const ReportPlan& plan, const Brand& brand, Timestamp due);

  ReportServices services_;
  Config config_;
  std::map<std::pair<std::string, std::string>, Timestamp> sent_;  ///< by report and brand: the last due time
  boost::asio::steady_timer pause_;
  bool stopping_ = false;
};

}  // namespace earshot::daemon
