#pragma once
#include "core/async/awaitable.hpp"
#include "core/base/metrics.hpp"
#include "daemon/api/access.hpp"
#include "daemon/api/query_pool.hpp"
#include "daemon/api/replays.hpp"
#include "daemon/api/router.hpp"

namespace earshot::api {

/// What happens to every request, whatever brought it: is it ours, who asks, which route, may they, run it,
/// and say it shortly when nothing changed. Lives on the io thread.
class Dispatch {
 public:
  Dispatch(const Router& router, Access& access, QueryPool& queries, Metrics& metrics, Replays& replays)
      : router_(router), access_(access), queries_(queries), metrics_(metrics), replays_(replays) {}

  async::Awaitable<Response> answer(Request request);

 private:
  /// A change that is to happen once.
  async::Awaitable<Response> once(const Route& route, Request request);
  async::Awaitable<Response> run(const Route& route, Request request);

  const Router& router_;
  Access& access_;
  QueryPool& queries_;
  Metrics& metrics_;
  Replays& replays_;
};

}  // namespace earshot::api
