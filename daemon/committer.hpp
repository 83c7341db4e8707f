#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// The one way into the store for pages. While the store thread writes one group, further pages gather and go
/// into the next transaction together (group commit). Lives on the io executor; the store is touched on its
/// own alone.
class Committer {
 public:
  Committer(store::Store& store, async::Executor store_executor, async::Executor home);

  /// Returns when the page is durable. The awaiting source fetches no further page meanwhile: that is the
  /// back-pressure.
  async::Awaitable<Result<store::Receipt>> commit(store::Batch batch);

 private:
  struct Waiting;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace earshot::daemon
