#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "connectors/import/import_reader.hpp"
#include "daemon/pipeline.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// A file's share of one transaction: lines still to be parsed, or what was read of them already.
struct Block {
  std::string lines;           ///< whole lines of the interchange format
  std::size_t first_line = 1;  ///< their number in the file
  connectors::import::ImportBatch read;
};

/// Takes a file of mentions through the pipeline with all cores: blocks are parsed and analysed side by side,
/// and written in their order by one thread, as many in one transaction as are ready. `push` waits while too
/// many are on their way, so that memory is bounded whatever the file's size.
class BulkIngest {
 public:
  /// `report` is told of bad lines, in their order, on the writer's thread.
  using Report = std::function<void(const connectors::import::ImportError&)>;
  BulkIngest(store::Store& store, std::unique_ptr<store::Indexer> indexer, const Pipeline& pipeline,
             PageOrigin origin, connectors::import::ImportOptions options, Report report);
  ~BulkIngest();
  BulkIngest(const BulkIngest&) = delete;
  BulkIngest& operator=(const BulkIngest&) = delete;

  /// False once a write has failed: the rest would be lost labour.
  bool push(Block block);
  /// Waits until everything is durable and can be searched; the first failure, if there was one.
  Status finish();
  /// What became of the mentions that were written; only after `finish`.
  const store::Receipt& total() const { return total_; }

 private:
  struct Slot {
    Block block;
    store::Batch batch;
    bool ready = false;
  };
  void work();
  void write();
  void index();
  void analyse(Slot& slot) const;
  Status commit(std::vector<std::unique_ptr<Slot>> group);

  store::Store& store_;
  std::unique_ptr<store::Indexer> indexer_;
  const Pipeline& pipeline_;
  PageOrigin origin_;
  connectors::import::ImportOptions options_;
  Report report_;
  std::size_t slots_max_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Slot>> slots_;  ///< in the file's order
  std::size_t taken_ = 0;                    ///< of `slots_`, by workers
  bool ended_ = false;                       ///< nothing more is pushed
  bool written_ = false;                     ///< the writer has ended
  Status status_ = Done{};                   ///< of writing
  Status index_status_ = Done{};             ///< of the full-text index, which then only lags
  store::Receipt total_;
  std::vector<std::jthread> threads_;  ///< last: they use all of the above
};

}  // namespace earshot::daemon
