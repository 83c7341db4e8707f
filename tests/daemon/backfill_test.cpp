#include "daemon/backfill.hpp"

#include <catch2/catch.hpp>

#include "tests/support/builders.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http_client.hpp"
#include "tests/support/run_coro.hpp"

using namespace earshot;
using namespace earshot::daemon;

namespace {

constexpr auto day = std::chrono::hours(24);
const Timestamp now = from_ms(test::monday_ms + 100 * 86'400'000LL);

Page page_of(std::vector<std::chrono::hours> ages, bool more) {
  Page page;
  int number = 0;
  for (const auto age : ages) {
    auto mention = test::mention(std::to_string(++number), 0);
    mention.created_at = now - age;
    page.mentions.push_back(std::move(mention));
  }
  page.more = more;
  return page;
}

/// Days of history, one a page, newest first; counts what it is asked for.
class Diary final : public connectors::Connector {
 public:
  explicit Diary(int& asked) : asked_(asked) {}
  std::vector<connectors::Stream> streams() const override {
    return {{"diary"}, {.name = "live", .live = true}};
  }
  async::Awaitable<Result<Page>> fetch(connectors::Context&, const connectors::Stream& stream,
                                       std::optional<Cursor> cursor) override {
    CHECK(stream.name == "diary");
    ++asked_;
    const int at = cursor ? std::stoi(cursor->json) : 0;
    auto page = page_of({day * at}, true);
    page.cursor = Cursor{.schema = 3, .json = std::to_string(at + 1)};
    co_return page;
  }

 private:
  int& asked_;
};

struct Walk {
  int asked = 0, pages = 0;
  std::optional<Cursor> cursor;

  void go(Timestamp since, std::uint64_t listening = 1, int pages_max = 100) {
    test::FakeHttpClient http;
    test::FakeClock clock(now);
    connectors::Context context{.http = http, .clock = clock};
    const auto connector = backfilling(std::make_unique<Diary>(asked), since, listening);
    const auto streams = connector->streams();
    REQUIRE(streams.size() == 1);
    CHECK(streams.front().name == "backfill/diary");
    for (int i = 0; i < pages_max; ++i) {
      auto page = test::run_coro(connector->fetch(context, streams.front(), cursor));
      REQUIRE(page);
      ++pages;
      if (page->cursor) cursor = page->cursor;
      if (!page->more) return;
    }
  }
};

}  // namespace

TEST_CASE("a backfill ends where it was told to, goes on when broken off, and is done once",
          "[daemon][backfill]") {
  Walk walk;
  walk.go(now - day * 5, 1, 3);
  CHECK(walk.asked == 3);
  walk.go(now - day * 5);
  CHECK(walk.asked == 7);  // ages 0 … 5 and the first that is older
  walk.go(now - day * 5);
  walk.go(now - day * 4);
  CHECK(walk.asked == 7);
  walk.go(now - day * 7);
  CHECK(walk.asked == 7 + 9);
  walk.go(now - day * 7, 2);  // for another brand everything is read again
  CHECK(walk.asked == 7 + 9 + 9);
}

TEST_CASE("a broken place of a backfill is named as such", "[daemon][backfill]") {
  int asked = 0;
  test::FakeHttpClient http;
  test::FakeClock clock(now);
  connectors::Context context{.http = http, .clock = clock};
  const auto connector = backfilling(std::make_unique<Diary>(asked), now - day, 1);
  const auto streams = connector->streams();
  const auto page = test::run_coro(connector->fetch(context, streams.front(), Cursor{.json = "{"}));
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::cursor_invalid);
}

TEST_CASE("what history costs is reckoned from a first page", "[daemon][backfill]") {
  using std::chrono::hours;
  struct Row {
    const char* what;
    Page page;
    std::optional<std::int64_t> requests;
    std::int64_t requests_max;
  };
  const std::vector<Row> rows = {
      {"newest first, half a day a page", page_of({hours(0), hours(6), hours(12)}, true), 60, 0},
      {"oldest first, a day a page", page_of({day * 30, day * 30 - hours(12), day * 29}, true), 30, 0},
      {"all there is", page_of({hours(1), day * 400}, false), 1, 0},
      {"one post says nothing", page_of({hours(1)}, true), std::nullopt, 0},
      {"an empty page says nothing", page_of({}, true), std::nullopt, 0},
      {"the walk ends before", page_of({hours(0), hours(12)}, true), 10, 10},
      {"one page reaches all of it", page_of({hours(0), day * 40}, true), 1, 0},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const auto plan = plan_of("s", row.page, now - day * 30, now, row.requests_max);
    CHECK(plan.requests == row.requests);
    CHECK(plan.posts == static_cast<std::int64_t>(row.page.mentions.size()));
    if (!row.requests) CHECK_FALSE(plan.why.empty());
  }
  const auto cut = plan_of("s", page_of({hours(0), hours(12)}, true), now - day * 30, now, 10);
  CHECK(cut.reaches == now - day * 5);
}

TEST_CASE("settings reach back as far as asked, whatever the source says", "[daemon][backfill]") {
  SourceConfig source{.name = "s", .connector = "mastodon"};
  source.settings.set("history_days", {.value = std::int64_t{1}, .where = "x"});
  const auto far = reaching_back_to(source, {.days = "history_days", .pages = "pages_max", .pages_max = 9},
                                    now - day * 30 - std::chrono::hours(1), now);
  CHECK(std::get<std::int64_t>(far.settings.find("history_days")->value) == 31);
  CHECK(std::get<std::int64_t>(far.settings.find("pages_max")->value) == 9);
  CHECK(far.hydrate.count() == 0);
  const auto none = reaching_back_to(source, {}, now - day * 30, now);
  CHECK(none.settings.find("pages_max") == nullptr);
  CHECK(listening_for({{.name = "A"}}) != listening_for({{.name = "A", .aliases = {"B"}}}));
}
