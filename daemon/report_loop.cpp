#include "daemon/report_loop.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "daemon/report/outbox_text.hpp"
#include "daemon/window.hpp"

namespace earshot::daemon {
namespace asio = boost::asio;
namespace {

using namespace std::chrono_literals;

constexpr auto late_max = 6h;
constexpr auto look_every = 10s;

bool is_for(const ReportPlan& plan, const Brand& brand) {
  const auto same = [&](const std::string& name) { return same_folded(name, brand.name); };
  return plan.brands.empty() || std::ranges::any_of(plan.brands, same);
}

std::string base_url(const Config& config, const ReportPlan& plan) {
  if (!plan.base_url.empty()) return plan.base_url;
  return "http://" + (config.http.listen.empty() ? "127.0.0.1:8765" : config.http.listen);
}

/// The outbox's payload: the page as of the time it was due.
Result<std::string> write_payload(const Config& config, const ReportPlan& plan, const Brand& brand,
                                  Timestamp due) {
  auto reader = store::open_reader(config.database);
  if (!reader) return unexpected(reader.error());
  auto named = find_brand(**reader, brand.name);
  if (!named) return unexpected(named.error());
  auto page = report::build(plan.kind, {.reader = **reader,
                                        .brand = *named,
                                        .since = due - std::chrono::hours(24) * plan.days,
                                        .until = due,
                                        .money = config.money,
                                        .kpis = config.kpis,
                                        .competitors = brand.competitors,
                                        .base_url = base_url(config, plan),
                                        .ror_half_life = config.ror_half_life});
  if (!page) return unexpected(page.error());
  page->links = report::Links::dashboard;
  return report::outbox_text(*page, plan.name);
}

}  // namespace

ReportLoop::ReportLoop(ReportServices services) : services_(std::move(services)), pause_(services_.home) {}

void ReportLoop::configure(const Config& config) { config_ = config; }

void ReportLoop::stop() {
  stopping_ = true;
  pause_.cancel();
}

async::Awaitable<Status> ReportLoop::send(const ReportPlan& plan, const Brand& brand, Timestamp due) {
  const auto began = services_.clock.steady_now();
  const auto config = config_;  // a reload may replace it while the page is written
  auto write = [&]() -> Result<std::string> { return write_payload(config, plan, brand, due); };
  auto payload = co_await async::run_on(services_.analysing, write);
  if (!payload) co_return unexpected(payload.error());
  const auto key = "report:" + plan.name + ":" + brand.name + ":" + std::to_string(to_ms(due));
  auto tell = [&]() -> Result<bool> {
    return services_.store.tell("report", key, *payload, services_.clock.now());
  };
  auto told = co_await async::run_on(services_.storing, tell);
  if (!told) co_return unexpected(told.error());
  sent_[{plan.name, brand.name}] = due;
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(services_.clock.steady_now() - began);
  services_.log.done("report " + plan.name, brand.name, services_.clock.now(), took);
  co_return Done{};
}

async::Awaitable<Status> ReportLoop::send_due() {
  const auto now = services_.clock.now();
  const auto plans = config_.reports;
  const auto brands = config_.brands;
  Status status = Done{};
  for (const auto& plan : plans) {
    const auto due = plan.last_due(now);
    if (!due || now - *due > late_max) continue;
    for (const auto& brand : brands) {
      const auto before = sent_.find({plan.name, brand.name});
      if (stopping_ || !is_for(plan, brand) || (before != sent_.end() && before->second >= *due)) continue;
      auto sent = co_await send(plan, brand, *due);
      if (sent) continue;
      services_.log.failed("report " + plan.name, brand.name, now, sent.error().message);
      status = unexpected(sent.error());
    }
  }
  co_return status;
}

async::Awaitable<void> ReportLoop::run() {
  while (!stopping_) {
    auto status = co_await send_due();
    if (!status) log::warn("a report could not be written", {{"error", status.error().message}});
    pause_.expires_after(look_every);
    boost::system::error_code cancelled;
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
}

}  // namespace earshot::daemon
