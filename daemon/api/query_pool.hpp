#pragma once
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/async/awaitable.hpp"
#include "daemon/api/router.hpp"

namespace earshot::api {

struct QueryLimits {
  std::size_t threads = 3;               ///< of which one peer gets all but one
  std::size_t waiting_max = 256;         ///< questions, those that are being answered included
  std::size_t waiting_of_peer_max = 64;  ///< of them, of one peer
  std::chrono::milliseconds time = std::chrono::seconds(10);  ///< for a question, without its waiting
};

/// Answers questions to the database on threads of its own, each with a reader, so that neither the io thread
/// nor the writer ever waits for a question. Peers (an address and a token, or the Unix socket) take turns,
/// and one thread is always left to the others, so that who asks much waits for himself alone; of one peer,
/// what is asked of another path than what is being answered comes first. `run` is called on the io thread.
class QueryPool {
 public:
  explicit QueryPool(std::string database, QueryLimits limits = {});
  ~QueryPool();

  /// 503 when too many wait already, when one takes longer than its time, or when who asked has gone.
  async::Awaitable<Response> run(const Query& query, const Request& request);
  std::size_t waiting() const { return waiting_; }

 private:
  struct Question;
  struct Peer {
    std::list<std::shared_ptr<Question>> waiting;
    std::vector<const Question*> running;
  };
  using Peers = std::map<std::string, Peer>;

  void ask(std::shared_ptr<Question> question);
  void start_next();
  void start(Peers::iterator peer);
  void finished(const std::shared_ptr<Question>& question, Result<Response> answer);
  void give_up(Question& question);

  Result<Response> answer(const Question& question);
  Result<std::unique_ptr<store::Reader>> take();

  std::string database_;
  QueryLimits limits_;
  std::size_t waiting_ = 0, running_ = 0;
  Peers peers_;       ///< those who wait or are being answered
  std::string turn_;  ///< who was last served; the next in order comes next
  std::mutex mutex_;
  std::vector<std::unique_ptr<store::Reader>> idle_;
  boost::asio::thread_pool threads_;  ///< last: its threads use all of the above
};

}  // namespace earshot::api
