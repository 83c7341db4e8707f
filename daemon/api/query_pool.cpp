#include "daemon/api/query_pool.hpp"

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <stop_token>
#include <utility>

#include "core/base/log.hpp"

namespace earshot::api {
namespace asio = boost::asio;
namespace {

std::string peer_of(const Request& request) {
  return request.unix_socket ? "unix" : request.peer + " " + request.caller;
}

}  // namespace

struct QueryPool::Question {
  const Query& query;
  const Request& request;
  std::string peer;
  asio::any_io_executor home = {};
  std::function<void(Result<Response>)> done = {};  ///< resumes who asked, in a turn of its own
  bool running = false;
  std::optional<std::stop_callback<std::function<void()>>> gone = {};
};

QueryPool::QueryPool(std::string database, QueryLimits limits)
    : database_(std::move(database)), limits_(limits), threads_(limits.threads) {}

QueryPool::~QueryPool() {
  threads_.join();
  // Who still waits is told nothing: the loop that would resume them has ended.
  const auto left = std::exchange(peers_, {});
}

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

Result<Response> QueryPool::answer(const Question& question) {
  auto reader = take();
  if (!reader) return unexpected(reader.error());
  (*reader)->time_limit(limits_.time);
  (*reader)->stop_when(question.request.gone);
  auto response = [&] {
    const store::OneMoment moment(**reader);
    return question.query(**reader, question.request);
  }();
  (*reader)->stop_when({});
  // A reader that saw trouble may be the trouble.
  if (response.status < 500) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(*reader));
  }
  return response;
}

void QueryPool::ask(std::shared_ptr<Question> question) {
  ++waiting_;
  auto& asked = *question;
  peers_[asked.peer].waiting.push_back(std::move(question));
  asked.gone.emplace(asked.request.gone, [this, &asked] { give_up(asked); });
  start_next();
}

/// One that runs is broken off by its reader.
void QueryPool::give_up(Question& question) {
  if (question.running) return;
  const auto peer = peers_.find(question.peer);
  if (peer == peers_.end()) return;
  auto& waiting = peer->second.waiting;
  const auto found = std::ranges::find_if(waiting, [&](const auto& one) { return one.get() == &question; });
  if (found == waiting.end()) return;
  const auto kept = *found;
  waiting.erase(found);
  if (waiting.empty() && peer->second.running.empty()) peers_.erase(peer);
  --waiting_;
  kept->done(unexpected(ErrorKind::cancelled, "who asked has gone"));
}

void QueryPool::start_next() {
  const auto most = std::max<std::size_t>(1, limits_.threads - 1);
  while (running_ < limits_.threads) {
    const auto ready = [&](const auto& entry) {
      return !entry.second.waiting.empty() && entry.second.running.size() < most;
    };
    const auto behind = peers_.upper_bound(turn_);
    auto next = std::find_if(behind, peers_.end(), ready);
    if (next == peers_.end()) next = std::find_if(peers_.begin(), behind, ready);
    if (next == peers_.end() || !ready(*next)) return;
    start(next);
  }
}

void QueryPool::start(Peers::iterator peer) {
  auto& [waiting, running] = peer->second;
  // Many questions of one kind, such as long reports, do not hold up the same peer's others.
  const auto other = std::ranges::find_if(waiting, [&](const auto& one) {
    return std::ranges::none_of(running,
                                [&](const Question* now) { return now->request.path == one->request.path; });
  });
  const auto next = other == waiting.end() ? waiting.begin() : other;
  const auto question = std::move(*next);
  waiting.erase(next);
  turn_ = peer->first;
  running.push_back(question.get());
  ++running_;
  question->running = true;
  asio::post(threads_, [this, question] {
    auto outcome = std::make_shared<Result<Response>>();
    try {
      *outcome = answer(*question);
    } catch (const std::exception& failure) {
      *outcome = unexpected(ErrorKind::internal, failure.what());
    }
    asio::post(question->home, [this, question, outcome] { finished(question, std::move(*outcome)); });
  });
}

void QueryPool::finished(const std::shared_ptr<Question>& question, Result<Response> answer) {
  question->gone.reset();
  --running_;
  --waiting_;
  const auto peer = peers_.find(question->peer);
  std::erase(peer->second.running, question.get());
  if (peer->second.running.empty() && peer->second.waiting.empty()) peers_.erase(peer);
  start_next();
  question->done(std::move(answer));
}

async::Awaitable<Response> QueryPool::run(const Query& query, const Request& request) {
  auto peer = peer_of(request);
  const auto known = peers_.find(peer);
  const auto own = known == peers_.end() ? 0 : known->second.waiting.size() + known->second.running.size();
  if (waiting_ >= limits_.waiting_max || own >= limits_.waiting_of_peer_max) {
    auto busy = problem(503, "too many questions at once; ask again in a moment");
    busy.headers.emplace_back("Retry-After", "1");
    co_return busy;
  }
  // Afterwards it belongs to the queue alone, since it holds what resumes us.
  std::shared_ptr<Question> question(
      new Question{.query = query, .request = request, .peer = std::move(peer)});
  auto initiate = [this, &question](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    const auto home = asio::get_associated_executor(*shared);
    question->home = home;
    question->done = [shared, home](Result<Response> outcome) {
      auto kept = std::make_shared<Result<Response>>(std::move(outcome));
      asio::post(home, [shared, kept] { std::move (*shared)(std::move(*kept)); });
    };
    ask(std::move(question));
  };
  auto answered = co_await asio::async_initiate<decltype(asio::use_awaitable), void(Result<Response>)>(
      initiate, asio::use_awaitable);
  if (answered) co_return std::move(*answered);
  if (answered.error().kind != ErrorKind::cancelled)
    log::warn("a question was not answered", {{"path", request.path}, {"error", answered.error().message}});
  co_return problem(answered.error());
}

}  // namespace earshot::api
