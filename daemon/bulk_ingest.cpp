#include "daemon/bulk_ingest.hpp"

#include <algorithm>

namespace earshot::daemon {
namespace {

/// Blocks in one transaction at most: the sync at its end must not count, nor a reader wait for its end.
constexpr std::size_t group_max = 8;

}  // namespace

BulkIngest::BulkIngest(store::Store& store, std::unique_ptr<store::Indexer> indexer, const Pipeline& pipeline,
                       PageOrigin origin, connectors::import::ImportOptions options, Report report)
    : store_(store),
      indexer_(std::move(indexer)),
      pipeline_(pipeline),
      origin_(std::move(origin)),
      options_(std::move(options)),
      report_(std::move(report)) {
  const auto workers = std::max(1U, std::thread::hardware_concurrency());
  slots_max_ = group_max + 2 * workers;
  threads_.emplace_back([this] { write(); });
  threads_.emplace_back([this] { index(); });
  for (unsigned i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
}

BulkIngest::~BulkIngest() { static_cast<void>(finish()); }

bool BulkIngest::push(Block block) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return slots_.size() < slots_max_ || !status_; });
  if (!status_) return false;
  slots_.push_back(std::make_unique<Slot>(Slot{.block = std::move(block), .batch = {}}));
  changed_.notify_all();
  return true;
}

Status BulkIngest::finish() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  threads_.clear();
  return status_ ? index_status_ : status_;
}

void BulkIngest::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return taken_ < slots_.size() || ended_ || !status_; });
    if (!status_ || taken_ == slots_.size()) return;
    auto& slot = *slots_[taken_++];
    lock.unlock();
    analyse(slot);
    lock.lock();
    slot.ready = true;
    changed_.notify_all();
  }
}

void BulkIngest::analyse(Slot& slot) const {
  auto& block = slot.block;
  if (!block.lines.empty()) {
    auto options = options_;
    options.first_line = block.first_line;
    connectors::import::ImportReader reader(std::move(options));
    reader.push(block.lines, block.read);
    reader.finish(block.read);
    block.lines = {};
  }
  Page page;
  page.mentions.reserve(block.read.mentions.size());
  for (auto& item : block.read.mentions) page.mentions.push_back(std::move(item.mention));
  block.read.mentions = {};
  page.bad_items.resize(block.read.errors.size());
  slot.batch = pipeline_.process(std::move(page), origin_, options_.now);
}

void BulkIngest::write() {
  std::unique_lock lock(mutex_);
  for (Status status = Done{}; status;) {
    changed_.wait(lock, [&] { return slots_.empty() ? ended_ : slots_.front()->ready; });
    if (slots_.empty()) break;
    std::vector<std::unique_ptr<Slot>> group;
    while (!slots_.empty() && slots_.front()->ready && group.size() < group_max) {
      group.push_back(std::move(slots_.front()));
      slots_.pop_front();
      --taken_;
    }
    changed_.notify_all();
    lock.unlock();
    status = commit(std::move(group));
    lock.lock();
    if (!status) status_ = status;
  }
  written_ = true;
  changed_.notify_all();
}

/// Follows the writer, which does not wait for it: what it has not taken in when it fails, the next run or
/// the daemon takes in.
void BulkIngest::index() {
  for (;;) {
    std::unique_lock lock(mutex_);
    const bool last = written_;
    lock.unlock();
    const auto more = indexer_->advance();
    lock.lock();
    if (!more) index_status_ = unexpected(more.error());
    if (!more || (last && !*more)) return;
    if (!*more) changed_.wait_for(lock, std::chrono::milliseconds(100), [&] { return written_; });
  }
}

Status BulkIngest::commit(std::vector<std::unique_ptr<Slot>> group) {
  std::vector<store::Batch> batches;
  for (auto& slot : group) {
    for (const auto& error : slot->block.read.errors) report_(error);
    auto& batch = batches.emplace_back(std::move(slot->batch));
    batch.epoch = origin_.epoch + static_cast<std::int64_t>(batches.size()) - 1;
  }
  auto receipts = store_.write(batches);
  if (!receipts) return unexpected(receipts.error());
  for (const auto& receipt : *receipts) {
    origin_.epoch = receipt.epoch;
    total_.stored += receipt.stored;
    total_.duplicate += receipt.duplicate;
    total_.updated += receipt.updated;
    total_.unmatched += receipt.unmatched;
  }
  return Done{};
}

}  // namespace earshot::daemon
