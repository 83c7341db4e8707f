#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <deque>
#include <functional>
#include <map>

#include "daemon/source_loop.hpp"
#include "store/sqlite/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/fake_http_client.hpp"

using namespace earshot;
using namespace earshot::daemon;
using namespace std::chrono_literals;

namespace {

/// Live streams give what the test puts in their queue, and wait while it is empty; polled ones give an empty
/// page. Every call is noted.
class LiveConnector final : public connectors::Connector {
 public:
  std::vector<connectors::Stream> places;
  std::map<std::string, std::deque<Result<Page>>> news;
  std::map<std::string, int> calls;
  std::vector<std::optional<Cursor>> cursors;  ///< of live calls
  bool ended = false;

  std::vector<connectors::Stream> streams() const override { return places; }
  async::Awaitable<Result<Page>> fetch(connectors::Context& context, const connectors::Stream& stream,
                                       std::optional<Cursor> cursor) override {
    ++calls[stream.name];
    if (!stream.live) co_return Page{};
    CHECK(context.live != nullptr);
    cursors.push_back(cursor);
    auto& queue = news[stream.name];
    while (queue.empty() && !ended) {
      boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor, 2ms);
      co_await pause.async_wait(boost::asio::use_awaitable);
    }
    if (ended) co_return unexpected(ErrorKind::cancelled, "shutting down");
    auto page = std::move(queue.front());
    queue.pop_front();
    co_return page;
  }
};

class NoLiveClient final : public net::LiveClient {
 public:
  async::Awaitable<Result<net::LiveReply>> open(net::LiveRequest) override {
    co_return unexpected(ErrorKind::unreachable, "nobody");
  }
};

Page news_page(int number) {
  Page page;
  page.mentions.push_back(test::mention(std::to_string(number), number));
  page.cursor = Cursor{.json = std::to_string(number)};
  return page;
}

struct Bench {
  boost::asio::io_context io{1};
  SystemClock clock;
  test::FakeHttpClient http;
  NoLiveClient live;
  std::unique_ptr<store::Store> store = *store::sqlite::SqliteStore::open(":memory:");
  Committer committer{*store, io.get_executor(), io.get_executor()};
  std::unique_ptr<SourceLoop> loop;
  LiveConnector* connector = nullptr;
  SourceId id;

  explicit Bench(std::vector<connectors::Stream> places, std::chrono::milliseconds interval = 10ms) {
    Brand brand{.name = "Fernwave"};
    brand.id = *store->ensure_brand(brand.name);
    auto made = std::make_unique<LiveConnector>();
    made->places = std::move(places);
    connector = made.get();
    id = *store->ensure_source("social", "fake");
    LoopServices services{.http = http,
                          .clock = clock,
                          .store = *store,
                          .committer = committer,
                          .home = io.get_executor(),
                          .storing = io.get_executor(),
                          .analysing = io.get_executor(),
                          .live = &live};
    SourceConfig config{
        .name = "social", .connector = "fake", .interval_min = interval, .interval_max = interval};
    loop = std::make_unique<SourceLoop>(services, config, id, std::move(made), *Pipeline::create({brand}, {}),
                                        std::vector<BrandId>{}, std::nullopt, 7);
  }
  bool until(const std::function<bool()>& condition) {
    io.restart();
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!condition() && std::chrono::steady_clock::now() < end) io.run_one_for(10ms);
    return condition();
  }
  void run() {
    boost::asio::co_spawn(io, loop->run(), [this](std::exception_ptr failure) {
      finished = true;
      if (failure) std::rethrow_exception(failure);
    });
  }
  void stop() {
    loop->stop();
    connector->ended = true;
    REQUIRE(until([&] { return finished; }));
  }
  bool finished = false;
};

}  // namespace

TEST_CASE("a live stream that waits for news holds up no polled stream, nor they it", "[daemon][live]") {
  Bench bench({{.name = "live", .live = true}, {.name = "tag"}});
  bench.run();
  REQUIRE(bench.until([&] { return bench.connector->calls["tag"] >= 20; }));
  CHECK(bench.connector->calls["live"] == 1);
  for (int i = 1; i <= 20; ++i) bench.connector->news["live"].emplace_back(news_page(i));
  REQUIRE(bench.until([&] { return bench.loop->tally().stored == 20; }));
  bench.stop();
}

TEST_CASE("the interval of polling does not delay a live stream", "[daemon][live]") {
  Bench bench({{.name = "live", .live = true}, {.name = "tag"}}, 1h);
  bench.run();
  for (int i = 1; i <= 50; ++i) bench.connector->news["live"].emplace_back(news_page(i));
  REQUIRE(bench.until([&] { return bench.loop->tally().stored == 50; }));
  CHECK(bench.connector->calls["tag"] <= 2);
  bench.stop();
}

TEST_CASE("the next fetch of a live stream comes with the cursor of the page that is durable",
          "[daemon][live]") {
  Bench bench({{.name = "live", .live = true}});
  bench.run();
  for (int i = 1; i <= 5; ++i) bench.connector->news["live"].emplace_back(news_page(i));
  REQUIRE(bench.until([&] { return bench.connector->cursors.size() == 6; }));
  CHECK_FALSE(bench.connector->cursors[0]);
  for (std::size_t i = 1; i <= 5; ++i) CHECK(bench.connector->cursors[i]->json == std::to_string(i));
  CHECK(bench.store->stream(bench.id, "live")->cursor->json == "5");
  bench.stop();
}

TEST_CASE("when a live stream is heard again, the polled ones are asked at once", "[daemon][live]") {
  Bench bench({{.name = "live", .live = true}, {.name = "tag"}}, 1h);
  auto& news = bench.connector->news["live"];
  news.emplace_back(news_page(1));
  bench.run();
  REQUIRE(bench.until([&] { return bench.loop->tally().stored == 1 && bench.connector->calls["tag"] >= 1; }));
  bench.until([&] { return bench.connector->calls["live"] == 2; });
  const auto before = bench.connector->calls["tag"];
  news.emplace_back(unexpected(ErrorKind::unreachable, "the server closed the connection"));
  news.emplace_back(news_page(2));
  REQUIRE(bench.until([&] { return bench.connector->calls["tag"] > before; }));
  CHECK(bench.loop->tally().stored == 2);
  bench.stop();
}

TEST_CASE("a live stream that fails backs off beside polled ones that go on", "[daemon][live]") {
  Bench bench({{.name = "live", .live = true}, {.name = "tag"}});
  bench.connector->news["live"].emplace_back(unexpected(ErrorKind::unauthorized, "no"));
  bench.run();
  REQUIRE(bench.until([&] { return bench.connector->calls["tag"] >= 20; }));
  CHECK(bench.connector->calls["live"] == 1);
  bench.stop();
}

TEST_CASE("catching up polls only: a live stream has no end to reach", "[daemon][live]") {
  Bench bench({{.name = "live", .live = true}, {.name = "tag"}});
  std::optional<Status> out;
  struct Into {
    static async::Awaitable<void> run(SourceLoop& loop, std::optional<Status>& result) {
      auto status = co_await loop.catch_up(3, daemon::SourceLoop::Budget::unlimited);
      result = std::move(status);
    }
  };
  boost::asio::co_spawn(bench.io, Into::run(*bench.loop, out), boost::asio::detached);
  REQUIRE(bench.until([&] { return out.has_value(); }));
  CHECK(*out);
  CHECK(bench.loop->tally().caught_up);
  CHECK(bench.connector->calls["live"] == 0);
  CHECK(bench.connector->calls["tag"] == 1);
}

TEST_CASE("a source of live streams alone ends when it is stopped", "[daemon][live]") {
  Bench bench({{.name = "a", .live = true}, {.name = "b", .live = true}});
  bench.run();
  REQUIRE(bench.until([&] { return bench.connector->calls["a"] == 1 && bench.connector->calls["b"] == 1; }));
  bench.stop();
  CHECK(bench.loop->tally().error.empty());
}
