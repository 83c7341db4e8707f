#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/model/page.hpp"

namespace earshot::connectors::webhook {

/// What a source remembers from push to push: it is the stream's cursor, and so is durable together with the
/// mentions.
struct Place {
  static constexpr std::uint32_t schema = 1;
  static constexpr std::size_t deliveries_max = 512;

  std::int64_t count = 0;               ///< deliveries so far
  std::optional<Timestamp> last_at;     ///< of the last one
  std::deque<std::string> deliveries;   ///< the last ones, by what their repeats have in common

  static Result<Place> read(const Cursor& cursor);
  Cursor write() const;
  bool knows(const std::string& delivery) const;
};

struct Delivery {
  std::string key;  ///< what its repeats have in common
  Page page;
  std::size_t bytes = 0;  ///< of the body
};

/// Where deliveries wait for the source's next page, and their senders for the commit. Lives on the io
/// executor. At most 64 deliveries or 8 MB wait; more are refused.
class Inbox {
 public:
  enum class Outcome { stored, repeated, refused };

  /// Waits for the commit, ten seconds at most; `refused` when it did not come or there is no room.
  async::Awaitable<Outcome> deliver(Delivery delivery);
  /// Waits for a delivery, at most this long.
  async::Awaitable<void> wait(std::chrono::milliseconds time);
  /// Ends the wait that is under way, or the next one.
  void wake();
  /// Everything that waits as one page; `place` moves on. Known deliveries are left out.
  Page take(Place& place, Timestamp now);
  /// What became of the page that was taken last.
  void settle(bool durable);
  /// Nothing is taken from now on; those who wait are told.
  void close();
  bool closed() const { return closed_; }

 private:
  struct Waiter {
    explicit Waiter(async::Executor executor) : timer(std::move(executor)) {}
    boost::asio::steady_timer timer;
    std::optional<Outcome> outcome;
  };
  struct Waiting {
    Delivery delivery;
    std::shared_ptr<Waiter> sender;
    bool repeated = false;
  };
  static void answer(Waiting& waiting, Outcome outcome);

  std::deque<Waiting> queue_;
  std::vector<Waiting> taken_;
  std::size_t bytes_ = 0;
  std::shared_ptr<Waiter> reader_;
  bool woken_ = false;
  bool closed_ = false;
};

}  // namespace earshot::connectors::webhook
