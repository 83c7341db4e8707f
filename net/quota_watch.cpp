#include "net/quota_watch.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/url.hpp"

namespace earshot::net {
namespace {

std::int64_t whole(double number) { return static_cast<std::int64_t>(std::floor(number)); }

/// Of 1; budgets whose size is not known are compared by what is left of them.
double share_left(const Quota& quota) {
  const auto of = quota.limit && *quota.limit > 0 ? *quota.limit : 1;
  return static_cast<double>(quota.remaining) / static_cast<double>(of);
}

}  // namespace

async::Awaitable<Result<HttpReply>> QuotaWatch::send(HttpRequest request) {
  auto bucket = request.rate_bucket;
  if (bucket.empty())
    if (const auto url = parse_url(request.url)) bucket = url->host;
  ++sent_;
  if (!first_at_) first_at_ = clock_.steady_now();
  auto reply = co_await next_.send(std::move(request));
  if (reply) learn(bucket, reply->headers);
  co_return reply;
}

void QuotaWatch::learn(const std::string& bucket, const Headers& headers) {
  const auto now = clock_.now();
  const auto hint = read_rate_hint(headers, now);
  if (!hint.remaining) return;
  // A feed may send us to any number of hosts; the budgets that count are asked again and again.
  if (budgets_.size() >= budgets_max && !budgets_.contains(bucket)) return;
  Quota quota{.remaining = whole(*hint.remaining)};
  if (hint.limit) quota.limit = whole(*hint.limit);
  if (hint.reset_in) quota.resets_at = now + *hint.reset_in;
  budgets_[bucket] = quota;
}

std::optional<Quota> QuotaWatch::scarcest() const {
  const auto now = clock_.now();
  const auto is_full = [now](const Quota& quota) { return quota.resets_at && *quota.resets_at <= now; };
  const Quota* out = nullptr;
  for (const auto& [bucket, quota] : budgets_) {
    if (!out) {
      out = &quota;
    } else if (is_full(*out) != is_full(quota)) {
      if (is_full(*out)) out = &quota;
    } else if (is_full(quota) ? *quota.resets_at > *out->resets_at : share_left(quota) < share_left(*out)) {
      out = &quota;
    }
  }
  return out ? std::optional(*out) : std::nullopt;
}

}  // namespace earshot::net
