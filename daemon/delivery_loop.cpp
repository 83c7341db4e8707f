#include "daemon/delivery_loop.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "core/base/time_format.hpp"

namespace earshot::daemon {
namespace asio = boost::asio;
namespace {

using namespace std::chrono_literals;

/// How often a lane with nothing to do looks for something new.
constexpr Milliseconds idle = 2s;
constexpr Milliseconds idle_after_error = 10s;
/// Longer than any attempt takes; it ends earlier when the daemon starts anew.
constexpr Milliseconds lease = 30min;
constexpr std::size_t route_at_once = 200;
constexpr Milliseconds drain_kindly = 5s, drain_hard = 3s, catch_up_max = 60s;

/// Of a destination that does not answer, or that turns us away: also after a day it is back within this
/// ceiling.
const net::RetryPolicy of_destination{.base = 5s, .ceiling = 15min, .asked_max = 24h};
/// Of a destination that took offence at one message.
const net::RetryPolicy after_refusal{.base = 1s, .ceiling = 1min, .asked_max = 24h};
/// Of that message.
const net::RetryPolicy of_message{.base = 1min, .ceiling = 6h, .asked_max = 24h};

/// True when another message may fare better than this one.
bool is_of_the_message(ErrorKind kind) {
  return kind == ErrorKind::bad_request || kind == ErrorKind::malformed || kind == ErrorKind::too_large;
}

std::vector<std::int64_t> ids_of(const std::vector<store::Delivery>& rows) {
  std::vector<std::int64_t> ids;
  for (const auto& row : rows) ids.push_back(row.id);
  return ids;
}

}  // namespace

struct DeliveryLoop::Lane {
  Lane(DestinationConfig given, const delivery::SinkServices& services)
      : config(std::move(given)), sink(config.plan.make(services)), pause(services.home) {}

  DestinationConfig config;
  std::unique_ptr<delivery::Sink> sink;
  asio::steady_timer pause;
  int failures = 0;
  std::optional<Timestamp> paused_until = {};
};

struct DeliveryLoop::Generation {
  explicit Generation(const async::Executor& home) : pause(home) {}

  void wake() {
    pause.cancel();
    for (auto& lane : lanes) lane->pause.cancel();
  }

  std::unique_ptr<DeliveryWays> ways;
  std::vector<delivery::Route> routes;
  std::vector<std::string> names;
  std::vector<std::unique_ptr<Lane>> lanes;
  asio::steady_timer pause;
  bool stopping = false;
  int running = 0;
};

DeliveryLoop::DeliveryLoop(store::Store& store, const Clock& clock, async::Executor home,
                           async::Executor storing)
    : store_(store),
      clock_(clock),
      home_(std::move(home)),
      storing_(std::move(storing)),
      random_(static_cast<std::uint64_t>(to_ms(clock.now()))) {}

DeliveryLoop::~DeliveryLoop() = default;

void DeliveryLoop::configure(const Config& config, const net::ClientOptions& options) {
  auto next = std::make_shared<Generation>(home_);
  next->ways = std::make_unique<DeliveryWays>(config, options, clock_, home_, storing_);
  next->routes = config.delivery.routes;
  for (const auto& destination : config.delivery.destinations) {
    if (!destination.enabled) continue;
    next->names.push_back(destination.name);
    next->lanes.push_back(std::make_unique<Lane>(destination, next->ways->services(destination.name)));
  }
  generation_ = std::move(next);
}

void DeliveryLoop::start() {
  // The handler keeps the generation: a lane that does not end in time outlives its replacement.
  const auto owner = generation_;
  const auto spawn = [&](async::Awaitable<void> task) {
    ++owner->running;
    asio::co_spawn(home_, std::move(task), [owner](std::exception_ptr failure) {
      --owner->running;
      if (!failure) return;
      try {
        std::rethrow_exception(failure);
      } catch (const std::exception& error) {
        log::error("a destination's lane failed; it rests until the next start", {{"error", error.what()}});
      }
    });
  };
  for (auto& lane : owner->lanes) spawn(serve(owner, *lane));
  spawn(keep(owner));
}

async::Awaitable<void> DeliveryLoop::drain() {
  const auto owner = generation_;
  if (!owner) co_return;
  owner->stopping = true;
  owner->wake();
  asio::steady_timer tick(home_);
  bool kindly = true;
  for (auto waited = 0ms; owner->running > 0 && waited < drain_kindly + drain_hard; waited += 20ms) {
    if (kindly && waited >= drain_kindly) {
      kindly = false;
      owner->ways->stop();
      for (auto& lane : owner->lanes) lane->sink->stop();
    }
    tick.expires_after(20ms);
    co_await tick.async_wait(asio::use_awaitable);
  }
  owner->ways->stop();
  if (owner->running > 0) log::error("deliveries did not stop in time", {{"left", owner->running}});
  auto closed = co_await close(*owner);
  if (!closed) log::warn("the outbox cannot be written", {{"error", closed.error().message}});
}

async::Awaitable<void> DeliveryLoop::reload(Config config, net::ClientOptions options) {
  co_await drain();
  configure(config, options);
  start();
}

void DeliveryLoop::try_now() {
  // How long lanes rest is read and written on the store's thread.
  asio::post(storing_, [owner = generation_, home = home_] {
    if (!owner) return;
    for (auto& lane : owner->lanes) lane->paused_until.reset();
    asio::post(home, [owner] { owner->wake(); });
  });
}

async::Awaitable<Status> DeliveryLoop::begin(Lane& lane) {
  auto work = [this, &lane]() -> Status {
    auto& deliveries = store_.deliveries();
    const auto now = clock_.now();
    if (auto status = deliveries.ensure_destination(lane.config.name, now - lane.config.backlog); !status)
      return status;
    // Whoever held leases is gone: one process writes this database, and one lane serves a destination.
    if (auto status = deliveries.release(lane.config.name, now); !status) return status;
    auto state = deliveries.destination(lane.config.name);
    if (!state) return unexpected(state.error());
    lane.failures = state->failures;
    lane.paused_until = state->paused_until;
    return Done{};
  };
  auto status = co_await async::run_on(storing_, work);
  co_return status;
}

async::Awaitable<void> DeliveryLoop::serve(std::shared_ptr<Generation> owner, Lane& lane) {
  bool begun = false;
  while (!owner->stopping) {
    auto wait = idle_after_error;
    if (!begun) {
      auto status = co_await begin(lane);
      begun = status.has_value();
      if (!status)
        log::warn("a destination cannot begin",
                  {{"destination", lane.config.name}, {"error", status.error().message}});
    }
    if (begun && !owner->stopping) {
      auto stepped = co_await step(*owner, lane);
      if (stepped)
        wait = *stepped;
      else
        log::warn("the outbox cannot be read or written",
                  {{"destination", lane.config.name}, {"error", stepped.error().message}});
    }
    if (owner->stopping) co_return;
    lane.pause.expires_after(wait);
    boost::system::error_code cancelled;
    co_await lane.pause.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
}

async::Awaitable<Status> DeliveryLoop::close(Generation& owner) {
  auto work = [this, &owner]() -> Status { return store_.deliveries().close(owner.names, clock_.now()); };
  auto status = co_await async::run_on(storing_, work);
  co_return status;
}

/// Rows of the outbox that all destinations have are marked so; without destinations that is all of them,
/// since the feeds hold every finding.
async::Awaitable<void> DeliveryLoop::keep(std::shared_ptr<Generation> owner) {
  while (!owner->stopping) {
    auto status = co_await close(*owner);
    if (!status) log::warn("the outbox cannot be written", {{"error", status.error().message}});
    if (owner->stopping) co_return;
    owner->pause.expires_after(idle_after_error);
    boost::system::error_code cancelled;
    co_await owner->pause.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
}

Status DeliveryLoop::route_new(const Generation& owner, const Lane& lane, Timestamp now) {
  auto& deliveries = store_.deliveries();
  const auto& name = lane.config.name;
  auto items = deliveries.unrouted(name, route_at_once);
  if (!items) return unexpected(items.error());
  for (const auto& item : *items) {
    const auto message = delivery::compose(item);
    delivery::Sent sent;
    auto thread = deliveries.thread(name, delivery::thread_of(item));
    if (!thread) return unexpected(thread.error());
    sent.thread = *thread;
    std::optional<store::NewDelivery> chosen;
    if (const auto* route = delivery::route_for(owner.routes, name, message, sent.thread.known)) {
      const auto [since, until] = delivery::budget_day(*route, now);
      auto today = deliveries.singles_due(name, since, until);
      if (!today) return unexpected(today.error());
      sent.today = *today;
      auto topic_at = deliveries.topic_due(name, delivery::topic_of(message));
      if (!topic_at) return unexpected(topic_at.error());
      sent.topic_at = *topic_at;
      if (route->precision_min > 0) {
        auto precision = deliveries.precision(message.brand, message.issue);
        if (!precision) return unexpected(precision.error());
        sent.precision = *precision;
      }
      const auto timing = delivery::timing_of(*route, message, sent, now);
      chosen = store::NewDelivery{.outbox_id = item.id,
                                  .thread = delivery::thread_of(item),
                                  .topic = delivery::topic_of(message),
                                  .digest = timing.digest,
                                  .due_at = timing.due_at};
    }
    if (auto status = deliveries.route(name, item.id, chosen, now); !status) return status;
  }
  return Done{};
}

async::Awaitable<Result<Milliseconds>> DeliveryLoop::step(Generation& owner, Lane& lane) {
  auto claim = [this, &owner, &lane]() -> Result<std::vector<store::Delivery>> {
    const auto now = clock_.now();
    if (auto status = route_new(owner, lane, now); !status) return unexpected(status.error());
    if (lane.paused_until && *lane.paused_until > now) return std::vector<store::Delivery>();
    return store_.deliveries().claim(lane.config.name, now, lease);
  };
  auto rows = co_await async::run_on(storing_, claim);
  if (!rows) co_return unexpected(rows.error());
  if (rows->empty()) co_return idle;
  const auto now = clock_.now();
  const auto message = delivery::compose(rows->front().item);
  const auto* route = delivery::route_for(owner.routes, lane.config.name, message, true);
  auto held = route != nullptr ? delivery::held_until(*route, message, now) : std::nullopt;
  // A digest comes when its reader asked for it.
  if (rows->front().digest) held.reset();
  if (held || owner.stopping) {
    auto back = [this, &rows, until = held.value_or(now)]() -> Status {
      return store_.deliveries().retry(ids_of(*rows), until, "");
    };
    auto status = co_await async::run_on(storing_, back);
    if (!status) co_return unexpected(status.error());
    co_return Milliseconds(0);
  }
  auto wait = co_await send(lane, std::move(*rows));
  co_return wait;
}

async::Awaitable<Result<Milliseconds>> DeliveryLoop::send(Lane& lane, std::vector<store::Delivery> rows) {
  auto item = delivery::item_of(rows);
  auto outcome = co_await lane.sink->deliver(std::move(item));
  const auto now = clock_.now();
  auto write = [&]() -> Result<Milliseconds> { return settle(lane, rows, outcome, now); };
  auto wait = co_await async::run_on(storing_, write);
  co_return wait;
}

Result<Milliseconds> DeliveryLoop::settle(Lane& lane, const std::vector<store::Delivery>& rows,
                                          const Result<delivery::Receipt>& outcome, Timestamp now) {
  auto& deliveries = store_.deliveries();
  const auto ids = ids_of(rows);
  if (!outcome) {
    if (outcome.error().kind == ErrorKind::cancelled) {
      if (auto status = deliveries.retry(ids, now, ""); !status) return unexpected(status.error());
      return lane.config.interval;
    }
    if (auto status = fail(lane, rows, outcome.error(), now); !status) return unexpected(status.error());
    return std::max(lane.config.interval, std::min<Milliseconds>(idle, *lane.paused_until - now));
  }
  if (auto status = deliveries.delivered(ids, outcome->external_id, now); !status)
    return unexpected(status.error());
  if (auto status = deliveries.note(lane.config.name, 0, std::nullopt, "", now); !status)
    return unexpected(status.error());
  if (lane.failures > 0)
    log::info("delivering again", {{"destination", lane.config.name}, {"failures", lane.failures}});
  lane.failures = 0;
  lane.paused_until.reset();
  return lane.config.interval;
}

Status DeliveryLoop::fail(Lane& lane, const std::vector<store::Delivery>& rows, const Error& error,
                          Timestamp now) {
  auto& deliveries = store_.deliveries();
  const auto& first = rows.front();
  const auto said = std::string(to_string(error.kind)) + ": " + error.message;
  ++lane.failures;
  const bool of_it = is_of_the_message(error.kind);
  const auto& policy = of_it ? after_refusal : of_destination;
  auto wait = net::next_delay(policy, lane.failures, error.retry_after, random_);
  // Gone for good, it says: asked now and then all the same, in case somebody repairs it.
  if (error.kind == ErrorKind::gone) wait = std::max(wait, of_destination.ceiling / 2);
  lane.paused_until = now + wait;
  const bool over = now - first.due_at > lane.config.give_up_after;
  auto next_at = *lane.paused_until;
  if (of_it)
    next_at = std::max(next_at, now + net::next_delay(of_message, first.attempts, std::nullopt, random_));
  const auto ids = ids_of(rows);
  auto status = over ? deliveries.give_up(ids, said, now) : deliveries.retry(ids, next_at, said);
  if (!status) return status;
  log::warn(over ? "given up: it is among the dead letters now" : "not delivered",
            {{"destination", lane.config.name},
             {"delivery", first.id},
             {"attempt", first.attempts},
             {"kind", to_string(error.kind)},
             {"error", error.message},
             {"next_at", over ? std::string("never") : format_rfc3339(next_at)}});
  return deliveries.note(lane.config.name, lane.failures, lane.paused_until, said, now);
}

async::Awaitable<Status> DeliveryLoop::catch_up() {
  const auto owner = generation_;
  const auto end = clock_.steady_now() + catch_up_max;
  asio::steady_timer pause(home_);
  for (auto& lane : owner->lanes) {
    auto begun = co_await begin(*lane);
    if (!begun) co_return unexpected(begun.error());
    while (clock_.steady_now() < end) {
      auto wait = co_await step(*owner, *lane);
      if (!wait) co_return unexpected(wait.error());
      const bool paused = lane->paused_until && *lane->paused_until > clock_.now();
      if (*wait == idle || paused) break;
      pause.expires_after(*wait);
      co_await pause.async_wait(asio::use_awaitable);
    }
  }
  auto closed = co_await close(*owner);
  co_return closed;
}

}  // namespace earshot::daemon
