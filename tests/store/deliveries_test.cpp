#include <catch2/catch.hpp>

#include "store/store.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace std::chrono_literals;

namespace {

constexpr auto lease = Milliseconds(60'000);
const auto noon = from_ms(1'772'452'800'000);

store::IdeaRow idea(int number) {
  return {.key = "idea-" + std::to_string(number), .state = "new", .title = "t", .details = "{}"};
}

/// A store with so many rows in its outbox, one a minute from noon on.
struct World {
  explicit World(int rows) {
    open();
    const auto brand = *store->ensure_brand("Fernwave");
    std::vector<store::IdeaRow> ideas;
    for (int i = 0; i < rows; ++i) {
      ideas.push_back(idea(i));
      REQUIRE(store->write_ideas(brand, ideas, noon + i * 1min));
    }
  }
  void open() {
    store.reset();
    store = *store::open_store(dir.file("earshot.db"));
  }
  store::Deliveries& deliveries() { return store->deliveries(); }

  /// Routes everything that is new to this destination; every row its own thread, or all the same.
  void route(const std::string& to, const std::string& thread = {}, bool digest = false,
             Timestamp due = noon) {
    for (const auto& item : *deliveries().unrouted(to, 1'000)) {
      const store::NewDelivery chosen{.outbox_id = item.id,
                                      .thread = thread.empty() ? item.key : thread,
                                      .topic = item.kind,
                                      .digest = digest,
                                      .due_at = due};
      REQUIRE(deliveries().route(to, item.id, chosen, noon));
    }
  }
  /// Keys of what is leased next.
  std::vector<std::string> claim(const std::string& from, Timestamp now) {
    std::vector<std::string> keys;
    ids.clear();
    for (const auto& one : *deliveries().claim(from, now, lease)) {
      keys.push_back(one.item.key.substr(one.item.key.rfind('-') + 1));
      ids.push_back(one.id);
    }
    return keys;
  }

  test::TempDir dir;
  std::unique_ptr<store::Store> store;
  std::vector<std::int64_t> ids;
};

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("a new destination begins where it was told to, a known one goes on", "[store][delivery]") {
  World w(5);
  auto& d = w.deliveries();
  REQUIRE(d.ensure_destination("late", noon + 3min));
  REQUIRE(d.ensure_destination("all", noon));
  REQUIRE(d.ensure_destination("none", noon + 1h));
  CHECK(d.unrouted("late", 10)->size() == 2);
  CHECK(d.unrouted("all", 10)->size() == 5);
  CHECK(d.unrouted("none", 10)->empty());
  w.route("late");
  REQUIRE(d.ensure_destination("late", noon));
  CHECK(d.unrouted("late", 10)->empty());
  // What is written from now on is seen by all three.
  REQUIRE(w.store->write_ideas(BrandId{1}, std::vector{idea(9)}, noon + 2h));
  for (const auto* name : {"late", "all", "none"}) {
    INFO(name);
    CHECK(d.unrouted(name, 10)->back().key.ends_with("idea-9"));
  }
  CHECK(d.unrouted("none", 10)->size() == 1);
}

TEST_CASE("routing again changes nothing", "[store][delivery]") {
  World w(2);
  auto& d = w.deliveries();
  REQUIRE(d.ensure_destination("a", noon));
  w.route("a");
  const store::NewDelivery again{.outbox_id = 1, .thread = "other", .topic = "x", .due_at = noon + 9h};
  REQUIRE(d.route("a", 1, again, noon));
  CHECK(d.unrouted("a", 10)->empty());
  CHECK(w.store->reader().operator*()->deliveries({})->size() == 2);
  CHECK(w.claim("a", noon) == Keys{"0"});
}

TEST_CASE("a thread goes out in order, and others pass it", "[store][delivery]") {
  World w(4);
  auto& d = w.deliveries();
  REQUIRE(d.ensure_destination("a", noon));
  const char* threads[] = {"x", "y", "x", "y"};
  for (int i = 0; i < 4; ++i) {
    const store::NewDelivery chosen{.outbox_id = i + 1, .thread = threads[i], .topic = "t", .due_at = noon};
    REQUIRE(d.route("a", i + 1, chosen, noon));
  }
  REQUIRE(w.claim("a", noon) == Keys{"0"});
  REQUIRE(d.retry(w.ids, noon + 1h, "it is closed"));
  REQUIRE(w.claim("a", noon) == Keys{"1"});  // x waits for its first; y goes on
  REQUIRE(d.delivered(w.ids, "ticket-1", noon));
  const auto next = *d.claim("a", noon, lease);
  REQUIRE(next.size() == 1);
  CHECK(next[0].item.key.ends_with("idea-3"));
  CHECK(next[0].thread_external_id == "ticket-1");
  REQUIRE(d.delivered(std::vector{next[0].id}, "", noon));
  CHECK(w.claim("a", noon) == Keys{});
  CHECK(w.claim("a", noon + 1h) == Keys{"0"});
  REQUIRE(d.give_up(w.ids, "refused", noon + 1h));
  CHECK(w.claim("a", noon + 1h) == Keys{"2"});  // the dead do not hold up the living
}

TEST_CASE("a lease keeps others away until it runs out or its holder is gone", "[store][delivery]") {
  World w(1);
  auto& d = w.deliveries();
  REQUIRE(d.ensure_destination("a", noon));
  w.route("a");
  REQUIRE(w.claim("a", noon) == Keys{"0"});
  CHECK(w.claim("a", noon + 59s).empty());
  REQUIRE(w.claim("a", noon + 60s) == Keys{"0"});
  w.open();  // as after a kill
  CHECK(w.claim("a", noon + 61s).empty());
  REQUIRE(w.deliveries().release("a", noon + 61s));
  const auto again = *w.deliveries().claim("a", noon + 61s, lease);
  REQUIRE(again.size() == 1);
  CHECK(again[0].attempts == 3);
  // An attempt that was broken off by us does not count.
  REQUIRE(w.deliveries().retry(std::vector{again[0].id}, noon, ""));
  CHECK(w.deliveries().claim("a", noon + 62s, lease)->front().attempts == 3);
}

TEST_CASE("a digest keeps its parts through every attempt", "[store][delivery]") {
  World w(3);
  auto& d = w.deliveries();
  REQUIRE(d.ensure_destination("a", noon));
  w.route("a", {}, true, noon + 8h);
  CHECK(w.claim("a", noon + 7h).empty());
  REQUIRE(w.claim("a", noon + 8h) == Keys{"0", "1", "2"});
  REQUIRE(d.retry(w.ids, noon + 9h, "no"));
  REQUIRE(w.store->write_ideas(BrandId{1}, std::vector{idea(7)}, noon + 8h));
  w.route("a", {}, true, noon + 8h);
  CHECK(w.claim("a", noon + 9h) == Keys{"0", "1", "2"});
  REQUIRE(d.delivered(w.ids, "mail-1", noon + 9h));
  CHECK(w.claim("a", noon + 9h) == Keys{"7"});
}

TEST_CASE("a digest of very many parts goes out in several", "[store][delivery]") {
  World w(230);
  REQUIRE(w.deliveries().ensure_destination("a", noon));
  w.route("a", {}, true);
  std::vector<std::size_t> sizes;
  for (;;) {
    const auto keys = w.claim("a", noon);
    if (keys.empty()) break;
    sizes.push_back(keys.size());
    REQUIRE(w.deliveries().delivered(w.ids, "", noon));
  }
  CHECK(sizes == std::vector<std::size_t>{100, 100, 30});
}

TEST_CASE("dead letters are kept, listed and sent again", "[store][delivery]") {
  World w(3);
  auto& d = w.deliveries();
  for (const auto* name : {"a", "b"}) {
    REQUIRE(d.ensure_destination(name, noon));
    w.route(name);
    while (!w.claim(name, noon).empty()) REQUIRE(d.give_up(w.ids, "HTTP 400", noon));
  }
  auto reader = *w.store->reader();
  const auto dead = *reader->deliveries({.destination = "a", .state = "dead"});
  REQUIRE(dead.size() == 3);
  CHECK(dead[0].last_error == "HTTP 400");
  CHECK(dead[0].state == "dead");
  REQUIRE(d.close(std::vector<std::string>{"a", "b"}, noon));
  CHECK(w.store->outbox(10)->size() == 3);  // somebody is still owed them
  REQUIRE(d.note("a", 4, noon + 1h, "HTTP 400", noon));
  REQUIRE(d.requeue(dead[0].id, noon));
  CHECK_FALSE(d.destination("a")->paused_until);
  const auto refused = d.requeue(dead[0].id, noon);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
  CHECK(d.claim("a", noon, lease)->front().attempts == 1);
  CHECK(*d.requeue_dead("b", noon) == 3);
  CHECK(*d.requeue_dead("", noon) == 2);
  CHECK(d.destination("b")->waiting == 3);
  CHECK(d.destination("b")->dead == 0);
}

TEST_CASE("what is dropped goes out no more and is owed to nobody", "[store][delivery]") {
  World w(4);
  auto& d = w.deliveries();
  REQUIRE(d.ensure_destination("a", noon));
  w.route("a", {}, true);
  REQUIRE(w.claim("a", noon) == Keys{"0", "1", "2", "3"});
  const auto ids = w.ids;
  CHECK(d.drop(ids[0], noon).error().kind == ErrorKind::busy);  // it is on its way
  REQUIRE(d.retry(ids, noon, "no"));
  REQUIRE(d.drop(ids[0], noon));
  REQUIRE(d.drop(ids[0], noon));
  REQUIRE(w.claim("a", noon) == Keys{"1", "2", "3"});  // without its first part the digest is made up anew
  REQUIRE(d.give_up(w.ids, "refused", noon));
  REQUIRE(d.drop(ids[1], noon));
  CHECK(*d.requeue_dead("", noon) == 2);
  REQUIRE(w.claim("a", noon) == Keys{"2", "3"});
  REQUIRE(d.delivered(w.ids, "", noon));
  CHECK(d.drop(ids[2], noon).error().kind == ErrorKind::invalid);
  CHECK(d.drop(99, noon).error().kind == ErrorKind::invalid);
  CHECK(w.store->reader().operator*()->deliveries({.state = "dropped"})->size() == 2);
  REQUIRE(d.close(std::vector<std::string>{"a"}, noon));
  CHECK(w.store->outbox(10)->empty());
}

TEST_CASE("how a destination takes what it is sent is counted", "[store][delivery]") {
  World w(3);
  auto& d = w.deliveries();
  REQUIRE(d.ensure_destination("a", noon));
  w.route("a");
  CHECK(d.destination("a")->oldest_due_at == noon);
  REQUIRE(w.claim("a", noon) == Keys{"0"});
  REQUIRE(d.retry(w.ids, noon + 1h, "it is closed"));
  CHECK(d.destination("a")->retrying == 1);
  REQUIRE(w.claim("a", noon) == Keys{"1"});
  REQUIRE(d.retry(w.ids, noon + 1h, ""));  // broken off by us: nobody failed
  REQUIRE(w.claim("a", noon) == Keys{"2"});
  REQUIRE(d.delivered(w.ids, "", noon));
  REQUIRE(d.delivered(w.ids, "", noon));  // the same again counts nothing
  REQUIRE(w.claim("a", noon + 1h) == Keys{"0"});
  REQUIRE(d.give_up(w.ids, "refused", noon + 1h));
  w.open();
  const auto state = *w.deliveries().destination("a");
  CHECK(state.sent == 1);
  CHECK(state.failed == 2);
  CHECK(state.dead == 1);
  CHECK(state.waiting == 1);
}

TEST_CASE("a row of the outbox is done when all have it", "[store][delivery]") {
  World w(2);
  auto& d = w.deliveries();
  const std::vector<std::string> both = {"a", "b"};
  for (const auto& name : both) REQUIRE(d.ensure_destination(name, noon));
  w.route("a");
  while (!w.claim("a", noon).empty()) REQUIRE(d.delivered(w.ids, "", noon));
  REQUIRE(d.close(both, noon));
  CHECK(w.store->outbox(10)->size() == 2);  // b has not decided
  REQUIRE(d.route("b", 1, std::nullopt, noon));
  REQUIRE(d.close(both, noon));
  CHECK(w.store->outbox(10)->size() == 1);
  w.route("b");
  REQUIRE(d.close(both, noon));
  CHECK(w.store->outbox(10)->size() == 1);  // b waits for it
  while (!w.claim("b", noon).empty()) REQUIRE(d.delivered(w.ids, "", noon));
  REQUIRE(d.close(both, noon));
  CHECK(w.store->outbox(10)->empty());
  World without(2);
  REQUIRE(without.deliveries().close({}, noon));
  CHECK(without.store->outbox(10)->empty());
}

TEST_CASE("a report's page is kept until it was sent, and no longer", "[store][delivery]") {
  World w(0);
  auto& d = w.deliveries();
  const std::vector<std::string> one = {"a"};
  REQUIRE(d.ensure_destination("a", noon));
  REQUIRE(
      *w.store->tell("report", "report:x:1", R"({"title":"t","text":"x","markdown":"x","html":"x"})", noon));
  REQUIRE_FALSE(*w.store->tell("report", "report:x:1", R"({"title":"another"})", noon));
  w.route("a", "report");
  const auto taken = *d.claim("a", noon, lease);
  REQUIRE(taken.size() == 1);
  CHECK(taken.front().item.payload == R"({"title":"t","text":"x","markdown":"x","html":"x"})");
  REQUIRE(d.close(one, noon));
  REQUIRE(d.retry(std::span(&taken.front().id, 1), noon, "HTTP 503"));
  const auto again = *d.claim("a", noon, lease);
  REQUIRE(again.size() == 1);
  CHECK(again.front().item.payload.find("html") != std::string::npos);
  REQUIRE(d.delivered(std::span(&again.front().id, 1), "", noon));
  REQUIRE(d.close(one, noon));
  CHECK((*w.store->reader())->deliveries({})->front().item.payload == R"({"title":"t"})");
}

TEST_CASE("what budgets and cool-downs count", "[store][delivery]") {
  World w(3);
  auto& d = w.deliveries();
  REQUIRE(d.ensure_destination("a", noon));
  CHECK_FALSE(*d.topic_due("a", "idea_new"));
  w.route("a", {}, false, noon + 5min);
  CHECK(*d.singles_due("a", noon, noon + 1h) == 3);
  CHECK(*d.singles_due("a", noon + 6min, noon + 1h) == 0);
  CHECK(**d.topic_due("a", "idea_new") == noon + 5min);
  CHECK(d.thread("a", "idea_new:1:idea-0")->known);
  CHECK_FALSE(d.thread("a", "idea_new:1:idea-0")->in_digest);
  CHECK_FALSE(d.thread("a", "other")->known);
}

TEST_CASE("an incident that takes a dropped one's number is announced", "[store][delivery]") {
  World w(0);
  store::IncidentRow row{.issue = 0,
                         .state = "open",
                         .title = "down",
                         .severity = 7,
                         .started_at = noon,
                         .detected_at = noon,
                         .last_at = noon,
                         .details = "{}"};
  REQUIRE(w.store->write_incidents(BrandId{1}, std::vector{row}, noon));
  REQUIRE(w.store->write_incidents(BrandId{1}, {}, noon));
  row.detected_at = row.started_at = noon + 2h;
  REQUIRE(w.store->write_incidents(BrandId{1}, std::vector{row}, noon));
  row.state = "closed";
  REQUIRE(w.store->write_incidents(BrandId{1}, std::vector{row}, noon));
  const auto items = *w.store->outbox(10);
  REQUIRE(items.size() == 3);
  CHECK(items[0].key != items[1].key);
  CHECK(items[1].key.substr(items[1].key.find(':')) == items[2].key.substr(items[2].key.find(':')));
  CHECK(items[1].payload.find(R"("brand":"Fernwave","issue":"outage")") != std::string::npos);
}
