#include "daemon/retention.hpp"

#include "daemon/legal.hpp"
#include "store/answers.hpp"

namespace earshot::daemon {
namespace {

constexpr std::size_t mentions_max = 2'000;

/// Mentions that a platform's rules, or the company's own, do not allow to be kept as long as the rest.
Result<bool> let_go_by_law(store::Store& store, const Config& config, Timestamp now) {
  // Also of sources that are configured no more: what they brought is still there.
  auto sources = store.source_names();
  if (!sources) return unexpected(sources.error());
  for (const auto& [source, connector] : *sources) {
    const auto days = legal_of(config.legal, source, connector).days;
    if (!days || (config.keep && *config.keep <= std::chrono::hours(24) * *days)) continue;
    auto expired = store.expire(source, now - std::chrono::hours(24) * *days, mentions_max, now);
    if (!expired) return unexpected(expired.error());
    if (expired->more) return true;
  }
  // What an erasure that was cut off has left to do.
  auto settled = store.settle_erasure();
  if (!settled) return unexpected(settled.error());
  return false;
}

}  // namespace

Result<bool> let_go(store::Store& store, const Config& config, Timestamp now) {
  if (auto status = store.answers().forget_old(now); !status) return unexpected(status.error());
  auto oldest = store.oldest();
  if (!oldest) return unexpected(oldest.error());
  if (!*oldest) return false;
  std::optional<Timestamp> before;
  if (config.keep && **oldest < std::chrono::floor<std::chrono::hours>(now - *config.keep))
    before = now - *config.keep;
  if (!before && config.size_max) {
    auto used = store.used_bytes();
    if (!used) return unexpected(used.error());
    // Never the hour that is still being written to.
    const auto next_hour = std::chrono::floor<std::chrono::hours>(**oldest) + std::chrono::hours(1);
    if (*used > *config.size_max && next_hour <= std::chrono::floor<std::chrono::hours>(now))
      before = next_hour;
  }
  if (!before) return let_go_by_law(store, config, now);
  auto purged = store.purge(*before, mentions_max);
  if (!purged) return unexpected(purged.error());
  if (purged->mentions > 0) return true;
  return let_go_by_law(store, config, now);
}

}  // namespace earshot::daemon
