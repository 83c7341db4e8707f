// Asking a platform for stored mentions again: edits, deletions, bad answers, and a kill between two batches.
#include "daemon/hydrate_sweep.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "store/sqlite/database.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http_client.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::daemon;
using connectors::Hydrated;
using connectors::KeptMention;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

using Answer = std::function<Result<Hydrated>(const std::vector<KeptMention>&)>;

class Platform final : public connectors::Connector {
 public:
  Platform(std::size_t batch, Answer answer) : batch_(batch), answer_(std::move(answer)) {}
  std::vector<connectors::Stream> streams() const override { return {{"all"}}; }
  async::Awaitable<Result<Page>> fetch(connectors::Context&, const connectors::Stream&,
                                       std::optional<Cursor>) override {
    co_return Page{};
  }
  std::size_t hydrate_batch() const override { return batch_; }
  async::Awaitable<Result<Hydrated>> hydrate(connectors::Context&, std::vector<KeptMention> asked) override {
    for (const auto& one : asked) asked_for.push_back(one.native_id.substr(one.native_id.rfind('/') + 1));
    auto answer = answer_(asked);
    co_return answer;
  }
  std::vector<std::string> asked_for;

 private:
  std::size_t batch_;
  Answer answer_;
};

/// A site whose posts the test edits and deletes.
struct Site {
  std::map<std::string, std::string> texts;
  std::int64_t likes = 0;

  Hydrated answer(const std::vector<KeptMention>& asked, Timestamp now) const {
    Hydrated out;
    for (const auto& one : asked) {
      const auto found = texts.find(one.native_id);
      if (found == texts.end()) {
        out.gone.push_back(one.id);
        continue;
      }
      auto again = test::mention("", 0, found->second);
      again.native_id = one.native_id;
      again.created_at = one.created_at;
      again.fetched_at = now;
      again.engagement.likes = likes;
      out.page.mentions.push_back(std::move(again));
    }
    return out;
  }
};

struct Bench {
  test::TempDir dir;
  boost::asio::io_context io{1};
  test::FakeClock clock{from_ms(test::monday_ms)};
  test::FakeHttpClient http;
  std::unique_ptr<store::Store> store = *store::open_store(dir.file("earshot.db"));
  std::shared_ptr<const Pipeline> pipeline;
  BrandId brand = *store->ensure_brand("Fernwave");
  SourceId source = *store->ensure_source("social", "fake");
  SourceConfig config{.name = "social", .connector = "fake"};
  Site site;
  std::unique_ptr<QuotaPlanner> planner = std::make_unique<QuotaPlanner>(clock, std::nullopt, true);

  Bench() {
    pipeline = *Pipeline::create({Brand{.id = brand, .name = "Fernwave"}}, {});
    config.legal.deletion_hours = 48;
  }
  void listen(int posts, int minutes_apart = 1, int first_minute = 0) {
    Page page;
    for (int i = 0; i < posts; ++i) {
      const auto minute = first_minute + i * minutes_apart;
      page.mentions.push_back(test::mention(std::to_string(minute), minute));
      site.texts[page.mentions.back().native_id] = page.mentions.back().text;
    }
    const auto epoch = store->stream(source, "all")->epoch;
    const auto batch =
        pipeline->process(std::move(page), {.source = source, .stream = "all", .epoch = epoch}, clock.now());
    REQUIRE(store->write(std::span(&batch, 1)));
  }
  Answer honest() {
    return [this](const auto& asked) { return Result<Hydrated>(site.answer(asked, clock.now())); };
  }
  std::unique_ptr<Committer> committer =
      std::make_unique<Committer>(*store, io.get_executor(), io.get_executor());
  std::unique_ptr<HydrateSweep> sweep(Platform& platform) {
    const LoopServices services{.http = http,
                                .clock = clock,
                                .store = *store,
                                .committer = *committer,
                                .home = io.get_executor(),
                                .storing = io.get_executor(),
                                .analysing = io.get_executor()};
    return std::make_unique<HydrateSweep>(services, config, PageOrigin{.source = source, .stream = {}},
                                          platform, pipeline, *planner, 7);
  }
  template <typename T>
  T run(async::Awaitable<T> work) {
    std::optional<T> out;
    boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr failure, T value) {
      if (!failure) out.emplace(std::move(value));
    });
    io.restart();
    io.run();
    REQUIRE(out);
    return std::move(*out);
  }
  /// Steps until nothing is due; how many were asked for.
  std::int64_t settle(HydrateSweep& sweep, int steps_max = 100) {
    std::int64_t asked = 0;
    for (int i = 0; i < steps_max; ++i) {
      const auto step = run(sweep.step());
      REQUIRE(step);
      if (step->asked == 0) return asked;
      asked += step->asked;
    }
    return asked;
  }
  std::int64_t count(const std::string& what) {
    auto database = store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
    return *database->integer(("SELECT count(*) FROM mention WHERE " + what).c_str());
  }
  std::string post(int number) const { return test::mention(std::to_string(number), 0).native_id; }
};

}  // namespace

TEST_CASE("edits are judged anew, counts refreshed, and deletions leave tombstones", "[daemon][hydrate]") {
  Bench bench;
  bench.listen(4);
  Platform platform(3, bench.honest());
  auto sweep = bench.sweep(platform);
  CHECK(bench.settle(*sweep) == 0);  // all young
  bench.site.texts[bench.post(1)] = "I love Fernwave, thank you";
  bench.site.texts.erase(bench.post(2));
  bench.site.likes = 9;
  bench.clock.advance(hours(1) + minutes(4));
  CHECK(bench.settle(*sweep) == 4);
  CHECK(platform.asked_for == std::vector<std::string>{"0", "1", "2", "3"});
  CHECK(bench.count("likes=9") == 3);
  CHECK(bench.count("text='I love Fernwave, thank you'") == 1);
  CHECK(bench.count("text IS NULL AND native_id IS NULL AND author_id IS NULL AND deleted_at IS NOT NULL") ==
        1);
  CHECK(bench.store->verify_rollups()->empty());
  CHECK(bench.settle(*sweep) == 0);
  bench.clock.advance(hours(5));
  CHECK(bench.settle(*sweep) == 3);  // the dead one is not asked for again
  REQUIRE(bench.run(sweep->report()));
  const auto status = (*bench.store->reader())->sources()->front().hydrate;
  REQUIRE(status);
  CHECK(status->asked == 7);
  CHECK(status->gone == 1);
  CHECK(status->overdue == 0);
}

TEST_CASE("an edit that no longer names the brand takes its words along", "[daemon][hydrate]") {
  Bench bench;
  bench.listen(1);
  Platform platform(3, bench.honest());
  auto sweep = bench.sweep(platform);
  CHECK(bench.settle(*sweep) == 0);
  bench.site.texts[bench.post(0)] = "never mind";
  bench.clock.advance(hours(2));
  CHECK(bench.settle(*sweep) == 1);
  CHECK(bench.count("text IS NOT NULL") == 0);
  CHECK(bench.store->verify_rollups()->empty());
}

TEST_CASE("a rate limit between two batches loses nothing, and nothing twice", "[daemon][hydrate][faults]") {
  Bench bench;
  bench.listen(6);
  int calls = 0;
  Platform platform(2, [&](const auto& asked) -> Result<Hydrated> {
    if (++calls == 2)
      return unexpected(Error{
          .kind = ErrorKind::rate_limited, .message = "later", .retry_after = std::chrono::seconds(30)});
    return bench.site.answer(asked, bench.clock.now());
  });
  auto sweep = bench.sweep(platform);
  (void)bench.settle(*sweep);
  bench.clock.advance(hours(1) + minutes(6));
  REQUIRE(bench.run(sweep->step()));
  const auto limited = bench.run(sweep->step());
  REQUIRE_FALSE(limited);
  CHECK(limited.error().retry_after == std::chrono::seconds(30));
  CHECK(bench.settle(*sweep) == 4);
  CHECK(platform.asked_for == std::vector<std::string>{"0", "1", "2", "3", "2", "3", "4", "5"});
  CHECK(bench.count("text IS NOT NULL") == 6);
}

TEST_CASE("killed between two batches, it goes on where it was", "[daemon][hydrate][faults]") {
  Bench bench;
  bench.listen(6);
  bench.site.texts.erase(bench.post(0));
  bench.site.texts.erase(bench.post(5));
  Platform first(2, bench.honest()), second(2, bench.honest());
  auto sweep = bench.sweep(first);
  (void)bench.settle(*sweep);
  bench.clock.advance(hours(1) + minutes(6));
  REQUIRE(bench.run(sweep->step()));
  REQUIRE(bench.run(sweep->step()));
  // The process ends; another one opens the file.
  sweep.reset();
  bench.committer.reset();
  bench.store.reset();
  bench.store = *store::open_store(bench.dir.file("earshot.db"));
  bench.committer =
      std::make_unique<Committer>(*bench.store, bench.io.get_executor(), bench.io.get_executor());
  auto again = bench.sweep(second);
  CHECK(bench.settle(*again) == 2);
  CHECK(second.asked_for == std::vector<std::string>{"4", "5"});
  CHECK(bench.count("text IS NULL") == 2);
  CHECK(bench.store->verify_rollups()->empty());
}

TEST_CASE("another worker that takes the lease makes the first one's answer void",
          "[daemon][hydrate][faults]") {
  Bench bench;
  bench.listen(2);
  bool stolen = false;
  Platform platform(2, [&](const auto& asked) -> Result<Hydrated> {
    if (!std::exchange(stolen, true)) {
      const auto epoch = bench.store->stream(bench.source, "hydrate")->epoch;
      const store::Batch other{
          .source = bench.source, .stream = "hydrate", .epoch = epoch, .now = bench.clock.now()};
      REQUIRE(bench.store->write(std::span(&other, 1)));
    }
    bench.site.texts.erase(bench.post(0));
    return bench.site.answer(asked, bench.clock.now());
  });
  auto sweep = bench.sweep(platform);
  CHECK(bench.settle(*sweep) == 0);
  bench.clock.advance(hours(2));
  const auto late = bench.run(sweep->step());
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::cancelled);
  CHECK(bench.count("text IS NULL") == 0);
  CHECK(bench.settle(*sweep) == 2);  // with the lease taken anew
  CHECK(bench.count("text IS NULL") == 1);
}

TEST_CASE("that everybody is gone is believed of a platform only that still knows the youngest",
          "[daemon][hydrate][faults]") {
  Bench bench;
  bench.listen(24);
  const auto texts = std::exchange(bench.site.texts, {});  // the address moved: 404 for everything
  Platform platform(8, bench.honest());
  auto sweep = bench.sweep(platform);
  (void)bench.settle(*sweep);
  bench.clock.advance(hours(1) + minutes(24));
  CHECK(bench.run(sweep->step())->gone == 0);         // nobody was ever there
  CHECK(bench.run(sweep->step())->wait == hours(1));  // not even the youngest is
  bench.clock.advance(minutes(30));
  CHECK(bench.run(sweep->step())->wait == minutes(30));
  bench.clock.advance(hours(5));
  CHECK(bench.run(sweep->step())->gone == 0);
  CHECK(bench.count("text IS NULL") == 0);
  bench.clock.advance(hours(1));
  SECTION("the address is back: nothing happened") {
    bench.site.texts = texts;
    CHECK(bench.run(sweep->step())->found == 8);
    CHECK(bench.settle(*sweep) >= 16);
    CHECK(bench.count("text IS NULL") == 0);
  }
  SECTION("a post that a poll has just brought is there: the others are gone, also for the next process") {
    auto next = bench.sweep(platform);
    const auto minutes_since = (to_ms(bench.clock.now()) - test::monday_ms) / 60'000;
    bench.listen(1, 1, static_cast<int>(minutes_since));
    CHECK(bench.run(next->step())->found == 1);
    for (int i = 0; i < 20; ++i) REQUIRE(bench.run(next->step()));
    CHECK(bench.count("text IS NULL") == 24);
    CHECK(bench.count("text IS NOT NULL") == 1);
    CHECK(bench.store->verify_rollups()->empty());
  }
}

TEST_CASE("a batch that the platform calls wrong is passed over in the end", "[daemon][hydrate][faults]") {
  Bench bench;
  bench.listen(4);
  Platform platform(2, [&](const auto& asked) -> Result<Hydrated> {
    if (asked.front().native_id == bench.post(0)) return unexpected(ErrorKind::bad_request, "what is this?");
    return bench.site.answer(asked, bench.clock.now());
  });
  auto sweep = bench.sweep(platform);
  (void)bench.settle(*sweep);
  bench.clock.advance(hours(1) + minutes(4));
  CHECK_FALSE(bench.run(sweep->step()));
  CHECK_FALSE(bench.run(sweep->step()));
  CHECK(bench.settle(*sweep) == 4);
  CHECK(bench.count("text IS NOT NULL") == 4);
}

TEST_CASE("without a budget left it waits, and what is overdue is counted", "[daemon][hydrate]") {
  Bench bench;
  bench.listen(5);
  bench.planner = std::make_unique<QuotaPlanner>(
      bench.clock, connectors::RequestBudget{.requests = 24, .per = hours(24)}, true);
  bench.planner->hydrated(10);
  Platform platform(1, bench.honest());
  auto sweep = bench.sweep(platform);
  const auto held = bench.run(sweep->step());
  REQUIRE(held);
  CHECK(held->asked == 0);
  CHECK(held->wait == hours(1));
  bench.clock.advance(hours(49));
  REQUIRE(bench.run(sweep->report()));
  const auto status = (*bench.store->reader())->sources()->front().hydrate;
  REQUIRE(status);
  CHECK(status->overdue == 5);
  CHECK(status->oldest_at == from_ms(test::monday_ms + 5'000));
}

TEST_CASE("a platform that cannot be asked, but demands that deletions follow, is told as overdue",
          "[daemon][hydrate]") {
  Bench bench;
  bench.listen(2);
  Platform deaf(0, bench.honest());
  CHECK(HydrateSweep::is_needed(bench.config, deaf));
  auto sweep = bench.sweep(deaf);
  CHECK_FALSE(sweep->asks());
  bench.clock.advance(hours(49));
  REQUIRE(bench.run(sweep->report()));
  CHECK((*bench.store->reader())->sources()->front().hydrate->overdue == 2);
  bench.config.legal = {};
  CHECK_FALSE(HydrateSweep::is_needed(bench.config, deaf));
}
