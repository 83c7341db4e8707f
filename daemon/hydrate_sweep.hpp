#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "core/base/random.hpp"
#include "daemon/config.hpp"
#include "daemon/hydrate_schedule.hpp"
#include "daemon/loop_services.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/quota_planner.hpp"
#include "net/quota_watch.hpp"

namespace earshot::daemon {

/// Asks a source's platform for stored mentions again, batch by batch: counts are refreshed, edits judged
/// anew, and what was deleted there is withdrawn here. Its place is the cursor of the source's stream
/// "hydrate" and commits with what an answer brought; the stream's epoch is its lease. Polls come first: it
/// draws on what they leave of the budget. Where the platform cannot be asked, but demands that deletions
/// follow, it only counts what is overdue. Lives on the io executor; the object must outlive `run`.
class HydrateSweep {
 public:
  /// `origin` is of the source's pages; `connector` and `planner` outlive this.
  HydrateSweep(const LoopServices& services, const SourceConfig& config, PageOrigin origin,
               connectors::Connector& connector, std::shared_ptr<const Pipeline> pipeline,
               QuotaPlanner& planner, std::uint64_t seed);

  /// Whether there is anything to do for such a source.
  static bool is_needed(const SourceConfig& config, const connectors::Connector& connector);
  bool asks() const { return batch_ > 0; }

  async::Awaitable<void> run();
  void stop();

  /// At most one request and one commit. How long to wait before the next step, nothing being wrong.
  struct Step {
    std::int64_t asked = 0, found = 0, gone = 0;
    std::chrono::milliseconds wait{0};
  };
  async::Awaitable<Result<Step>> step();
  /// Counts what was not read within the platform's window, and tells the store.
  async::Awaitable<Status> report();

 private:
  struct Due {
    HydrateRange range = {};
    std::vector<connectors::KeptMention> mentions = {};
    MentionId reached = {};
  };
  async::Awaitable<Status> take_lease();
  async::Awaitable<Result<std::optional<Due>>> find_due();
  async::Awaitable<Result<Step>> take_in(Due due, connectors::Hydrated answer);
  async::Awaitable<Status> commit(Page page);
  Result<std::optional<Due>> read_first(const std::vector<HydrateRange>& ranges,
                                        HydrateProgress* progress = nullptr);
  async::Awaitable<Result<connectors::Hydrated>> ask(std::vector<connectors::KeptMention> mentions);
  async::Awaitable<Result<Step>> control();
  Result<store::Reader*> reader();
  bool is_doubtful(std::size_t asked, const connectors::Hydrated& answer);
  async::Awaitable<void> sleep(std::chrono::milliseconds time);

  LoopServices services_;
  net::QuotaWatch http_;
  SourceConfig config_;
  PageOrigin origin_;
  connectors::Connector& connector_;
  std::shared_ptr<const Pipeline> pipeline_;
  QuotaPlanner& planner_;
  std::size_t batch_;
  HydratePlan plan_;
  std::optional<HydrateProgress> progress_;  ///< nothing: no lease
  std::unique_ptr<store::Reader> reader_;    ///< used on the analysing executor alone, one call at a time
  Random random_;
  boost::asio::steady_timer timer_;
  std::int64_t turn_ = 0;
  int failures_ = 0;        ///< in a row
  bool vouched_ = false;    ///< the platform has just known somebody: the next answer is believed
  int batch_failures_ = 0;  ///< of the same batch, which the platform refuses
  store::HydrateStatus counted_;
  bool stopping_ = false;
  std::string said_;  ///< the failure that was logged last
};

}  // namespace earshot::daemon
