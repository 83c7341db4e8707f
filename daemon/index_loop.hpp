#pragma once
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// Lets the full-text index follow the writer on a thread of its own. The index is opened there, too:
/// whatever state it is in, listening does not wait for it. Lives on `home`.
class IndexLoop {
 public:
  IndexLoop(store::Store& store, async::Executor home);
  ~IndexLoop();

  /// Follows until stopped. A failure only makes search lag; it is logged, and tried again later.
  async::Awaitable<void> run();
  /// Takes in everything that waits.
  async::Awaitable<Status> catch_up();
  void stop();

 private:
  store::Store& store_;
  boost::asio::thread_pool thread_{1};
  boost::asio::steady_timer pause_;
  std::unique_ptr<store::Indexer> indexer_;
  bool stopping_ = false;
};

}  // namespace earshot::daemon
