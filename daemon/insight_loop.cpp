#include "daemon/insight_loop.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "daemon/retention.hpp"
#include "daemon/waiting_notices.hpp"

namespace earshot::daemon {
namespace asio = boost::asio;
namespace {

std::string output_directory(const Config& config) {
  if (!config.output.empty()) return config.output;
  return (std::filesystem::path(config.database).parent_path() / "out").string();
}

/// What a later round cannot cure.
bool is_broken(const Status& written) {
  return !written &&
         (written.error().kind == ErrorKind::corrupt || written.error().kind == ErrorKind::internal);
}

}  // namespace

InsightLoop::InsightLoop(InsightServices services)
    : services_(std::move(services)), clock_watch_(services_.clock), pause_(services_.home) {}

void InsightLoop::configure(const Config& config, std::vector<JobBrand> brands) {
  config_ = config;
  brands_ = std::move(brands);
  std::erase_if(memories_, [&](const auto& one) {
    return std::ranges::find(brands_, one.first, &JobBrand::name) == brands_.end();
  });
}

void InsightLoop::find_soon() {
  asked_ = true;
  pause_.cancel();
}

void InsightLoop::stop() {
  stop_.request_stop();
  pause_.cancel();
}

async::Awaitable<Status> InsightLoop::find_one(const JobBrand& brand, const std::string& database,
                                               const std::string& directory) {
  const auto now = services_.clock.now();
  auto& kept = memories_[brand.name];
  if (!kept) kept = std::make_shared<insight::Memory>();
  const auto memory = kept;
  auto look = [&]() -> Result<Findings> {
    auto reader = store::open_reader(database);
    if (!reader) return unexpected(reader.error());
    (*reader)->stop_when(stop_.get_token());
    return find_all(**reader, brand, now, memory.get());
  };
  auto findings = co_await async::run_on(services_.analysing, look);
  insight::forget_beyond(*memory, insight::remembered_bytes_max / std::max<std::size_t>(brands_.size(), 1));
  if (!findings) co_return unexpected(findings.error());
  auto write = [&]() -> Status { return save(services_.store, *findings, now); };
  auto written = co_await async::run_on(services_.storing, write);
  if (is_broken(written) && services_.store_broken) services_.store_broken(written.error());
  if (!written) co_return unexpected(written.error());
  for (const auto& [job, took] : findings->times) services_.log.done(job, brand.name, now, took);
  if (wants_waiting(config_.delivery)) {
    auto told = co_await tell_waiting(brand, database, now);
    if (!told) co_return told;
  }
  auto files = [&]() -> Status {
    auto reader = store::open_reader(database);
    if (!reader) return unexpected(reader.error());
    (*reader)->stop_when(stop_.get_token());
    return publish(**reader, brand, directory, now);
  };
  auto published = co_await async::run_on(services_.analysing, files);
  if (published && services_.found) services_.found(brand.name);
  co_return published;
}

async::Awaitable<Status> InsightLoop::tell_waiting(const JobBrand& brand, const std::string& database,
                                                   Timestamp now) {
  auto look = [&]() -> Result<std::vector<WaitingNotice>> {
    auto reader = store::open_reader(database);
    if (!reader) return unexpected(reader.error());
    (*reader)->stop_when(stop_.get_token());
    return waiting_notices(**reader, brand, now);
  };
  auto notices = co_await async::run_on(services_.analysing, look);
  if (!notices) co_return unexpected(notices.error());
  auto write = [&]() -> Status {
    // Who was told of before has a row already.
    for (const auto& notice : *notices)
      if (auto told = services_.store.tell("waiting", notice.key, notice.payload, now); !told)
        return unexpected(told.error());
    return Done{};
  };
  auto written = co_await async::run_on(services_.storing, write);
  if (is_broken(written) && services_.store_broken) services_.store_broken(written.error());
  co_return written;
}

async::Awaitable<Status> InsightLoop::find_and_note(const JobBrand& brand, const std::string& database,
                                                    const std::string& directory) {
  const auto began = services_.clock.steady_now();
  auto found = co_await find_one(brand, database, directory);
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(services_.clock.steady_now() - began);
  const auto now = services_.clock.now();
  if (found)
    services_.log.done("findings", brand.name, now, took);
  else if (!stop_.stop_requested())
    services_.log.failed("findings", brand.name, now, found.error().message);
  co_return found;
}

async::Awaitable<Status> InsightLoop::find() {
  // Copies: a reload may replace the configuration while a job waits for its thread.
  const auto database = config_.database;
  const auto directory = output_directory(config_);
  const auto brands = brands_;
  for (const auto& brand : brands) {
    auto found = co_await find_and_note(brand, database, directory);
    if (stop_.stop_requested()) co_return Done{};
    if (!found) co_return unexpected(found.error());
  }
  auto tidy = [this]() -> Status { return services_.store.checkpoint(); };
  auto tidied = co_await async::run_on(services_.storing, tidy);
  if (is_broken(tidied) && services_.store_broken) services_.store_broken(tidied.error());
  co_return tidied;
}

async::Awaitable<Status> InsightLoop::retain() {
  if (!clock_watch_.trusted()) {
    if (config_.keep || config_.size_max)
      log::warn("the clock was set: nothing is let go for a day, so that it can be set right");
    co_return Done{};
  }
  const auto config = config_;
  auto one = [&]() -> Result<bool> { return let_go(services_.store, config, services_.clock.now()); };
  const auto began = services_.clock.steady_now();
  for (bool more = true; more && !stop_.stop_requested();) {
    auto gone = co_await async::run_on(services_.storing, one);
    if (!gone) {
      services_.log.failed("retention", "", services_.clock.now(), gone.error().message);
      co_return unexpected(gone.error());
    }
    more = *gone;
  }
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(services_.clock.steady_now() - began);
  services_.log.done("retention", "", services_.clock.now(), took);
  co_return Done{};
}

async::Awaitable<void> InsightLoop::run() {
  while (!stop_.stop_requested()) {
    pause_.expires_after(
        std::min(config_.insight_interval, std::chrono::milliseconds(std::chrono::hours(24))));
    boost::system::error_code cancelled;
    if (!asked_) {
      co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    if (stop_.stop_requested()) co_return;
    asked_ = false;
    auto status = co_await find();
    if (!status) log::warn("insight failed", {{"error", status.error().message}});
    auto retained = co_await retain();
    if (!retained) log::warn("old mentions could not be let go", {{"error", retained.error().message}});
  }
}

}  // namespace earshot::daemon
