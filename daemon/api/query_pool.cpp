#include "daemon/api/query_pool.hpp"

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"

namespace earshot::api {
namespace {

constexpr std::size_t waiting_max = 256;
constexpr std::chrono::seconds query_time_max{10};

}  // namespace

QueryPool::QueryPool(std::string database, std::size_t threads)
    : database_(std::move(database)), threads_(threads) {}

QueryPool::~QueryPool() { threads_.join(); }

Result<std::unique_ptr<store::Reader>> QueryPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto out = std::move(idle_.back());
      idle_.pop_back();
      return out;
    }
  }
  return store::open_reader(database_);
}

Result<Response> QueryPool::answer(const Query& query, const Request& request) {
  auto reader = take();
  if (!reader) return unexpected(reader.error());
  (*reader)->time_limit(query_time_max);
  auto response = [&] {
    const store::OneMoment moment(**reader);
    return query(**reader, request);
  }();
  // A reader that saw trouble may be the trouble.
  if (response.status < 500) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(*reader));
  }
  return response;
}

async::Awaitable<Response> QueryPool::run(const Query& query, const Request& request) {
  if (waiting_ >= waiting_max) {
    auto busy = problem(503, "too many questions at once; ask again in a moment");
    busy.headers.emplace_back("Retry-After", "1");
    co_return busy;
  }
  ++waiting_;
  auto work = [this, &query, &request] { return answer(query, request); };
  auto answered = co_await async::run_on(threads_.get_executor(), std::move(work));
  --waiting_;
  if (answered) co_return std::move(*answered);
  log::warn("a question was not answered", {{"path", request.path}, {"error", answered.error().message}});
  co_return problem(answered.error());
}

}  // namespace earshot::api
