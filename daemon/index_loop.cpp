#include "daemon/index_loop.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"

namespace earshot::daemon {
namespace asio = boost::asio;

IndexLoop::IndexLoop(store::Store& store, async::Executor home) : store_(store), pause_(std::move(home)) {}

IndexLoop::~IndexLoop() { thread_.join(); }

void IndexLoop::stop() {
  stopping_ = true;
  pause_.cancel();
}

async::Awaitable<Status> IndexLoop::catch_up() {
  auto some = [this]() -> Result<bool> {
    if (!indexer_) {
      auto opened = store_.indexer();
      if (!opened) return unexpected(opened.error());
      indexer_ = std::move(*opened);
    }
    return indexer_->advance();
  };
  for (bool more = true; more && !stopping_;) {
    auto taken = co_await async::run_on(thread_.get_executor(), some);
    if (!taken) co_return unexpected(taken.error());
    more = *taken;
  }
  co_return Done{};
}

async::Awaitable<void> IndexLoop::run() {
  while (!stopping_) {
    auto status = co_await catch_up();
    if (!status) log::warn("the search index fell behind", {{"error", status.error().message}});
    pause_.expires_after(status ? std::chrono::milliseconds(500) : std::chrono::milliseconds(10'000));
    boost::system::error_code cancelled;
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
}

}  // namespace earshot::daemon
