#include "daemon/committer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace earshot::daemon {
namespace asio = boost::asio;
using Outcome = Result<store::Receipt>;

struct Committer::Waiting {
  store::Batch batch;
  std::function<void(Outcome)> done;
};

struct Committer::State : std::enable_shared_from_this<State> {
  State(store::Store& s, async::Executor there, async::Executor here)
      : store(s), store_executor(std::move(there)), home(std::move(here)) {}

  void push(Waiting waiting) {
    queue.push_back(std::move(waiting));
    if (!writing) drain();
  }

  void drain() {
    writing = true;
    auto group = std::make_shared<std::vector<Waiting>>(std::move(queue));
    queue.clear();
    asio::post(store_executor, [self = shared_from_this(), group] {
      auto outcomes = std::make_shared<std::vector<Outcome>>(self->write(*group));
      asio::post(self->home, [self, group, outcomes] {
        self->writing = false;
        if (!self->queue.empty()) self->drain();
        for (std::size_t i = 0; i < group->size(); ++i) (*group)[i].done(std::move((*outcomes)[i]));
      });
    });
  }

  /// On the store thread. One page's refusal (a stale epoch) must not cost the others theirs: then each goes
  /// alone. Not into a store that is broken: what a failed sync left must not pass for written.
  std::vector<Outcome> write(const std::vector<Waiting>& group) {
    std::vector<store::Batch> batches;
    for (const auto& waiting : group) batches.push_back(waiting.batch);
    std::vector<Outcome> outcomes;
    auto together = store.write(batches);
    if (together) {
      for (auto& receipt : *together) outcomes.emplace_back(receipt);
      return outcomes;
    }
    const auto kind = together.error().kind;
    if (batches.size() == 1 || kind == ErrorKind::internal || kind == ErrorKind::corrupt) {
      outcomes.assign(batches.size(), unexpected(together.error()));
      return outcomes;
    }
    for (const auto& batch : batches) {
      auto alone = store.write(std::span(&batch, 1));
      outcomes.push_back(alone ? Outcome(alone->front()) : Outcome(unexpected(alone.error())));
    }
    return outcomes;
  }

  store::Store& store;
  async::Executor store_executor;
  async::Executor home;
  std::vector<Waiting> queue;
  bool writing = false;
};

Committer::Committer(store::Store& store, async::Executor store_executor, async::Executor home)
    : state_(std::make_shared<State>(store, std::move(store_executor), std::move(home))) {}

async::Awaitable<Outcome> Committer::commit(store::Batch batch) {
  auto initiate = [this, &batch](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    state_->push(Waiting{.batch = std::move(batch),
                         .done = [shared](Outcome outcome) { std::move (*shared)(std::move(outcome)); }});
  };
  auto outcome = co_await asio::async_initiate<decltype(asio::use_awaitable), void(Outcome)>(
      initiate, asio::use_awaitable);
  co_return outcome;
}

}  // namespace earshot::daemon
