// What a source says of itself: its state, and when it could not be heard, or less often than it should.
#include <algorithm>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "daemon/source_loop.hpp"

namespace earshot::daemon {
namespace {

/// Gaps that cursors make up for. A cursor that the platform forgot is not among them: what lay behind it
/// stays unread.
constexpr ErrorKind outages[] = {ErrorKind::internal,     ErrorKind::unreachable, ErrorKind::timed_out,
                                 ErrorKind::rate_limited, ErrorKind::busy,        ErrorKind::disk_full,
                                 ErrorKind::unauthorized, ErrorKind::forbidden,   ErrorKind::gone,
                                 ErrorKind::bad_request,  ErrorKind::blocked,     ErrorKind::too_large,
                                 ErrorKind::malformed,    ErrorKind::invalid,     ErrorKind::corrupt};

/// Messages differ by milliseconds and byte counts from one attempt to the next; it is the same failure.
std::string without_digits(std::string text) {
  std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return text;
}

}  // namespace

/// Cursors make up for an outage, also for one that an earlier process noted: what was missed has been read
/// by now.
void SourceLoop::note_heard(Place& place, const PollResult& polled) {
  if (polled.more || (place.heard && !place.deaf_since)) return;
  gap_notes_.push_back(
      GapNote{.stream = place.stream.name, .made_up_since = polled.caught_up_at.value_or(Timestamp{})});
  place.deaf_since.reset();
  place.heard = true;
}

/// Before a poll that had to wait for requests. A walk that goes on with its pages is late, and misses none.
void SourceLoop::note_sampled(Place& place) {
  const auto now = services_.clock.steady_now();
  const bool late = std::exchange(place.held, false) && !place.walking && place.asked_at;
  if (late) {
    const auto made = std::chrono::duration_cast<std::chrono::milliseconds>(now - *place.asked_at);
    if (const auto rate = rate_sampled(config_.interval_max, made))
      gap_notes_.push_back(GapNote{
          .stream = place.stream.name,
          .gap =
              Gap{.from = *place.asked_on, .to = services_.clock.now(), .reason = "sampled", .rate = rate}});
  }
  place.asked_at = now;
  place.asked_on = services_.clock.now();
}

/// Of the stream that waits longest for its next poll.
std::optional<double> SourceLoop::poll_rate() const {
  std::optional<double> least;
  for (const auto& place : places_) {
    if (!place.held || place.walking || !place.asked_at) continue;
    const auto made = std::chrono::duration_cast<std::chrono::milliseconds>(place.due_at - *place.asked_at);
    if (const auto rate = rate_sampled(config_.interval_max, made))
      least = std::min(least.value_or(*rate), *rate);
  }
  return least;
}

/// Tells the store, and the log when it is news, how the source fares after a round.
async::Awaitable<void> SourceLoop::report() {
  const Place* worst = nullptr;
  int failures = 0;
  bool caught_up = true;
  for (const auto& place : places_) {
    if (place.stream.live && place.settled) continue;
    caught_up = caught_up && place.heard && !place.trouble;
    if (!place.trouble || place.trouble->kind == ErrorKind::cancelled) continue;
    failures = std::max(failures, place.failures);
    if (!worst) worst = &place;
    if (said_.size() < 100 && said_.insert(without_digits(place.trouble->message)).second)
      log::warn("source cannot be heard", {{"source", config_.name},
                                           {"kind", to_string(place.trouble->kind)},
                                           {"error", place.trouble->message},
                                           {"stream", place.stream.name},
                                           {"attempt", place.failures},
                                           {"retry_s", std::chrono::duration_cast<std::chrono::seconds>(
                                                           place.due_at - services_.clock.steady_now())
                                                           .count()}});
  }
  tally_.caught_up = caught_up;
  tally_.error = worst ? worst->trouble->message : std::string();
  if (!worst && !said_.empty()) {
    log::info("source is heard again", {{"source", config_.name}});
    said_.clear();
  }
  const auto now = services_.clock.now();
  store::SourceReport row{.state = "ok",
                          .error = tally_.error,
                          .fail_count = failures,
                          .at = now,
                          .next_poll_at = {},
                          .quota = http_.scarcest(),
                          .poll_rate = poll_rate()};
  const auto is_polled = [](const Place& place) { return !place.settled && !place.stream.live; };
  if (std::ranges::any_of(places_, is_polled)) row.next_poll_at = now + until_due();
  if (worst) row.state = is_transient(worst->trouble->kind) ? "failing" : "paused";
  const auto notes = std::exchange(gap_notes_, {});
  auto write = [this, row, notes]() -> Status {
    auto status = services_.store.report(id_, row);
    for (const auto& note : notes) {
      if (note.gap) static_cast<void>(services_.store.add_gap(id_, note.stream, *note.gap));
      if (!note.made_up_since) continue;
      for (const auto kind : outages)
        static_cast<void>(services_.store.drop_gap(id_, note.stream, *note.made_up_since, to_string(kind)));
    }
    return status;
  };
  // A store that cannot take even this row (full disk) is being reported already.
  const auto written = co_await async::run_on(services_.storing, write);
  static_cast<void>(written);
}

}  // namespace earshot::daemon
