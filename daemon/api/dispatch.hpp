#pragma once
#include "core/async/awaitable.hpp"
#include "core/base/metrics.hpp"
#include "daemon/api/access.hpp"
#include "daemon/api/query_pool.hpp"
#include "daemon/api/router.hpp"

namespace earshot::api {

/// What happens to every request, whatever brought it: is it ours, who asks, which route, may they, run it,
/// and say it shortly when nothing changed. Lives on the io thread.
class Dispatch {
 public:
  Dispatch(const Router& router, Access& access, QueryPool& queries, Metrics& metrics)
      : router_(router), access_(access), queries_(queries), metrics_(metrics) {}

  async::Awaitable<Response> answer(Request request);

 private:
  async::Awaitable<Response> run(const Route& route, Request request);

  const Router& router_;
  Access& access_;
  QueryPool& queries_;
  Metrics& metrics_;
};

}  // namespace earshot::api
