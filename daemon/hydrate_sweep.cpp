#include "daemon/hydrate_sweep.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "core/model/identity.hpp"
#include "daemon/legal.hpp"
#include "net/retry.hpp"

namespace earshot::daemon {
namespace {

using std::chrono::milliseconds;

constexpr const char* stream_name = "hydrate";
/// A modest pace also where nobody counts requests.
constexpr milliseconds request_gap = std::chrono::seconds(1);
/// How long to rest when nothing is due.
constexpr milliseconds idle = std::chrono::minutes(1);
constexpr milliseconds report_interval = std::chrono::minutes(10);
/// So many mentions gone in a row, and none there, look like an address that moved or a right that was lost.
constexpr std::int64_t streak_doubted = 10;
/// Before the platform is asked once more whether it knows anybody.
constexpr milliseconds control_pause = std::chrono::hours(1);
/// Mentions that polls brought within this time are there, unless everything is amiss; the youngest are tried
/// first.
constexpr milliseconds control_ages[] = {std::chrono::hours(1), std::chrono::hours(6),
                                         std::chrono::hours(24)};
/// A batch that the platform calls wrong so often is passed over: it must not hold up the rest.
constexpr int batch_failures_max = 3;

connectors::KeptMention kept(const store::HydrateRow& row) {
  return {.id = row.id,
          .native_id = row.native_id,
          .url = row.url,
          .in_reply_to = row.in_reply_to,
          .conversation = row.conversation,
          .extra = row.extra,
          .created_at = row.created_at};
}

bool blames_the_batch(ErrorKind kind) {
  return kind == ErrorKind::bad_request || kind == ErrorKind::malformed || kind == ErrorKind::too_large ||
         kind == ErrorKind::gone;
}

}  // namespace

HydrateSweep::HydrateSweep(const LoopServices& services, const SourceConfig& config, PageOrigin origin,
                           connectors::Connector& connector, std::shared_ptr<const Pipeline> pipeline,
                           QuotaPlanner& planner, std::uint64_t seed)
    : services_(services),
      http_(services.http, services.clock),
      config_(config),
      origin_(std::move(origin)),
      connector_(connector),
      pipeline_(std::move(pipeline)),
      planner_(planner),
      batch_(config.hydrate.count() > 0 ? connector.hydrate_batch() : 0),
      plan_(hydrate_plan(config.legal.deletion_hours,
                         config.hydrate.count() > 0 ? config.hydrate : SourceConfig{}.hydrate)),
      random_(seed),
      timer_(services.home) {
  origin_.stream = stream_name;
}

bool HydrateSweep::is_needed(const SourceConfig& config, const connectors::Connector& connector) {
  return (config.hydrate.count() > 0 && connector.hydrate_batch() > 0) || config.legal.deletion_hours;
}

void HydrateSweep::stop() {
  stopping_ = true;
  timer_.cancel();
}

async::Awaitable<void> HydrateSweep::sleep(milliseconds time) {
  if (stopping_) co_return;
  timer_.expires_after(time);
  boost::system::error_code cancelled;
  co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
}

async::Awaitable<void> HydrateSweep::run() {
  auto reported_at = std::chrono::steady_clock::time_point{};
  while (!stopping_) {
    auto wait = idle;
    if (asks()) {
      auto done = co_await step();
      if (stopping_) break;
      if (done) {
        failures_ = 0;
        said_.clear();
        wait = done->wait;
      } else {
        ++failures_;
        wait = std::max(request_gap, net::next_delay({}, failures_, done.error().retry_after, random_));
        if (!is_transient(done.error().kind)) wait = std::max(wait, milliseconds(std::chrono::minutes(5)));
        const auto kind = std::string(to_string(done.error().kind));
        if (said_ != kind)
          log::warn("mentions cannot be asked for again",
                    {{"source", config_.name}, {"kind", kind}, {"error", done.error().message}});
        said_ = kind;
      }
    }
    const auto now = services_.clock.steady_now();
    if (now - reported_at >= report_interval) {
      reported_at = now;
      auto reported = co_await report();
      if (!reported) log::debug("what is overdue was not counted", {{"error", reported.error().message}});
    }
    co_await sleep(wait);
  }
}

/// Where it stands. Another worker that moves the stream later takes the lease: the next commit is refused.
async::Awaitable<Status> HydrateSweep::take_lease() {
  auto read = [this] { return services_.store.stream(origin_.source, stream_name); };
  auto state = co_await async::run_on(services_.storing, read);
  if (!state) co_return unexpected(state.error());
  origin_.epoch = state->epoch;
  auto known = state->cursor ? HydrateProgress::read(*state->cursor)
                             : Result<HydrateProgress>(HydrateProgress::begin(plan_, services_.clock.now()));
  // Damaged: everything is read once more, which costs requests and nothing else.
  progress_ = known ? *known : HydrateProgress::begin(plan_, services_.clock.now());
  if (state->cursor && known) co_return Done{};
  Page page;
  page.cursor = progress_->write();
  auto begun = co_await commit(std::move(page));
  if (!begun) progress_.reset();
  co_return begun;
}

Result<store::Reader*> HydrateSweep::reader() {
  if (!reader_) {
    auto opened = services_.store.reader();
    if (!opened) return unexpected(opened.error());
    reader_ = std::move(*opened);
  }
  return reader_.get();
}

/// On the analysing executor: the first range that holds anybody. Those before it are done with, where the
/// place is told.
Result<std::optional<HydrateSweep::Due>> HydrateSweep::read_first(const std::vector<HydrateRange>& ranges,
                                                                  HydrateProgress* progress) {
  auto from = reader();
  if (!from) return unexpected(from.error());
  for (const auto& range : ranges) {
    auto page = (*from)->to_hydrate({.source = origin_.source,
                                     .after = range.after,
                                     .up_to = range.up_to,
                                     .read_before = range.read_before,
                                     .limit = batch_});
    if (!page) return unexpected(page.error());
    if (page->rows.empty()) {
      if (progress != nullptr) advance(*progress, range, page->reached);
      continue;
    }
    Due due{.range = range, .mentions = {}, .reached = page->reached};
    for (const auto& row : page->rows) due.mentions.push_back(kept(row));
    return std::optional(std::move(due));
  }
  return std::optional<Due>();
}

async::Awaitable<Result<std::optional<HydrateSweep::Due>>> HydrateSweep::find_due() {
  auto ranges = ranges_due(*progress_, plan_, services_.clock.now());
  // In turn the oldest ages and the round first: a budget that does not suffice starves neither.
  if (++turn_ % 2 == 0) std::ranges::reverse(ranges);
  auto look = [this, &ranges] { return read_first(ranges, &*progress_); };
  auto due = co_await async::run_on(services_.analysing, look);
  co_return due;
}

/// True: not to be believed before the platform has shown that it knows anybody.
bool HydrateSweep::is_doubtful(std::size_t asked, const connectors::Hydrated& answer) {
  if (!answer.page.mentions.empty()) {
    progress_->proven = true;
    progress_->gone_streak = 0;
    return false;
  }
  if (answer.gone.empty() || answer.gone.size() < asked) return false;
  const auto streak = progress_->gone_streak + static_cast<std::int64_t>(answer.gone.size());
  const bool vouched = std::exchange(vouched_, false);
  if (!vouched && (!progress_->proven || streak >= streak_doubted)) return true;
  progress_->gone_streak = streak;
  return false;
}

async::Awaitable<Result<connectors::Hydrated>> HydrateSweep::ask(
    std::vector<connectors::KeptMention> mentions) {
  connectors::Context context{.http = http_,
                              .clock = services_.clock,
                              .live = services_.live,
                              .secrets = services_.secrets,
                              .mail = services_.mail};
  const auto before = http_.sent();
  auto answer = co_await connector_.hydrate(context, std::move(mentions));
  planner_.hydrated(http_.sent() - before);
  planner_.learn(http_.scarcest());
  co_return answer;
}

async::Awaitable<Result<HydrateSweep::Step>> HydrateSweep::step() {
  if (!progress_) {
    auto leased = co_await take_lease();
    if (!leased) co_return unexpected(leased.error());
  }
  auto wait = planner_.hydrate_wait();
  const auto now = services_.clock.now();
  if (progress_->control_at) wait = std::max(wait, *progress_->control_at - now);
  if (wait.count() > 0)
    co_return Step{.asked = 0, .found = 0, .gone = 0, .wait = std::min(wait, control_pause)};
  if (progress_->control_at) {
    auto controlled = co_await control();
    co_return controlled;
  }
  auto due = co_await find_due();
  if (!due) co_return unexpected(due.error());
  if (!*due) co_return Step{.asked = 0, .found = 0, .gone = 0, .wait = idle};
  auto asked = (*due)->mentions;
  auto answer = co_await ask(std::move(asked));
  if (!answer && (!blames_the_batch(answer.error().kind) || ++batch_failures_ < batch_failures_max))
    co_return unexpected(answer.error());
  batch_failures_ = 0;
  if (!answer)
    log::warn(
        "mentions that their platform will not answer for are passed over",
        {{"source", config_.name}, {"mentions", (*due)->mentions.size()}, {"error", answer.error().message}});
  auto taken = answer ? std::move(*answer) : connectors::Hydrated{};
  auto out = co_await take_in(std::move(**due), std::move(taken));
  co_return out;
}

async::Awaitable<Result<HydrateSweep::Step>> HydrateSweep::take_in(Due due, connectors::Hydrated answer) {
  const auto now = services_.clock.now();
  Step step{
      .asked = static_cast<std::int64_t>(due.mentions.size()), .found = 0, .gone = 0, .wait = request_gap};
  const auto not_before = answer.page.not_before;
  if (not_before) step.wait = std::max(step.wait, *not_before - now);
  Page page;
  if (is_doubtful(due.mentions.size(), answer)) {
    progress_->control_at = now;
  } else {
    step.found = static_cast<std::int64_t>(answer.page.mentions.size());
    step.gone = static_cast<std::int64_t>(answer.gone.size());
    page.mentions = std::move(answer.page.mentions);
    page.bad_items = std::move(answer.page.bad_items);
    for (const auto id : answer.gone) page.withdrawals.push_back(Withdrawal{.at = now, .id = id});
    advance(*progress_, due.range, due.reached);
    counted_.asked += step.asked;
    counted_.gone += step.gone;
  }
  page.cursor = progress_->write();
  auto committed = co_await commit(std::move(page));
  // Else what memory says of the place was not written down.
  if (!committed) progress_.reset();
  if (!committed) co_return unexpected(committed.error());
  co_return step;
}

/// Asks for the youngest mentions, which polls have just seen. Only who knows these is believed that others
/// are gone.
async::Awaitable<Result<HydrateSweep::Step>> HydrateSweep::control() {
  const auto now = services_.clock.now();
  std::vector<HydrateRange> ranges;
  for (const auto age : control_ages)
    ranges.push_back({.age = std::nullopt,
                      .after = identity::make_id(now - age, 0),
                      .up_to = identity::make_id(now + age, 0),
                      .read_before = now + age});
  auto look = [this, &ranges] { return read_first(ranges); };
  auto young = co_await async::run_on(services_.analysing, look);
  if (!young) co_return unexpected(young.error());
  Step step{.asked = 0, .found = 0, .gone = 0, .wait = control_pause};
  Page page;
  progress_->control_at = now + control_pause;
  if (*young) {
    auto asked = (*young)->mentions;
    auto answer = co_await ask(std::move(asked));
    if (!answer) co_return unexpected(answer.error());
    if (!answer->page.mentions.empty()) {
      step = {.asked = static_cast<std::int64_t>((*young)->mentions.size()),
              .found = static_cast<std::int64_t>(answer->page.mentions.size()),
              .gone = 0,
              .wait = request_gap};
      progress_->proven = true;
      progress_->gone_streak = 0;
      progress_->control_at.reset();
      vouched_ = true;
      page.mentions = std::move(answer->page.mentions);
    }
  }
  if (progress_->control_at)
    log::warn("every mention is said to be gone, also the youngest: nothing of that is believed",
              {{"source", config_.name}});
  page.cursor = progress_->write();
  auto committed = co_await commit(std::move(page));
  if (!committed) progress_.reset();
  if (!committed) co_return unexpected(committed.error());
  co_return step;
}

async::Awaitable<Status> HydrateSweep::commit(Page page) {
  auto analyse = [this, &page]() -> Result<store::Batch> {
    return pipeline_->process(std::move(page), origin_, services_.clock.now());
  };
  auto batch = co_await async::run_on(services_.analysing, analyse);
  if (!batch) co_return unexpected(batch.error());
  auto receipt = co_await services_.committer.commit(std::move(*batch));
  if (!receipt) {
    const bool broken =
        receipt.error().kind == ErrorKind::corrupt || receipt.error().kind == ErrorKind::internal;
    if (broken && services_.store_broken) services_.store_broken(receipt.error());
    co_return unexpected(receipt.error());
  }
  origin_.epoch = receipt->epoch;
  if (receipt->updated > 0 && services_.stored) services_.stored(config_.name, receipt->updated);
  co_return Done{};
}

async::Awaitable<Status> HydrateSweep::report() {
  const auto now = services_.clock.now();
  const store::HydrateQuery query{.source = origin_.source,
                                  .after = identity::make_id(now - plan_.age_max, 0),
                                  .up_to = identity::make_id(now - plan_.period, 0),
                                  .read_before = now - plan_.period};
  auto count = [this, &query]() -> Result<store::HydrateStatus> {
    auto from = reader();
    if (!from) return unexpected(from.error());
    return (*from)->hydrate_overdue(query);
  };
  auto overdue = co_await async::run_on(services_.analysing, count);
  if (!overdue) co_return unexpected(overdue.error());
  auto row = *overdue;
  row.at = now;
  row.asked = counted_.asked;
  row.gone = counted_.gone;
  auto write = [this, &row] { return services_.store.report_hydrate(origin_.source, row); };
  auto written = co_await async::run_on(services_.storing, write);
  if (written) counted_ = {};
  co_return written;
}

}  // namespace earshot::daemon
