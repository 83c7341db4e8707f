#include "daemon/delivery_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>

#include "tests/support/fake_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::daemon;
using namespace std::chrono_literals;

namespace {

const auto noon = from_ms(1'795'780'800'000);

/// What a receiver got, and how it answers.
struct Receiver {
  std::function<Result<delivery::Receipt>(const delivery::Item&)> answer = [](const delivery::Item&) {
    return delivery::Receipt{};
  };
  std::vector<delivery::Item> got;  ///< taken
  int attempts = 0;
};

class FakeSink final : public delivery::Sink {
 public:
  explicit FakeSink(Receiver& receiver) : receiver_(receiver) {}
  async::Awaitable<Result<delivery::Receipt>> deliver(delivery::Item item) override {
    ++receiver_.attempts;
    auto out = receiver_.answer(item);
    if (out) receiver_.got.push_back(std::move(item));
    co_return out;
  }

 private:
  Receiver& receiver_;
};

/// A store, a clock that the test moves, and destinations that it answers for.
struct World {
  World() { store = *store::open_store(dir.file("earshot.db")); }

  void add(const std::string& name, delivery::Route route = {}) {
    DestinationConfig destination{.name = name, .kind = "fake", .interval = 0ms};
    destination.plan.make = [this, name](const delivery::SinkServices&) {
      return std::make_unique<FakeSink>(receivers[name]);
    };
    config.delivery.destinations.push_back(std::move(destination));
    route.to = {name};
    config.delivery.routes.push_back(std::move(route));
  }
  /// New ideas for the outbox.
  void find(int count) {
    const auto brand = *store->ensure_brand("Acme");
    for (int i = 0; i < count; ++i)
      ideas.push_back(
          {.key = "idea-" + std::to_string(ideas.size()), .state = "new", .title = "t", .details = "{}"});
    REQUIRE(store->write_ideas(brand, ideas, clock.now()));
  }
  void incident(int issue, int severity, const std::string& state = "open") {
    const auto brand = *store->ensure_brand("Acme");
    std::erase_if(incidents, [&](const auto& row) { return row.issue == issue; });
    incidents.push_back({.issue = static_cast<std::uint8_t>(issue),
                         .state = state,
                         .title = "down",
                         .severity = severity,
                         .started_at = noon,
                         .detected_at = noon,
                         .last_at = noon,
                         .authors = 9,
                         .details = "{}"});
    REQUIRE(store->write_incidents(brand, incidents, clock.now()));
  }
  /// A new daemon that runs until nothing more can be done now.
  Status run() {
    boost::asio::io_context io;
    DeliveryLoop loop(*store, clock, io.get_executor(), io.get_executor());
    loop.configure(config, {});
    Status out;
    boost::asio::co_spawn(io, loop.catch_up(), [&](std::exception_ptr failure, Status status) {
      REQUIRE_FALSE(failure);
      out = std::move(status);
    });
    io.run();
    return out;
  }
  std::vector<std::string> kinds(const std::string& name) {
    std::vector<std::string> out;
    for (const auto& item : receivers[name].got) out.push_back(item.kind);
    return out;
  }
  store::DestinationState state(const std::string& name) { return *store->deliveries().destination(name); }

  test::TempDir dir;
  test::FakeClock clock{noon};
  std::unique_ptr<store::Store> store;
  Config config;
  std::map<std::string, Receiver> receivers;
  std::vector<store::IdeaRow> ideas;
  std::vector<store::IncidentRow> incidents;
};

using Kinds = std::vector<std::string>;

Result<delivery::Receipt> failing(ErrorKind kind, std::optional<Milliseconds> after = {}) {
  return unexpected(Error{.kind = kind, .message = "scripted", .retry_after = after});
}

}  // namespace

TEST_CASE("a receiver that is down for a day loses nothing and is not stormed", "[daemon][delivery]") {
  World w;
  w.add("down");
  w.add("up");
  w.receivers["down"].answer = [](const auto&) { return failing(ErrorKind::unreachable); };
  w.find(60);
  std::set<std::string> ids;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    if (minute % 60 == 0) w.find(2);
    REQUIRE(w.run());
    w.clock.advance(1min);
  }
  CHECK(w.receivers["up"].got.size() == 108);  // one that is down holds up nobody else
  const int attempts = w.receivers["down"].attempts;
  CHECK(attempts > 90);  // asked often enough to be back soon after the receiver is
  CHECK(attempts < 420);
  w.receivers["down"].answer = [](const auto&) { return delivery::Receipt{}; };
  for (int minute = 0; minute < 16; ++minute) {
    REQUIRE(w.run());
    w.clock.advance(1min);
  }
  const auto& got = w.receivers["down"].got;
  REQUIRE(got.size() == 108);
  for (const auto& item : got) ids.insert(item.id);
  CHECK(ids.size() == 108);
  CHECK(std::ranges::is_sorted(got, {}, &delivery::Item::created_at));
  CHECK(w.receivers["down"].attempts == attempts + 108);  // one probe, which was taken, then one each
  CHECK(w.state("down").failures == 0);
  CHECK(w.store->outbox(10)->empty());
}

TEST_CASE("one message that is refused lets the others pass, and dies after its days", "[daemon][delivery]") {
  World w;
  w.add("picky");
  w.find(10);
  std::string refused;
  w.receivers["picky"].answer = [&](const delivery::Item& item) -> Result<delivery::Receipt> {
    if (refused.empty()) refused = item.id;
    if (item.id == refused) return failing(ErrorKind::bad_request);
    return delivery::Receipt{};
  };
  int minutes = 0;
  for (; minutes < 10; ++minutes) {
    REQUIRE(w.run());
    w.clock.advance(1min);
  }
  CHECK(w.receivers["picky"].got.size() == 9);
  CHECK(w.state("picky").waiting == 1);
  for (int hour = 0; hour < 6 * 24; ++hour) {
    REQUIRE(w.run());
    w.clock.advance(1h);
  }
  CHECK(w.state("picky").waiting == 1);  // many attempts, but not its seven days
  CHECK(w.state("picky").dead == 0);
  for (int hour = 0; hour < 2 * 24; ++hour) {
    REQUIRE(w.run());
    w.clock.advance(1h);
  }
  CHECK(w.state("picky").dead == 1);
  CHECK(w.receivers["picky"].attempts < 9 + 70);
  CHECK(w.store->outbox(10)->size() == 1);
  refused = "nothing";
  REQUIRE(w.store->deliveries().requeue_dead("", w.clock.now()));
  REQUIRE(w.run());
  CHECK(w.receivers["picky"].got.size() == 10);
}

TEST_CASE("a wait that the receiver asks for is kept over a restart", "[daemon][delivery]") {
  World w;
  w.add("busy");
  w.find(3);
  w.receivers["busy"].answer = [](const auto&) { return failing(ErrorKind::rate_limited, 3h); };
  REQUIRE(w.run());
  CHECK(w.receivers["busy"].attempts == 1);
  CHECK(*w.state("busy").paused_until >= noon + 3h);
  w.receivers["busy"].answer = [](const auto&) { return delivery::Receipt{}; };
  w.clock.advance(179min);
  REQUIRE(w.run());
  CHECK(w.receivers["busy"].attempts == 1);
  w.clock.advance(2min);
  REQUIRE(w.run());
  CHECK(w.receivers["busy"].got.size() == 3);
}

TEST_CASE("what was broken off goes out again under the same id", "[daemon][delivery]") {
  World w;
  w.add("a");
  w.find(1);
  std::set<std::string> ids;
  w.receivers["a"].answer = [&](const delivery::Item& item) {
    ids.insert(item.id);
    return failing(ErrorKind::cancelled);
  };
  // Broken off again and again, it stays due at once and its attempts are not counted.
  boost::asio::io_context io;
  DeliveryLoop loop(*w.store, w.clock, io.get_executor(), io.get_executor());
  loop.configure(w.config, {});
  loop.start();
  io.run_for(200ms);
  CHECK(w.receivers["a"].attempts > 1);
  CHECK(ids.size() == 1);
  CHECK(w.state("a").failures == 0);
  bool drained = false;
  boost::asio::co_spawn(io, loop.drain(), [&](std::exception_ptr) { drained = true; });
  io.run_for(10s);
  CHECK(drained);
}

TEST_CASE("lanes begin, work, and end when they are told to", "[daemon][delivery]") {
  World w;
  w.add("a");
  w.find(5);
  boost::asio::io_context io;
  DeliveryLoop loop(*w.store, w.clock, io.get_executor(), io.get_executor());
  loop.configure(w.config, {});
  loop.start();
  bool reloaded = false, drained = false;
  for (int round = 0; round < 200 && w.receivers["a"].got.size() < 5; ++round) io.run_for(50ms);
  CHECK(w.receivers["a"].got.size() == 5);
  w.add("b");
  boost::asio::co_spawn(io, loop.reload(w.config, {}), [&](std::exception_ptr) { reloaded = true; });
  for (int round = 0; round < 200 && w.receivers["b"].got.size() < 5; ++round) io.run_for(50ms);
  CHECK(reloaded);
  CHECK(w.receivers["b"].got.size() == 5);
  CHECK(w.receivers["a"].got.size() == 5);
  boost::asio::co_spawn(io, loop.drain(), [&](std::exception_ptr) { drained = true; });
  io.run_for(10s);
  CHECK(drained);
}

TEST_CASE("quiet hours hold back, also what is tried again, and lose nothing", "[daemon][delivery]") {
  World w;
  w.add("night", {.urgent_severity = 9, .quiet_hours = delivery::QuietHours{.from = 13 * 60, .to = 15 * 60}});
  w.receivers["night"].answer = [](const auto&) { return failing(ErrorKind::unreachable); };
  w.incident(0, 5);  // at noon
  REQUIRE(w.run());
  CHECK(w.receivers["night"].attempts == 1);
  w.receivers["night"].answer = [](const auto&) { return delivery::Receipt{.external_id = "t1"}; };
  w.clock.advance(70min);
  w.incident(1, 5);
  w.incident(2, 9);
  REQUIRE(w.run());
  REQUIRE(w.receivers["night"].got.size() == 1);  // the urgent one alone
  CHECK(w.receivers["night"].got[0].payload.find("\"severity\":9") != std::string::npos);
  w.incident(0, 1, "closed");
  w.clock.advance(2h);
  REQUIRE(w.run());
  CHECK(w.kinds("night") ==
        Kinds{"incident_opened", "incident_opened", "incident_opened", "incident_closed"});
  CHECK(w.receivers["night"].got[3].thread_external_id == "t1");
}

TEST_CASE("over the budget everything is told in one digest", "[daemon][delivery]") {
  World w;
  w.add("team", {.per_day = 2, .digest = {.minute = 18 * 60}});
  w.find(7);
  REQUIRE(w.run());
  CHECK(w.kinds("team") == Kinds{"idea_new", "idea_new"});
  w.clock.advance(6h);
  REQUIRE(w.run());
  REQUIRE(w.kinds("team") == Kinds{"idea_new", "idea_new", "digest"});
  CHECK(w.receivers["team"].got[2].parts.size() == 5);
  CHECK(w.store->outbox(10)->empty());
  w.clock.advance(12h);
  w.find(1);
  REQUIRE(w.run());
  CHECK(w.kinds("team").back() == "idea_new");  // another day, another budget
}

TEST_CASE("a digest that fails comes again with the same parts and id", "[daemon][delivery]") {
  World w;
  w.add("team", {.digest_only = true, .digest = {.minute = 13 * 60}});
  w.find(3);
  REQUIRE(w.run());
  CHECK(w.receivers["team"].attempts == 0);
  std::vector<std::string> ids;
  w.receivers["team"].answer = [&](const delivery::Item& item) {
    ids.push_back(item.id + " " + std::to_string(item.parts.size()));
    return failing(ErrorKind::timed_out);
  };
  w.clock.advance(61min);
  REQUIRE(w.run());
  w.find(4);
  w.clock.advance(15min);
  REQUIRE(w.run());
  REQUIRE(ids.size() == 2);
  CHECK(ids[0] == ids[1]);
}

TEST_CASE("a destination that is added later is told of the last day, not of history", "[daemon][delivery]") {
  World w;
  w.add("old");
  w.find(5);
  w.clock.advance(48h);
  w.find(2);
  REQUIRE(w.run());
  w.clock.advance(1h);
  w.add("new");
  REQUIRE(w.run());
  CHECK(w.receivers["new"].got.size() == 2);
  CHECK(w.receivers["old"].got.size() == 2);  // the first five were two days old when it began
  w.find(1);
  REQUIRE(w.run());
  CHECK(w.receivers["new"].got.size() == 3);
}
