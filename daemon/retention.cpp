#include "daemon/retention.hpp"

namespace earshot::daemon {
namespace {

constexpr std::size_t mentions_max = 2'000;

}  // namespace

Result<bool> let_go(store::Store& store, const Config& config, Timestamp now) {
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
  if (!before) return false;
  auto purged = store.purge(*before, mentions_max);
  if (!purged) return unexpected(purged.error());
  return purged->mentions > 0;
}

}  // namespace earshot::daemon
