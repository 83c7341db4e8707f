#pragma once
#include <memory>
#include <set>
#include <string>

#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "daemon/api/router.hpp"
#include "store/store.hpp"

namespace earshot::api {

/// Changes that come with an Idempotency-Key happen once: sent again within a day by the same holder of a
/// token, they are answered as before. What was answered is kept in the database, right after the change; who
/// dies between the two does it again, as without a key. Lives on the io thread.
class Replays {
 public:
  /// The store is touched on `storing` alone.
  Replays(store::Store& store, async::Executor storing, const Clock& clock)
      : store_(store), storing_(std::move(storing)), clock_(clock) {}

  /// Whether a request is to happen once: a change, with a key.
  static bool concerns(const Route& route, const Request& request);

  /// What a key was found to stand for.
  struct Found {
    std::optional<Response> answer =
        {};  ///< of before, or a refusal: 400, 409, 422; none: go on, then `keep`
    std::string request_hash = {};
    std::shared_ptr<void> turn = {};  ///< while it lives the same key is answered 409
  };
  async::Awaitable<Found> find(const Request& request);
  /// Remembers what was done. A refusal is not kept: it changed nothing.
  async::Awaitable<void> keep(std::string caller, std::string key, std::string request_hash,
                              Response response);

 private:
  store::Store& store_;
  async::Executor storing_;
  const Clock& clock_;
  /// Keys of which the change is under way; outlives us in the requests that wait.
  std::shared_ptr<std::set<std::string>> under_way_ = std::make_shared<std::set<std::string>>();
};

}  // namespace earshot::api
