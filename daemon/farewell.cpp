#include "daemon/farewell.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"

namespace earshot::daemon {
namespace {

/// Nobody waits for it.
constexpr std::chrono::minutes pause{5};

}  // namespace

Farewell::Farewell(LoopServices services, std::string name, SourceId id,
                   std::unique_ptr<connectors::Connector> connector)
    : services_(std::move(services)),
      name_(std::move(name)),
      id_(id),
      connector_(std::move(connector)),
      timer_(services_.home) {}

async::Awaitable<void> Farewell::run() {
  while (!stopping_) {
    auto streams = connector_->streams();
    if (streams.empty()) break;
    auto stream = std::move(streams.front());
    auto step = co_await take_step(std::move(stream));
    if (step) continue;
    if (stopping_) break;
    log::info("a source that was removed could not take its leave",
              {{"source", name_}, {"error", step.error().message}});
    timer_.expires_after(pause);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  }
}

async::Awaitable<Status> Farewell::take_step(connectors::Stream stream) {
  auto read = [this, &stream] { return services_.store.stream(id_, stream.name); };
  auto state = co_await async::run_on(services_.storing, read);
  if (!state) co_return unexpected(state.error());
  connectors::Context context{.http = services_.http, .clock = services_.clock};
  auto cursor = state->cursor;
  auto page = co_await connector_->fetch(context, stream, std::move(cursor));
  if (!page) co_return unexpected(page.error());
  store::Batch batch{
      .source = id_, .stream = stream.name, .epoch = state->epoch, .now = services_.clock.now()};
  batch.cursor = std::move(page->cursor);
  auto receipt = co_await services_.committer.commit(std::move(batch));
  if (receipt) co_return Done{};
  const bool broken =
      receipt.error().kind == ErrorKind::corrupt || receipt.error().kind == ErrorKind::internal;
  if (broken && services_.store_broken) services_.store_broken(receipt.error());
  co_return unexpected(receipt.error());
}

void Farewell::stop() {
  stopping_ = true;
  connector_->stop();
  timer_.cancel();
}

}  // namespace earshot::daemon
