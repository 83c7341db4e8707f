#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "daemon/delivery_ways.hpp"
#include "net/retry.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// Brings the outbox to the destinations. Each has a lane of its own, which decides what of the outbox goes
/// there, sends one message at a time, and settles each in the store before the next: at least once, in the
/// order of each thread. A destination that fails is asked again after longer and longer waits, with one
/// message; those behind it wait, and go out at the destination's pace when it is back. Lives on `home`.
class DeliveryLoop {
 public:
  DeliveryLoop(store::Store& store, const Clock& clock, async::Executor home, async::Executor storing);
  ~DeliveryLoop();

  /// Takes a checked configuration; nothing is sent before `start`.
  void configure(const Config& config, const net::ClientOptions& options);
  void start();
  /// Lets what is on its way arrive, for a few seconds; then ends it. What was broken off goes out again,
  /// with the same id, after the next start.
  async::Awaitable<void> drain();
  /// Drains, and goes on with another configuration.
  async::Awaitable<void> reload(Config config, net::ClientOptions options);
  /// Ends every destination's rest after failures, soon after.
  void try_now();
  /// Sends what is due, for as long as destinations take it; for a run that ends by itself.
  async::Awaitable<Status> catch_up();

 private:
  struct Lane;
  struct Generation;

  async::Awaitable<void> serve(std::shared_ptr<Generation> owner, Lane& lane);
  async::Awaitable<void> keep(std::shared_ptr<Generation> owner);
  async::Awaitable<Status> begin(Lane& lane);
  /// One message, when one is due; how long to wait before the next step.
  async::Awaitable<Result<Milliseconds>> step(Generation& owner, Lane& lane);
  Status route_new(const Generation& owner, const Lane& lane, Timestamp now);
  async::Awaitable<Result<Milliseconds>> send(Lane& lane, std::vector<store::Delivery> rows);
  Result<Milliseconds> settle(Lane& lane, const std::vector<store::Delivery>& rows,
                              const Result<delivery::Receipt>& outcome, Timestamp now);
  Status fail(Lane& lane, const std::vector<store::Delivery>& rows, const Error& error, Timestamp now);
  async::Awaitable<Status> close(Generation& owner);

  store::Store& store_;
  const Clock& clock_;
  async::Executor home_, storing_;
  Random random_;
  std::shared_ptr<Generation> generation_;
};

}  // namespace earshot::daemon
