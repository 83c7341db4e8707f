#pragma once
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "daemon/delivery_config.hpp"
#include "daemon/job_loop.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// Somebody who waits for an answer, as a row of the outbox.
struct WaitingNotice {
  std::string key = {};      ///< of the post: it is told once
  std::string payload = {};  ///< JSON object, as docs/delivery.md describes it
};

/// A way leads somewhere for them: routes must name the kind.
bool wants_waiting(const DeliveryConfig& delivery);

/// Those of one brand who wrote within the day before `now`, most urgent first, at most 200; copies of the
/// same words do not wait by themselves (insight/service_queue.hpp). What waits for longer when a way is
/// first configured is the queue's. With a reader of its own, on any thread.
Result<std::vector<WaitingNotice>> waiting_notices(store::Reader& reader, const JobBrand& brand,
                                                   Timestamp now);

}  // namespace earshot::daemon
