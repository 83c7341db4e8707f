#include "daemon/quota_planner.hpp"

#include <algorithm>
#include <cmath>

namespace earshot::daemon {
namespace {

using std::chrono::milliseconds;

/// Enough that asking again never stops, little enough that polls hardly notice.
constexpr double reserve_share = 0.1;
/// What may be saved up is lacking when somebody asks all the time: little, so that little of it is lost.
constexpr double burst_share = 0.1;
constexpr auto day = std::chrono::hours(24);

double per_ms(const connectors::RequestBudget& budget) {
  return static_cast<double>(budget.requests) / static_cast<double>(budget.per.count());
}

double burst_of(const connectors::RequestBudget& budget) {
  return std::max(1.0, static_cast<double>(budget.requests) * burst_share);
}

/// So that a window's burst and what comes back in it stay below one more than the budget. Of two requests or
/// fewer that two share, each comes back in its own time.
double refill_of(const connectors::RequestBudget& budget, double burst) {
  const auto all = static_cast<double>(budget.requests);
  return std::max(all + 1 - burst, all / 2) / static_cast<double>(budget.per.count());
}

}  // namespace

QuotaPlanner::QuotaPlanner(const Clock& clock, std::optional<connectors::RequestBudget> budget, bool hydrates)
    : clock_(clock), budget_(std::move(budget)), filled_at_(clock.steady_now()) {
  reserve_ = hydrates ? reserve_share : 0;
  if (!budget_) return;
  const auto burst = burst_of(*budget_);
  poll_burst_ = std::max(1.0, burst * (1 - reserve_));
  hydrate_burst_ = hydrates ? std::max(1.0, burst * reserve_) : 0;
  per_ms_ = refill_of(*budget_, poll_burst_ + hydrate_burst_);
  poll_tokens_ = poll_burst_;
  hydrate_tokens_ = burst * reserve_;
}

void QuotaPlanner::refill() {
  if (!budget_) return;
  const auto now = clock_.steady_now();
  const auto passed = std::chrono::duration<double, std::milli>(now - filled_at_).count();
  filled_at_ = now;
  const auto gained = std::max(0.0, passed) * per_ms_;
  poll_tokens_ += gained * (1 - reserve_);
  hydrate_tokens_ += gained * reserve_;
  // What polls do not need is not lost.
  if (const auto over = poll_tokens_ - poll_burst_; over > 0) {
    poll_tokens_ = poll_burst_;
    hydrate_tokens_ += over;
  }
  hydrate_tokens_ = std::min(hydrate_tokens_, hydrate_burst_);
}

void QuotaPlanner::polled(std::int64_t requests) {
  refill();
  poll_tokens_ -= static_cast<double>(requests);
  if (!told_ || !told_->limit || !told_->resets_at || requests <= 0) return;
  // While half of a told budget is left there is no need to save; then what is left is spread over the time
  // to its renewal.
  const auto left = *told_->resets_at - clock_.now();
  if (left.count() <= 0 || told_->remaining * 2 >= *told_->limit) return;
  const auto mine = std::max(1.0, static_cast<double>(told_->remaining) * (1 - reserve_));
  const auto each = std::min(static_cast<double>(left.count()),
                             static_cast<double>(left.count()) / mine * static_cast<double>(requests));
  spread_until_ = clock_.steady_now() + milliseconds(static_cast<std::int64_t>(each));
}

void QuotaPlanner::hydrated(std::int64_t requests) {
  refill();
  hydrate_tokens_ -= static_cast<double>(requests);
}

void QuotaPlanner::learn(const std::optional<Quota>& quota) {
  if (quota) told_ = quota;
}

milliseconds QuotaPlanner::until_one(double tokens, double share) const {
  if (tokens >= 1) return milliseconds(0);
  const auto rate = per_ms_ * share;
  return milliseconds(static_cast<std::int64_t>(std::ceil(std::min((1 - tokens) / rate, 1e12))));
}

milliseconds QuotaPlanner::poll_wait() {
  refill();
  auto wait = budget_ ? until_one(poll_tokens_, 1 - reserve_) : milliseconds(0);
  const auto spread = std::chrono::ceil<milliseconds>(spread_until_ - clock_.steady_now());
  return std::max(wait, spread);
}

milliseconds QuotaPlanner::hydrate_wait() {
  refill();
  auto wait = budget_ && reserve_ > 0 ? until_one(hydrate_tokens_, reserve_) : milliseconds(0);
  if (told_ && told_->limit && told_->resets_at && told_->remaining * 4 < *told_->limit)
    wait = std::max(wait, *told_->resets_at - clock_.now());
  return std::max(wait, milliseconds(0));
}

milliseconds time_for(std::int64_t requests, const connectors::RequestBudget& budget) {
  const auto burst = burst_of(budget);
  const auto waiting = std::max(0.0, static_cast<double>(requests) - burst);
  return milliseconds(
      static_cast<std::int64_t>(std::round(std::min(waiting / refill_of(budget, burst), 1e15))));
}

std::optional<connectors::RequestBudget> tighter(const std::optional<connectors::RequestBudget>& platform,
                                                 std::optional<std::int64_t> requests_per_day) {
  if (!requests_per_day) return platform;
  const connectors::RequestBudget own{.requests = *requests_per_day, .per = day};
  return platform && per_ms(*platform) < per_ms(own) ? platform : std::optional(own);
}

std::optional<double> rate_sampled(milliseconds wanted, milliseconds made) {
  if (made <= wanted || made.count() <= 0) return std::nullopt;
  return static_cast<double>(wanted.count()) / static_cast<double>(made.count());
}

}  // namespace earshot::daemon
