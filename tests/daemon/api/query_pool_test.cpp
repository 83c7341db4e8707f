#include "daemon/api/query_pool.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <latch>
#include <set>

#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::api;
using namespace std::chrono_literals;

namespace {

/// Asks the database until it refuses to answer.
Response endless(store::Reader& reader, const Request&) {
  for (;;) {
    const auto rows = reader.brands();
    if (!rows) return problem(rows.error());
  }
}

Request from(std::string peer) { return Request{.peer = std::move(peer), .caller = "local"}; }

class Asking {
 public:
  explicit Asking(QueryLimits limits) : store_(*store::open_store(file_)), pool_(file_, limits) {}

  /// The answer goes to `answers` under the number of the question.
  void ask(const Query& query, Request request) {
    boost::asio::co_spawn(io_, run(query, std::move(request), asked_++), boost::asio::detached);
  }
  void run() { io_.run(); }
  void run_ready() {
    io_.restart();
    io_.poll();
  }
  boost::asio::io_context& loop() { return io_; }
  QueryPool& pool() { return pool_; }
  std::vector<std::pair<int, Response>> answers;  ///< in the order in which they came

 private:
  async::Awaitable<void> run(const Query& query, Request request, int number) {
    auto response = co_await pool_.run(query, request);
    answers.emplace_back(number, std::move(response));
  }
  test::TempDir folder_;
  std::string file_ = folder_.file("t.db");
  std::unique_ptr<store::Store> store_;
  boost::asio::io_context io_{1};
  int asked_ = 0;
  QueryPool pool_;
};

}  // namespace

TEST_CASE("a question that takes too long is broken off, and the next one is answered", "[daemon][api]") {
  Asking asking({.threads = 1, .time = 50ms});
  const Query slow = endless;
  const Query quick = [](store::Reader& reader, const Request&) {
    return reader.brands() ? json("[]") : problem(500, "no");
  };
  asking.ask(slow, from("a"));
  asking.ask(quick, from("a"));
  asking.run();
  REQUIRE(asking.answers.size() == 2);
  CHECK(asking.answers[0].second.status == 503);
  CHECK(asking.answers[0].second.body.find("took too long") != std::string::npos);
  CHECK(asking.answers[1].second.status == 200);
  CHECK(asking.pool().waiting() == 0);
}

TEST_CASE("who asks too much at once is told so, and others are not", "[daemon][api]") {
  Asking asking({.threads = 1, .waiting_max = 5, .waiting_of_peer_max = 3});
  std::latch go(1);
  const Query held = [&](store::Reader&, const Request&) {
    go.wait();
    return json("[]");
  };
  for (int i = 0; i < 4; ++i) asking.ask(held, from("greedy"));
  for (int i = 0; i < 3; ++i) asking.ask(held, from("other"));
  asking.run_ready();
  std::set<int> refused;
  for (const auto& [number, response] : asking.answers) {
    CHECK(response.status == 503);
    CHECK(response.headers.front() == std::pair<std::string, std::string>("Retry-After", "1"));
    refused.insert(number);
  }
  CHECK(refused == std::set{3, 6});  // one more than a peer may, one more than all may
  go.count_down();
  asking.loop().restart();
  asking.run();
  CHECK(asking.answers.size() == 7);
  CHECK(asking.pool().waiting() == 0);
}

TEST_CASE("peers take turns, and one of them never has every thread", "[daemon][api]") {
  std::latch go(1);
  const Query held = [&](store::Reader&, const Request&) {
    go.wait();
    return json("[]");
  };
  const Query quick = [](store::Reader&, const Request&) { return json("[]"); };
  SECTION("a thread is left to the others") {
    Asking asking({.threads = 2});
    for (int i = 0; i < 20; ++i) asking.ask(held, from("greedy"));
    asking.ask(quick, from("other"));
    // Nobody lets the greedy one's question go before the other's is answered.
    while (asking.answers.empty()) asking.loop().run_one();
    CHECK(asking.answers.front().first == 20);
    go.count_down();
    asking.run();
    CHECK(asking.answers.size() == 21);
  }
  SECTION("of one peer, another path comes before more of the same") {
    Asking asking({.threads = 3});
    for (int i = 0; i < 20; ++i) asking.ask(held, from("greedy"));
    auto other = from("greedy");
    other.path = "/other";
    asking.ask(quick, std::move(other));
    asking.run_ready();
    go.count_down();
    asking.loop().restart();
    asking.run();
    REQUIRE(asking.answers.size() == 21);
    const auto place = std::ranges::find(asking.answers, 20, [](const auto& one) { return one.first; });
    CHECK(place - asking.answers.begin() <= 3);
  }
  SECTION("who comes later does not wait for all who came before") {
    Asking asking({.threads = 1});
    for (int i = 0; i < 20; ++i) asking.ask(held, from("greedy"));
    asking.ask(held, from("other"));
    asking.ask(held, Request{.unix_socket = true});
    asking.run_ready();
    go.count_down();
    asking.loop().restart();
    asking.run();
    REQUIRE(asking.answers.size() == 22);
    CHECK(asking.answers[1].first == 20);
    CHECK(asking.answers[2].first == 21);
  }
}

TEST_CASE("the questions of who has gone are let go, waiting ones and the one that runs", "[daemon][api]") {
  Asking asking({.threads = 1});
  const Query slow = endless;
  std::stop_source gone;
  for (int i = 0; i < 3; ++i) {
    auto request = from("a");
    request.gone = gone.get_token();
    asking.ask(slow, std::move(request));
  }
  asking.run_ready();
  CHECK(asking.pool().waiting() == 3);
  boost::asio::post(asking.loop(), [&] { gone.request_stop(); });
  asking.loop().restart();
  asking.run();
  REQUIRE(asking.answers.size() == 3);
  CHECK(asking.answers.back().first == 0);
  for (const auto& [number, response] : asking.answers) CHECK(response.status == 503);
  CHECK(asking.pool().waiting() == 0);
}
