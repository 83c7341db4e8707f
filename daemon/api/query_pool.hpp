#pragma once
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/async/awaitable.hpp"
#include "daemon/api/router.hpp"

namespace earshot::api {

/// Answers questions to the database on threads of its own, each with a reader, so that neither the io thread
/// nor the writer ever waits for a question. `run` is called on the io thread.
class QueryPool {
 public:
  explicit QueryPool(std::string database, std::size_t threads = 2);
  ~QueryPool();

  /// 503 when too many wait already, or when one takes longer than ten seconds.
  async::Awaitable<Response> run(const Query& query, const Request& request);
  std::size_t waiting() const { return waiting_; }

 private:
  Result<Response> answer(const Query& query, const Request& request);
  Result<std::unique_ptr<store::Reader>> take();

  std::string database_;
  std::size_t waiting_ = 0;
  std::mutex mutex_;
  std::vector<std::unique_ptr<store::Reader>> idle_;
  boost::asio::thread_pool threads_;  ///< last: its threads use all of the above
};

}  // namespace earshot::api
