#pragma once
#include "core/base/clock.hpp"
#include "daemon/config.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// One batch of what the configuration says may go: mentions that are too old, then the oldest hour while the
/// database is too large. True: call again, there is more. On the store thread; short, so that pages which
/// wait to be written do not notice.
Result<bool> let_go(store::Store& store, const Config& config, Timestamp now);

}  // namespace earshot::daemon
