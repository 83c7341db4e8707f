#pragma once
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "connectors/connector.hpp"
#include "core/base/random.hpp"
#include "daemon/committer.hpp"
#include "daemon/config.hpp"
#include "daemon/pipeline.hpp"
#include "net/http_client.hpp"
#include "net/retry.hpp"

namespace earshot::daemon {

/// What every source loop shares.
struct LoopServices {
  net::HttpClient& http;
  const Clock& clock;
  store::Store& store;
  Committer& committer;
  async::Executor home;      ///< the io thread
  async::Executor storing;   ///< the store thread
  async::Executor analysing; ///< the worker pool
};

/// Running totals of one source, for progress and status lines.
struct SourceTally {
  std::int64_t pages = 0, items = 0, stored = 0, unmatched = 0, malformed = 0;
  bool caught_up = false;
  std::string error = {};
};

/// One configured source: polls its streams in turn, commits page by page, and decides when to come back. Lives on the
/// io executor. `run` ends only after `stop`; the object must outlive it.
class SourceLoop {
 public:
  SourceLoop(LoopServices services, SourceConfig config, SourceId id, std::unique_ptr<connectors::Connector> connector,
             std::shared_ptr<const Pipeline> pipeline, std::vector<BrandId> brands, std::optional<BrandId> about,
             std::uint64_t seed);

  async::Awaitable<void> run();
  /// Polls until every stream is caught up; transient failures are retried `attempts_max` times in a row.
  async::Awaitable<Status> catch_up(int attempts_max);
  void stop();

  const SourceTally& tally() const { return tally_; }
  const std::string& name() const { return config_.name; }

 private:
  enum class Budget { limited, unlimited };
  struct PollResult {
    std::size_t news = 0;
    bool more = false;
    std::optional<Timestamp> not_before;
  };
  async::Awaitable<Result<PollResult>> poll(Budget budget);
  async::Awaitable<Result<PollResult>> poll_stream(const connectors::Stream& stream, Budget budget);
  async::Awaitable<void> note_failure(Error error, std::chrono::milliseconds wait);
  async::Awaitable<void> note_success(std::optional<Timestamp> next_at);
  async::Awaitable<void> sleep(std::chrono::milliseconds time);

  LoopServices services_;
  SourceConfig config_;
  SourceId id_;
  std::unique_ptr<connectors::Connector> connector_;
  std::shared_ptr<const Pipeline> pipeline_;
  std::vector<BrandId> brands_;
  std::optional<BrandId> about_;
  Random random_;
  std::vector<connectors::Stream> streams_;
  boost::asio::steady_timer timer_;
  bool stopping_ = false;
  int failures_ = 0;
  std::optional<Timestamp> deaf_since_;
  std::string said_;  ///< the last failure that was logged, so that a long outage is not one line a minute
  SourceTally tally_;
};

}  // namespace earshot::daemon
