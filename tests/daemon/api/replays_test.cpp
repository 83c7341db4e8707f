#include "daemon/api/replays.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <map>

#include "daemon/api/dispatch.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::api;

namespace {

/// A dispatch with one change that counts how often it happens; the database outlives it.
class Changes {
 public:
  explicit Changes(const std::string& database)
      : store_(*store::open_store(database)),
        access_({}, clock),
        queries_(database),
        replays_(*store_, io_.get_executor(), clock),
        dispatch_(router_, access_, queries_, metrics_, replays_) {
    const Command change = [this](Request request) { return happen(std::move(request)); };
    router_.add({.method = "POST", .pattern = "/things", .scope = daemon::Scope::act, .run = change});
    router_.add({.method = "POST", .pattern = "/ask", .scope = daemon::Scope::read, .run = change});
  }

  static Request request(std::string key, std::string body = "{\"a\":1}", std::string path = "/things") {
    Request out{.method = "POST", .path = std::move(path), .body = std::move(body), .unix_socket = true};
    out.content_type = "application/json";
    out.idempotency_key = std::move(key);
    return out;
  }
  void ask(Request request) {
    boost::asio::co_spawn(io_, run(std::move(request), asked_++), boost::asio::detached);
  }
  void run() {
    io_.restart();
    io_.run();
  }
  Response answer(Request request) {
    ask(std::move(request));
    run();
    return answers.at(asked_ - 1);
  }
  test::FakeClock clock{from_ms(test::monday_ms)};
  int happened = 0;
  int status = 200;
  std::map<int, Response> answers;

 private:
  async::Awaitable<Response> happen([[maybe_unused]] Request request) {
    boost::asio::steady_timer pause(io_, std::chrono::milliseconds(1));
    co_await pause.async_wait(boost::asio::use_awaitable);
    co_return json("{\"number\":" + std::to_string(++happened) + "}", status);
  }
  async::Awaitable<void> run(Request request, int number) {
    auto response = co_await dispatch_.answer(std::move(request));
    answers[number] = std::move(response);
  }
  std::unique_ptr<store::Store> store_;
  boost::asio::io_context io_{1};
  Router router_;
  Access access_;
  Metrics metrics_;
  QueryPool queries_;
  Replays replays_;
  Dispatch dispatch_;
  int asked_ = 0;
};

bool replayed(const Response& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "Idempotency-Replayed") return value == "true";
  return false;
}

}  // namespace

TEST_CASE("a change that is sent again with its key happens once, also after a restart", "[daemon][api]") {
  test::TempDir folder;
  const auto database = folder.file("t.db");
  {
    Changes changes(database);
    const auto first = changes.answer(Changes::request("k1"));
    CHECK(first.body == "{\"number\":1}");
    CHECK_FALSE(replayed(first));
    const auto again = changes.answer(Changes::request("k1"));
    CHECK(again.body == first.body);
    CHECK(replayed(again));
    CHECK(changes.answer(Changes::request("k2")).body == "{\"number\":2}");
    CHECK(changes.answer(Changes::request("")).body == "{\"number\":3}");
  }
  Changes changes(database);
  CHECK(changes.answer(Changes::request("k1")).body == "{\"number\":1}");
  CHECK(changes.happened == 0);
  changes.clock.advance(std::chrono::hours(24));
  const auto next_day = changes.answer(Changes::request("k1"));
  CHECK_FALSE(replayed(next_day));
  CHECK(changes.happened == 1);
}

TEST_CASE("a key stands for one request alone", "[daemon][api]") {
  test::TempDir folder;
  Changes changes(folder.file("t.db"));
  CHECK(changes.answer(Changes::request("k1")).status == 200);
  const auto other = changes.answer(Changes::request("k1", "{\"a\":2}"));
  CHECK(other.status == 422);
  CHECK(other.content_type == "application/problem+json");
  CHECK(changes.answer(Changes::request(std::string(256, 'k'))).status == 400);
  CHECK(changes.answer(Changes::request(std::string(255, 'k'))).status == 200);
  CHECK(changes.happened == 2);
}

TEST_CASE("of two requests with one key at once the second is told to wait", "[daemon][api]") {
  test::TempDir folder;
  Changes changes(folder.file("t.db"));
  changes.ask(Changes::request("k1"));
  changes.ask(Changes::request("k1"));
  changes.run();
  CHECK(changes.happened == 1);
  CHECK(changes.answers[0].status == 200);
  CHECK(changes.answers[1].status == 409);
  CHECK(replayed(changes.answer(Changes::request("k1"))));
}

TEST_CASE("what changed nothing is tried again, and questions take no key", "[daemon][api]") {
  test::TempDir folder;
  Changes changes(folder.file("t.db"));
  changes.status = 503;
  CHECK(changes.answer(Changes::request("k1")).status == 503);
  changes.status = 200;
  CHECK(changes.answer(Changes::request("k1")).body == "{\"number\":2}");
  for (int i = 3; i < 5; ++i)
    CHECK_FALSE(replayed(changes.answer(Changes::request("k1", "{\"a\":1}", "/ask"))));
  CHECK(changes.happened == 4);
}
