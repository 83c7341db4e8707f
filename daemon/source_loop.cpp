#include "daemon/source_loop.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "daemon/schedule.hpp"

namespace earshot::daemon {
namespace {

constexpr std::string_view outage_reasons[] = {"unreachable", "timed_out", "rate_limited", "busy", "disk_full",
                                               "unauthorized", "forbidden", "malformed"};

}  // namespace

SourceLoop::SourceLoop(LoopServices services, SourceConfig config, SourceId id,
                       std::unique_ptr<connectors::Connector> connector, std::shared_ptr<const Pipeline> pipeline,
                       std::vector<BrandId> brands, std::optional<BrandId> about, std::uint64_t seed)
    : services_(services), config_(std::move(config)), id_(id), connector_(std::move(connector)),
      pipeline_(std::move(pipeline)), brands_(std::move(brands)), about_(about), random_(seed),
      streams_(connector_->streams()), timer_(services.home) {}

void SourceLoop::stop() {
  stopping_ = true;
  timer_.cancel();
}

async::Awaitable<void> SourceLoop::sleep(std::chrono::milliseconds time) {
  if (stopping_) co_return;
  timer_.expires_after(time);
  boost::system::error_code cancelled;
  co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
}

async::Awaitable<void> SourceLoop::run() {
  std::chrono::milliseconds interval(0);
  // A start of many sources at once is spread, so that no host sees them all in one instant.
  co_await sleep(std::chrono::milliseconds(random_.between(0, 500)));
  while (!stopping_) {
    auto polled = co_await poll(Budget::limited);
    if (stopping_) break;
    if (!polled) {
      ++failures_;
      auto wait = net::next_delay({}, failures_, polled.error().retry_after, random_);
      // What waiting cannot cure (credentials, configuration) is tried again rarely, and recovers by itself.
      if (!is_transient(polled.error().kind)) wait = std::max(wait, std::chrono::milliseconds(std::chrono::minutes(5)));
      co_await note_failure(polled.error(), wait);
      co_await sleep(wait);
      continue;
    }
    failures_ = 0;
    std::optional<std::chrono::milliseconds> asked;
    if (polled->not_before) asked = std::max(std::chrono::milliseconds(0), *polled->not_before - services_.clock.now());
    const ScheduleInput input{.interval_min = config_.interval_min, .interval_max = config_.interval_max,
                              .current = interval, .news = polled->news, .asked = asked};
    interval = next_interval(input);
    auto wait = with_jitter(interval, asked, random_);
    if (polled->more) wait = asked.value_or(std::chrono::milliseconds(100));
    co_await note_success(services_.clock.now() + wait);
    co_await sleep(wait);
  }
}

async::Awaitable<Status> SourceLoop::catch_up(int attempts_max) {
  while (!stopping_) {
    auto polled = co_await poll(Budget::unlimited);
    if (polled) {
      tally_.caught_up = true;
      co_await note_success(std::nullopt);
      co_return Done{};
    }
    ++failures_;
    const auto wait = net::next_delay({}, failures_, polled.error().retry_after, random_);
    co_await note_failure(polled.error(), wait);
    if (failures_ >= attempts_max || !is_transient(polled.error().kind)) co_return unexpected(polled.error());
    co_await sleep(wait);
  }
  co_return unexpected(ErrorKind::cancelled, "stopped");
}

async::Awaitable<Result<SourceLoop::PollResult>> SourceLoop::poll(Budget budget) {
  PollResult total;
  std::optional<Error> first_failure;
  for (const auto& stream : streams_) {
    if (stopping_) break;
    auto polled = co_await poll_stream(stream, budget);
    if (!polled) {
      // One bad stream must not silence the others; the source still reports its trouble.
      if (!first_failure) first_failure = polled.error();
      if (polled.error().kind == ErrorKind::rate_limited || polled.error().kind == ErrorKind::unreachable) break;
      continue;
    }
    failures_ = 0;
    total.news += polled->news;
    total.more = total.more || polled->more;
    if (polled->not_before) total.not_before = std::max(total.not_before.value_or(Timestamp{}), *polled->not_before);
  }
  if (first_failure) co_return unexpected(std::move(*first_failure));
  co_return total;
}

async::Awaitable<Result<SourceLoop::PollResult>> SourceLoop::poll_stream(const connectors::Stream& stream,
                                                                         Budget budget) {
  auto read_state = [this, &stream] { return services_.store.stream(id_, stream.name); };
  auto state = co_await async::run_on(services_.storing, read_state);
  if (!state) co_return unexpected(state.error());
  PageOrigin origin{.source = id_, .stream = stream.name, .epoch = state->epoch, .brands = brands_, .about = about_};
  auto cursor = state->cursor;
  connectors::Context context{.http = services_.http, .clock = services_.clock};
  PollResult result;
  for (int pages = 0; budget == Budget::unlimited || pages < config_.pages_per_poll; ++pages) {
    auto page = co_await connector_->fetch(context, stream, cursor);
    if (!page && page.error().kind == ErrorKind::cursor_invalid && cursor) {
      const auto now = services_.clock.now();
      const Gap gap{.from = state->caught_up_at.value_or(now), .to = now, .reason = "cursor_invalid"};
      auto save_gap = [this, &stream, gap] { return services_.store.add_gap(id_, stream.name, gap); };
      co_await async::run_on(services_.storing, save_gap);
      cursor.reset();
      continue;
    }
    if (!page) co_return unexpected(page.error());
    for (const auto& bad : page->bad_items)
      log::debug("item skipped", {{"source", config_.name}, {"index", bad.index}, {"reason", bad.reason}});
    if (page->cursor) cursor = page->cursor;
    const bool more = page->more;
    if (page->not_before) result.not_before = page->not_before;
    ++tally_.pages;
    tally_.items += static_cast<std::int64_t>(page->mentions.size());
    tally_.malformed += static_cast<std::int64_t>(page->bad_items.size());
    auto analyse = [this, &page, &origin]() -> Result<store::Batch> {
      return pipeline_->process(std::move(*page), origin, services_.clock.now());
    };
    auto batch = co_await async::run_on(services_.analysing, analyse);
    if (!batch) co_return unexpected(batch.error());
    auto receipt = co_await services_.committer.commit(std::move(*batch));
    if (!receipt) co_return unexpected(receipt.error());
    origin.epoch = receipt->epoch;
    result.news += static_cast<std::size_t>(receipt->stored);
    tally_.stored += receipt->stored;
    tally_.unmatched += receipt->unmatched;
    result.more = more;
    if (!more || stopping_) break;
  }
  co_return result;
}

async::Awaitable<void> SourceLoop::note_failure(Error error, std::chrono::milliseconds wait) {
  if (error.kind == ErrorKind::cancelled) co_return;
  const auto now = services_.clock.now();
  if (!deaf_since_) deaf_since_ = now;
  tally_.error = error.message;
  const std::string kind(to_string(error.kind));
  if (said_ != error.message) {
    log::warn("source cannot be heard", {{"source", config_.name}, {"kind", kind}, {"error", error.message},
                                         {"attempt", failures_}, {"retry_s", static_cast<std::int64_t>(wait.count() / 1000)}});
    said_ = error.message;
  }
  const store::SourceReport report{.state = is_transient(error.kind) ? "failing" : "paused", .error = error.message,
                                   .fail_count = failures_, .at = now, .next_poll_at = now + wait};
  const Gap gap{.from = *deaf_since_, .to = now + wait, .reason = kind};
  auto write = [this, report, gap]() -> Status {
    static_cast<void>(services_.store.report(id_, report));
    return services_.store.add_gap(id_, "", gap);
  };
  // A store that cannot take even this row (full disk) is being reported already.
  co_await async::run_on(services_.storing, write);
}

async::Awaitable<void> SourceLoop::note_success(std::optional<Timestamp> next_at) {
  const auto now = services_.clock.now();
  if (!said_.empty()) log::info("source is heard again", {{"source", config_.name}});
  said_.clear();
  tally_.error.clear();
  tally_.caught_up = true;
  const store::SourceReport report{.state = "ok", .error = "", .fail_count = 0, .at = now, .next_poll_at = next_at};
  const auto since = std::exchange(deaf_since_, std::nullopt);
  auto write = [this, report, since]() -> Status {
    // Cursors make up for an outage: what was missed has been read by now, so the outage is no gap any more.
    if (since)
      for (const auto reason : outage_reasons) static_cast<void>(services_.store.drop_gap(id_, "", *since, reason));
    return services_.store.report(id_, report);
  };
  co_await async::run_on(services_.storing, write);
}

}  // namespace earshot::daemon
