#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"

namespace earshot::net {

/// What a live connection has heard and nobody has read yet. The writer stops while it is `full`, which is
/// the back-pressure; the last piece may go beyond the bound. Lives on the io executor; must outlive a
/// `take`.
class LiveQueue {
 public:
  LiveQueue(async::Executor executor, std::size_t bytes_max) : bytes_max_(bytes_max), wake_(executor) {}

  bool full() const { return bytes_ >= bytes_max_; }
  bool ended() const { return end_.has_value(); }
  void push(std::string piece);
  /// No more will come; the first reason counts.
  void end(Error reason);
  /// Everything there is, waiting at most `wait` for the first; then the reason of the end.
  async::Awaitable<Result<std::vector<std::string>>> take(std::chrono::milliseconds wait);

 private:
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::vector<std::string> pieces_;
  std::optional<Error> end_;
  boost::asio::steady_timer wake_;
};

}  // namespace earshot::net
