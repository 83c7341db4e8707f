#include "daemon/source_loop.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "daemon/legal.hpp"
#include "daemon/schedule.hpp"

namespace earshot::daemon {
SourceLoop::SourceLoop(LoopServices services, SourceConfig config, SourceId id,
                       std::unique_ptr<connectors::Connector> connector,
                       std::shared_ptr<const Pipeline> pipeline, std::vector<BrandId> brands,
                       std::optional<BrandId> about, std::uint64_t seed)
    : services_(services),
      http_(services.http, services.clock),
      config_(std::move(config)),
      id_(id),
      connector_(std::move(connector)),
      pipeline_(std::move(pipeline)),
      brands_(std::move(brands)),
      about_(about),
      random_(seed),
      planner_(services.clock, tighter(connector_->budget(), config_.requests_per_day),
               HydrateSweep::is_needed(config_, *connector_) && connector_->hydrate_batch() > 0),
      timer_(services.home) {
  if (HydrateSweep::is_needed(config_, *connector_)) {
    PageOrigin origin{.source = id_,
                      .stream = {},
                      .brands = brands_,
                      .about = about_,
                      .keeping = keeping_of(config_.legal)};
    sweep_ = std::make_unique<HydrateSweep>(services_, config_, std::move(origin), *connector_, pipeline_,
                                            planner_, seed + 1);
  }
  for (auto& stream : connector_->streams()) {
    auto& place = places_.emplace_back(Place{.stream = std::move(stream)});
    if (place.stream.live) place.timer = std::make_unique<boost::asio::steady_timer>(services_.home);
  }
}

void SourceLoop::stop() {
  stopping_ = true;
  timer_.cancel();
  for (auto& place : places_)
    if (place.timer) place.timer->cancel();
  if (sweep_) sweep_->stop();
  connector_->stop();
}

bool SourceLoop::poll_now() {
  bool any = false;
  for (auto& place : places_) {
    if (place.stream.live || (place.trouble && place.trouble->kind == ErrorKind::rate_limited)) continue;
    place.due_at = std::min(place.due_at, services_.clock.steady_now());
    any = true;
  }
  if (any) timer_.cancel();
  return any;
}

async::Awaitable<void> SourceLoop::sleep(boost::asio::steady_timer& timer, std::chrono::milliseconds time) {
  if (stopping_) co_return;
  timer.expires_after(time);
  boost::system::error_code cancelled;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
}

std::chrono::milliseconds SourceLoop::until_due() const {
  std::optional<Steady> next;
  for (const auto& place : places_)
    if (!place.settled && !place.stream.live) next = std::min(next.value_or(place.due_at), place.due_at);
  if (!next) return config_.interval_max;
  // Rounded up: a wait that ends a fraction early would find nothing due.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - services_.clock.steady_now());
  return std::max(left, std::chrono::milliseconds(0));
}

async::Awaitable<void> SourceLoop::run() {
  // A start of many sources at once is spread, so that no host sees them all in one instant.
  co_await sleep(timer_, std::chrono::milliseconds(random_.between(0, 500)));
  start_live();
  if (sweep_) start_beside(run_sweep());
  co_await run_polled();
  co_await end_live();
  // What was made up for just before the stop: the next start would not know which gaps it closed.
  if (gap_notes_.empty()) co_return;
  co_await report();
}

void SourceLoop::start_live() {
  for (auto& place : places_) {
    if (!place.stream.live || !services_.live) continue;
    start_beside(run_live(place));
  }
}

void SourceLoop::start_beside(async::Awaitable<void> work) {
  ++live_running_;
  boost::asio::co_spawn(services_.home, std::move(work), [this](std::exception_ptr failure) {
    if (failure) live_failure_ = failure;
    if (failure) stop();
    --live_running_;
    timer_.cancel();
  });
}

async::Awaitable<void> SourceLoop::run_sweep() { co_await sweep_->run(); }

async::Awaitable<void> SourceLoop::end_live() {
  while (live_running_ > 0) {
    timer_.expires_at(Steady::max());
    boost::system::error_code cancelled;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  }
  if (live_failure_) std::rethrow_exception(live_failure_);
}

async::Awaitable<void> SourceLoop::run_live(Place& place) {
  // One with every page would be one more transaction a page.
  constexpr auto report_interval = std::chrono::minutes(1);
  auto reported_at = Steady{};
  while (!stopping_) {
    const bool was_well = place.heard && !place.trouble;
    auto polled = co_await poll(place.stream, Budget::limited);
    if (stopping_ && polled.failure) break;
    settle_live(place, polled);
    const auto now = services_.clock.steady_now();
    if (!was_well || place.trouble || now - reported_at >= report_interval) {
      reported_at = now;
      co_await report();
    }
    if (place.due_at <= services_.clock.steady_now()) continue;
    co_await sleep(*place.timer,
                   std::chrono::ceil<std::chrono::milliseconds>(place.due_at - services_.clock.steady_now()));
  }
}

SourceLoop::Place* SourceLoop::next_due() {
  const auto now = services_.clock.steady_now();
  Place* out = nullptr;
  for (auto& place : places_)
    if (!place.stream.live && place.due_at <= now && (!out || place.asked_at < out->asked_at)) out = &place;
  return out;
}

async::Awaitable<void> SourceLoop::run_polled() {
  while (!stopping_) {
    for (std::size_t polls = 0; polls < places_.size() && !stopping_; ++polls) {
      auto* place = next_due();
      if (place == nullptr || hold_back()) break;
      note_sampled(*place);
      const auto due_at = place->due_at;
      http_.watch_for_next();
      auto polled = co_await poll(place->stream, Budget::limited);
      const auto first_at = http_.first_at();
      if (services_.polled && first_at && due_at != Steady{}) services_.polled(*first_at - due_at);
      if (!stopping_ || !polled.failure) settle(*place, polled);
    }
    if (stopping_) break;
    co_await report();
    co_await sleep(timer_, until_due());
  }
}

/// Where the budget does not suffice for what is due, all of it waits: later, but not never. What waits
/// already waits for the same moment, so that whoever was asked longest ago is next and not whose time came a
/// millisecond sooner. True: nothing may be asked now.
bool SourceLoop::hold_back() {
  const auto wait = planner_.poll_wait();
  if (wait.count() <= 0) return false;
  const auto now = services_.clock.steady_now();
  for (auto& place : places_) {
    if (place.stream.live || (place.due_at > now && !place.held)) continue;
    place.due_at = now + wait;
    place.held = true;
  }
  return true;
}

async::Awaitable<Status> SourceLoop::catch_up(int attempts_max, Budget budget) {
  std::optional<Error> given_up;
  for (auto& place : places_) place.settled = place.stream.live;
  while (!stopping_) {
    for (auto& place : places_) {
      if (stopping_) break;
      if (place.settled || place.due_at > services_.clock.steady_now()) continue;
      if (budget == Budget::limited && hold_back()) break;
      auto polled = co_await poll(place.stream, budget);
      if (stopping_) break;
      settle(place, polled);
      place.settled = !place.trouble && !polled.more;
      if (!place.trouble || (place.failures < attempts_max && is_transient(place.trouble->kind))) continue;
      place.settled = true;
      given_up = place.trouble;
    }
    if (stopping_) break;
    co_await report();
    if (std::ranges::all_of(places_, &Place::settled)) {
      if (given_up) co_return unexpected(*given_up);
      co_return Done{};
    }
    co_await sleep(timer_, until_due());
  }
  co_return unexpected(ErrorKind::cancelled, "stopped");
}

async::Awaitable<SourceLoop::PollResult> SourceLoop::poll(const connectors::Stream& stream, Budget budget) {
  PollResult result;
  auto read_state = [this, &stream] { return services_.store.stream(id_, stream.name); };
  auto state = co_await async::run_on(services_.storing, read_state);
  if (!state) {
    result.failure = state.error();
    co_return result;
  }
  result.caught_up_at = state->caught_up_at;
  PageOrigin origin{.source = id_,
                    .stream = stream.name,
                    .epoch = state->epoch,
                    .brands = brands_,
                    .about = about_,
                    .keeping = keeping_of(config_.legal)};
  auto cursor = state->cursor;
  std::optional<Gap> forgotten;
  connectors::Context context{.http = http_,
                              .clock = services_.clock,
                              .live = services_.live,
                              .secrets = services_.secrets,
                              .mail = services_.mail};
  for (int pages = 0; budget == Budget::unlimited || pages < config_.pages_per_poll; ++pages) {
    const auto sent = http_.sent();
    auto page = co_await connector_->fetch(context, stream, cursor);
    planner_.learn(http_.scarcest());
    planner_.polled(http_.sent() - sent);
    if (!page && page.error().kind == ErrorKind::cursor_invalid && cursor && !forgotten) {
      // Once in a poll: a platform that forgets every cursor must not be asked in circles.
      const auto now = services_.clock.now();
      forgotten = Gap{.from = state->caught_up_at.value_or(now), .to = now, .reason = "cursor_invalid"};
      cursor.reset();
      continue;
    }
    if (!page) {
      result.failure = page.error();
      co_return result;
    }
    for (const auto& bad : page->bad_items)
      log::debug("item skipped", {{"source", config_.name}, {"index", bad.index}, {"reason", bad.reason}});
    // With the first page of the walk that begins anew, so that the gap and the new cursor are kept or lost
    // together.
    if (forgotten && forgotten->to != Timestamp{}) page->gaps.push_back(std::exchange(*forgotten, Gap{}));
    const bool moves = page->cursor && page->cursor != cursor;
    if (page->cursor) cursor = page->cursor;
    const bool more = page->more;
    // A wait that the server asks for is kept between pages too.
    const bool waits = page->not_before && *page->not_before > services_.clock.now();
    if (page->not_before) result.not_before = page->not_before;
    ++tally_.pages;
    tally_.items += static_cast<std::int64_t>(page->mentions.size());
    tally_.malformed += static_cast<std::int64_t>(page->bad_items.size());
    if (services_.heard && !page->mentions.empty())
      services_.heard(config_.name, count_empty_fields(page->mentions));
    auto analyse = [this, &page, &origin]() -> Result<store::Batch> {
      return pipeline_->process(std::move(*page), origin, services_.clock.now());
    };
    auto batch = co_await async::run_on(services_.analysing, analyse);
    if (!batch) {
      result.failure = batch.error();
      co_return result;
    }
    auto receipt = co_await services_.committer.commit(std::move(*batch));
    if (!receipt) {
      result.failure = receipt.error();
      const bool broken =
          result.failure->kind == ErrorKind::corrupt || result.failure->kind == ErrorKind::internal;
      if (broken && services_.store_broken) services_.store_broken(*result.failure);
      co_return result;
    }
    origin.epoch = receipt->epoch;
    result.moved = result.moved || moves;
    result.news += static_cast<std::size_t>(receipt->stored);
    tally_.stored += receipt->stored;
    tally_.unmatched += receipt->unmatched;
    const auto told = receipt->stored + receipt->updated;
    if (told > 0 && services_.stored) services_.stored(config_.name, told);
    result.more = more;
    if (!more || stopping_) break;
    if (waits && moves) break;
    if (budget == Budget::limited && !stream.live && moves && planner_.poll_wait().count() > 0) break;
    // A live stream that was taken up a little earlier first repeats itself.
    if (!moves && !stream.live) {
      result.failure =
          Error{.kind = ErrorKind::malformed, .message = "there is said to be more, but no page leads on"};
      co_return result;
    }
  }
  co_return result;
}

void SourceLoop::settle(Place& place, const PollResult& polled) {
  const auto now = services_.clock.now();
  place.trouble = polled.failure;
  if (polled.failure) {
    const auto& error = *polled.failure;
    place.failures = polled.moved ? 1 : place.failures + 1;
    auto wait = net::next_delay({}, place.failures, error.retry_after, random_);
    // What waiting cannot cure (credentials, configuration) is tried again rarely, and recovers by itself.
    if (!is_transient(error.kind) && error.kind != ErrorKind::cancelled)
      wait = std::max(wait, std::chrono::milliseconds(std::chrono::minutes(5)));
    place.due_at = services_.clock.steady_now() + wait;
    if (error.kind == ErrorKind::cancelled) return;
    if (!place.deaf_since) place.deaf_since = now;
    const Gap gap{.from = *place.deaf_since, .to = now + wait, .reason = std::string(to_string(error.kind))};
    gap_notes_.push_back(GapNote{.stream = place.stream.name, .gap = gap});
    return;
  }
  place.failures = 0;
  place.walking = polled.more;
  std::optional<std::chrono::milliseconds> asked;
  if (polled.not_before) asked = std::max(std::chrono::milliseconds(0), *polled.not_before - now);
  const ScheduleInput input{.interval_min = config_.interval_min,
                            .interval_max = config_.interval_max,
                            .current = place.interval,
                            .news = polled.news,
                            .asked = asked};
  place.interval = next_interval(input);
  auto wait = with_jitter(place.interval, asked, random_);
  if (polled.more) wait = asked.value_or(std::chrono::milliseconds(100));
  place.due_at = services_.clock.steady_now() + wait;
  note_heard(place, polled);
}

/// A live stream waits for news by itself: only trouble keeps us from asking again at once.
void SourceLoop::settle_live(Place& place, const PollResult& polled) {
  if (polled.failure) return settle(place, polled);
  const auto now = services_.clock.steady_now();
  const bool was_deaf = !place.heard || place.deaf_since;
  place.failures = 0;
  place.trouble.reset();
  place.due_at = now;
  if (polled.not_before)
    place.due_at += std::max(std::chrono::milliseconds(0), *polled.not_before - services_.clock.now());
  note_heard(place, polled);
  if (!was_deaf || polled.more) return;
  // What this one missed, the polled ones find.
  for (auto& other : places_)
    if (!other.stream.live && !other.trouble) other.due_at = std::min(other.due_at, now);
  timer_.cancel();
}

}  // namespace earshot::daemon
