#include "net/live_queue.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace earshot::net {

void LiveQueue::push(std::string piece) {
  if (ended() || piece.empty()) return;
  bytes_ += piece.size();
  pieces_.push_back(std::move(piece));
  wake_.cancel();
}

void LiveQueue::end(Error reason) {
  if (!end_) end_ = std::move(reason);
  wake_.cancel();
}

async::Awaitable<Result<std::vector<std::string>>> LiveQueue::take(std::chrono::milliseconds wait) {
  if (pieces_.empty() && !end_ && wait.count() > 0) {
    wake_.expires_after(wait);
    boost::system::error_code cancelled;
    co_await wake_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  }
  if (pieces_.empty() && end_) co_return unexpected(*end_);
  bytes_ = 0;
  co_return std::exchange(pieces_, {});
}

}  // namespace earshot::net
