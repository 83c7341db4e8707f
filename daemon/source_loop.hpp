#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "core/base/random.hpp"
#include "daemon/config.hpp"
#include "daemon/hydrate_sweep.hpp"
#include "daemon/loop_services.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/quota_planner.hpp"
#include "net/quota_watch.hpp"
#include "net/retry.hpp"

namespace earshot::daemon {

/// Running totals of one source, for progress and status lines.
struct SourceTally {
  std::int64_t pages = 0, items = 0, stored = 0, unmatched = 0, malformed = 0;
  bool caught_up = false;
  std::string error = {};
};

/// One configured source: polls its streams in turn, commits page by page, and decides when to come back.
/// Each of its live streams, and the sweep that asks for mentions again, has a coroutine of its own beside
/// that, so that waiting for news holds nobody up; when one was deaf and is heard again, the polled streams
/// are asked at once, since they make up for what it missed. Lives on the io executor. `run` ends only after
/// `stop`; the object must outlive it.
class SourceLoop {
 public:
  /// Whether polls wait for requests that the budget does not hold yet.
  enum class Budget { limited, unlimited };

  SourceLoop(LoopServices services, SourceConfig config, SourceId id,
             std::unique_ptr<connectors::Connector> connector, std::shared_ptr<const Pipeline> pipeline,
             std::vector<BrandId> brands, std::optional<BrandId> about, std::uint64_t seed);

  async::Awaitable<void> run();
  /// Polls until every polled stream is caught up (a live one has no end to reach); transient failures are
  /// retried `attempts_max` times in a row.
  async::Awaitable<Status> catch_up(int attempts_max, Budget budget);
  void stop();
  /// Asks every polled stream at once; one whose platform asked for patience keeps its time. False: there is
  /// none that could be asked.
  bool poll_now();

  /// Takes what is pushed to the source; nothing: it is not pushed to.
  std::shared_ptr<connectors::PushReceiver> receiver() { return connector_->receiver(); }

  const SourceTally& tally() const { return tally_; }
  const std::string& name() const { return config_.name; }

 private:
  using Steady = std::chrono::steady_clock::time_point;

  /// One stream on its own timetable, so that a dead feed neither silences its neighbours nor hurries them.
  struct Place {
    connectors::Stream stream;
    std::optional<Steady> asked_at = {};  ///< when its last poll began
    std::optional<Timestamp> asked_on = {};
    bool held = false;                                      ///< back beyond its time, for want of requests
    bool walking = false;                                   ///< its last poll did not come to an end
    std::unique_ptr<boost::asio::steady_timer> timer = {};  ///< of a live stream
    Steady due_at = {};                                     ///< not asked before
    std::chrono::milliseconds interval{0};
    int failures = 0;  ///< in a row, without a page in between that led on
    std::optional<Error> trouble = {};
    std::optional<Timestamp> deaf_since = {};
    bool heard = false;    ///< has been caught up since the start
    bool settled = false;  ///< of `catch_up`: caught up or given up
  };
  struct PollResult {
    std::size_t news = 0;
    bool more = false;
    bool moved = false;  ///< a page was committed and the cursor went on
    std::optional<Timestamp> not_before = {};
    std::optional<Timestamp> caught_up_at = {};  ///< before this poll
    std::optional<Error> failure = {};
  };
  /// What a round has to say to the gap table about one stream.
  struct GapNote {
    std::string stream;
    std::optional<Gap> gap = {};
    std::optional<Timestamp> made_up_since = {};  ///< outages from here on were caught up with after all
  };

  async::Awaitable<PollResult> poll(const connectors::Stream& stream, Budget budget);
  async::Awaitable<void> run_polled();
  async::Awaitable<void> run_sweep();
  /// The one that is due and was asked longest ago.
  Place* next_due();
  bool hold_back();
  void note_sampled(Place& place);
  std::optional<double> poll_rate() const;
  async::Awaitable<void> run_live(Place& place);
  void start_live();
  void start_beside(async::Awaitable<void> work);
  async::Awaitable<void> end_live();
  void settle(Place& place, const PollResult& polled);
  void settle_live(Place& place, const PollResult& polled);
  void note_heard(Place& place, const PollResult& polled);
  async::Awaitable<void> report();
  async::Awaitable<void> sleep(boost::asio::steady_timer& timer, std::chrono::milliseconds time);
  std::chrono::milliseconds until_due() const;

  LoopServices services_;
  net::QuotaWatch http_;  ///< in place of the client that is shared
  SourceConfig config_;
  SourceId id_;
  std::unique_ptr<connectors::Connector> connector_;
  std::shared_ptr<const Pipeline> pipeline_;
  std::vector<BrandId> brands_;
  std::optional<BrandId> about_;
  Random random_;
  QuotaPlanner planner_;
  std::unique_ptr<HydrateSweep> sweep_;  ///< nothing: mentions are not asked for again
  std::vector<Place> places_;
  std::vector<GapNote> gap_notes_;
  boost::asio::steady_timer timer_;
  int live_running_ = 0;
  std::exception_ptr live_failure_;
  bool stopping_ = false;
  std::set<std::string> said_;  ///< failures already logged, so that a long outage is not one line a minute
  SourceTally tally_;
};

}  // namespace earshot::daemon
