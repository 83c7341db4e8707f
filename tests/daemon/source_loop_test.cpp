#include "daemon/source_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "store/sqlite/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/fake_http_client.hpp"

using namespace earshot;
using namespace earshot::daemon;

namespace {

/// A store whose writes fail as the test says; the rest is the real one, in memory.
class FaultyStore final : public store::Store {
 public:
  explicit FaultyStore(std::unique_ptr<store::Store> real) : real_(std::move(real)) {}
  std::function<std::optional<ErrorKind>()> on_write = [] { return std::nullopt; };
  std::vector<store::SourceReport> reports;
  std::map<std::string, std::vector<Gap>> gaps;

  Result<std::vector<store::Receipt>> write(std::span<const store::Batch> batches) override {
    if (const auto kind = on_write()) return unexpected(*kind, "scripted: attempt 12 failed");
    for (const auto& batch : batches)
      for (const auto& gap : batch.gaps) gaps[batch.stream].push_back(gap);
    return real_->write(batches);
  }
  Status report(SourceId source, const store::SourceReport& report) override {
    reports.push_back(report);
    return real_->report(source, report);
  }
  Status add_gap(SourceId source, std::string_view stream, const Gap& gap) override {
    gaps[std::string(stream)].push_back(gap);
    return real_->add_gap(source, stream, gap);
  }
  Status drop_gap(SourceId source, std::string_view stream, Timestamp since,
                  std::string_view reason) override {
    std::erase_if(gaps[std::string(stream)],
                  [&](const Gap& gap) { return gap.reason == reason && gap.from >= since; });
    return real_->drop_gap(source, stream, since, reason);
  }
  Result<BrandId> ensure_brand(std::string_view name) override { return real_->ensure_brand(name); }
  Result<SourceId> ensure_source(std::string_view name, std::string_view c) override {
    return real_->ensure_source(name, c);
  }
  Result<std::vector<std::pair<std::string, std::string>>> source_names() override {
    return real_->source_names();
  }
  Result<store::Purged> expire(std::string_view source, Timestamp read_before, std::size_t max,
                               Timestamp now) override {
    return real_->expire(source, read_before, max, now);
  }
  Status report_hydrate(SourceId source, const store::HydrateStatus& report) override {
    return real_->report_hydrate(source, report);
  }
  Result<std::shared_ptr<const store::KeyedHash>> ensure_pseudonyms(bool wanted) override {
    return real_->ensure_pseudonyms(wanted);
  }
  Status ensure_issue_name(std::uint8_t bit, std::string_view name) override {
    return real_->ensure_issue_name(bit, name);
  }
  Result<store::StreamState> stream(SourceId source, std::string_view name) override {
    return real_->stream(source, name);
  }
  Status write_baseline(BrandId, std::span<const store::BaselineRow>, Timestamp) override { return Done{}; }
  Status write_incidents(BrandId, std::span<const store::IncidentRow>, Timestamp) override { return Done{}; }
  Status write_ideas(BrandId, std::span<const store::IdeaRow>, Timestamp) override { return Done{}; }
  Status write_service(BrandId, const store::ServiceFindings&) override { return Done{}; }
  Status write_people(BrandId, const store::PeopleFindings&) override { return Done{}; }
  Status write_misled(BrandId, std::span<const store::MisledRow>, Timestamp) override { return Done{}; }
  using store::Store::label;
  Result<std::vector<Status>> label(std::span<const store::Label> labels) override {
    return real_->label(labels);
  }
  Status unlabel(MentionId mention, BrandId brand) override { return real_->unlabel(mention, brand); }
  Status decide_idea(const store::IdeaDecision& decision) override { return real_->decide_idea(decision); }
  Status decide_incident(const store::IncidentDecision& decision) override {
    return real_->decide_incident(decision);
  }
  Status decide_waiting(const store::WaitingDecision& decision) override {
    return real_->decide_waiting(decision);
  }
  Result<CampaignId> decide_campaign(const store::CampaignDecision& decision) override {
    return real_->decide_campaign(decision);
  }
  Result<ClaimId> decide_claim(const store::ClaimDecision& decision) override {
    return real_->decide_claim(decision);
  }
  Result<std::vector<store::OutboxItem>> outbox(std::size_t limit) override { return real_->outbox(limit); }
  Status delivered(std::int64_t id, Timestamp now) override { return real_->delivered(id, now); }
  Result<bool> tell(std::string_view kind, const std::string& key, const std::string& payload,
                    Timestamp now) override {
    return real_->tell(kind, key, payload, now);
  }
  store::Deliveries& deliveries() override { return real_->deliveries(); }
  store::Answers& answers() override { return real_->answers(); }
  store::ContentWriter& content() override { return real_->content(); }
  Result<std::vector<std::string>> verify_rollups() override { return real_->verify_rollups(); }
  Status checkpoint() override { return real_->checkpoint(); }
  Status rescore(std::span<const store::StoredMention> mentions, std::uint32_t version,
                 MentionId next) override {
    return real_->rescore(mentions, version, next);
  }
  Result<MentionId> rescored_to(std::uint32_t version) override { return real_->rescored_to(version); }
  Result<store::Purged> purge(Timestamp before, std::size_t max) override {
    return real_->purge(before, max);
  }
  Result<store::ErasureReport> erase(const store::AuthorTrace& trace, std::string_view reason,
                                     Timestamp now) override {
    return real_->erase(trace, reason, now);
  }
  Result<bool> settle_erasure() override { return real_->settle_erasure(); }
  Result<std::optional<Timestamp>> oldest() override { return real_->oldest(); }
  Result<std::int64_t> used_bytes() override { return real_->used_bytes(); }
  Result<std::unique_ptr<store::Reader>> reader() override { return real_->reader(); }
  Result<std::unique_ptr<store::Indexer>> indexer() override { return real_->indexer(); }

 private:
  std::unique_ptr<store::Store> real_;
};

/// Gives what the test's function gives, and counts the calls per stream.
class FakeConnector final : public connectors::Connector {
 public:
  using Answer = std::function<Result<Page>(const connectors::Stream&, const std::optional<Cursor>&)>;
  FakeConnector(std::vector<std::string> names, Answer answer) : answer_(std::move(answer)) {
    for (auto& name : names) streams_.push_back({std::move(name)});
  }
  std::vector<connectors::Stream> streams() const override { return streams_; }
  async::Awaitable<Result<Page>> fetch(connectors::Context& context, const connectors::Stream& stream,
                                       std::optional<Cursor> cursor) override {
    if (allowed) {
      net::HttpRequest request;
      request.url = "https://social.example/";
      auto reply = co_await context.http.send(std::move(request));
      static_cast<void>(reply);
    }
    auto page = answer_(stream, cursor);
    co_return page;
  }
  std::optional<connectors::RequestBudget> budget() const override { return allowed; }
  std::optional<connectors::RequestBudget> allowed;  ///< each fetch costs a request then

 private:
  std::vector<connectors::Stream> streams_;
  Answer answer_;
};

int number_of(const std::optional<Cursor>& cursor) { return cursor ? std::stoi(cursor->json) : 0; }

Page page_of(int number, bool more) {
  Page page;
  page.mentions.push_back(test::mention(std::to_string(number), number));
  page.cursor = Cursor{.json = std::to_string(number + 1)};
  page.more = more;
  return page;
}

/// Everything a loop needs, all on one thread.
struct Bench {
  boost::asio::io_context io{1};
  SystemClock clock;
  test::FakeHttpClient http;
  FaultyStore store{*store::sqlite::SqliteStore::open(":memory:")};
  Committer committer{store, io.get_executor(), io.get_executor()};
  std::shared_ptr<const Pipeline> pipeline;
  std::vector<ErrorKind> broken;
  SourceConfig config{.name = "social",
                      .connector = "fake",
                      .interval_min = std::chrono::milliseconds(20),
                      .interval_max = std::chrono::milliseconds(40),
                      .pages_per_poll = 5};

  Bench() {
    Brand brand{.name = "Fernwave"};
    brand.id = *store.ensure_brand(brand.name);
    pipeline = *Pipeline::create({brand}, {});
  }
  std::unique_ptr<SourceLoop> loop(std::vector<std::string> streams, FakeConnector::Answer answer,
                                   const std::string& name = "social",
                                   std::optional<connectors::RequestBudget> allowed = {}) {
    LoopServices services{.http = http,
                          .clock = clock,
                          .store = store,
                          .committer = committer,
                          .home = io.get_executor(),
                          .storing = io.get_executor(),
                          .analysing = io.get_executor(),
                          .store_broken = [this](const Error& error) { broken.push_back(error.kind); }};
    const auto id = *store.ensure_source(name, "fake");
    auto connector = std::make_unique<FakeConnector>(std::move(streams), std::move(answer));
    connector->allowed = allowed;
    return std::make_unique<SourceLoop>(services, config, id, std::move(connector), pipeline,
                                        std::vector<BrandId>{}, std::nullopt, 7);
  }
  async::Awaitable<void> into(SourceLoop& loop, int attempts, std::optional<Status>& out) {
    auto status = co_await loop.catch_up(attempts, SourceLoop::Budget::unlimited);
    out = std::move(status);
  }
  Status catch_up(SourceLoop& loop, int attempts = 3) {
    std::optional<Status> out;
    boost::asio::co_spawn(io, into(loop, attempts, out), boost::asio::detached);
    io.restart();
    io.run_for(std::chrono::seconds(30));
    REQUIRE(out);
    return *out;
  }
  /// Runs the loop until the condition holds, then stops it and waits for its end.
  bool run_until(SourceLoop& loop, const std::function<bool()>& condition) {
    boost::asio::co_spawn(io, loop.run(), boost::asio::detached);
    io.restart();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    bool held = false;
    while (!(held = condition()) && std::chrono::steady_clock::now() < end)
      io.run_one_for(std::chrono::milliseconds(10));
    loop.stop();
    io.restart();
    io.run_for(std::chrono::seconds(5));
    return held;
  }
};

}  // namespace

TEST_CASE("a page whose write fails is fetched again from the same cursor and stored once",
          "[daemon][faults]") {
  for (const auto kind : {ErrorKind::busy, ErrorKind::disk_full}) {
    Bench bench;
    int writes = 0;
    std::vector<int> asked;
    bench.store.on_write = [&]() -> std::optional<ErrorKind> {
      return ++writes == 2 ? std::optional(kind) : std::nullopt;
    };
    auto loop = bench.loop({"s"}, [&](const auto&, const auto& cursor) {
      asked.push_back(number_of(cursor));
      return Result<Page>(page_of(number_of(cursor), number_of(cursor) < 3));
    });
    REQUIRE(bench.catch_up(*loop));
    CHECK(asked == std::vector<int>{0, 1, 1, 2, 3});
    CHECK(loop->tally().stored == 4);
    CHECK(bench.broken.empty());
    CHECK(bench.store.gaps["s"].empty());
    CHECK(bench.store.verify_rollups()->empty());
  }
}

TEST_CASE("a store that fails for good ends the daemon loudly, the source pauses and says why",
          "[daemon][faults]") {
  Bench bench;
  bench.store.on_write = [] { return ErrorKind::internal; };
  auto loop = bench.loop(
      {"s"}, [](const auto&, const auto& cursor) { return Result<Page>(page_of(number_of(cursor), false)); });
  const auto status = bench.catch_up(*loop);
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == ErrorKind::internal);
  CHECK(bench.broken == std::vector<ErrorKind>{ErrorKind::internal});
  CHECK(bench.store.reports.back().state == "paused");
  CHECK(bench.store.gaps["s"].size() == 1);
}

TEST_CASE("a wait that a page asks for is kept before the next one", "[daemon]") {
  Bench bench;
  std::vector<std::chrono::steady_clock::time_point> asked;
  auto loop = bench.loop({"s"}, [&](const auto&, const auto& cursor) {
    asked.push_back(std::chrono::steady_clock::now());
    auto page = page_of(number_of(cursor), number_of(cursor) < 2);
    if (page.more) page.not_before = bench.clock.now() + std::chrono::milliseconds(300);
    return Result<Page>(std::move(page));
  });
  REQUIRE(bench.catch_up(*loop));
  REQUIRE(asked.size() == 3);
  CHECK(loop->tally().stored == 3);
  CHECK(asked[1] - asked[0] >= std::chrono::milliseconds(250));
  CHECK(asked[2] - asked[1] >= std::chrono::milliseconds(250));
}

TEST_CASE("a forgotten cursor leaves a gap with the page that begins anew, and is no circle",
          "[daemon][faults]") {
  Bench bench;
  auto first = bench.loop(
      {"s"}, [](const auto&, const auto& cursor) { return Result<Page>(page_of(number_of(cursor), false)); });
  REQUIRE(bench.catch_up(*first));
  bool failed_once = false;
  bench.store.on_write = [&]() -> std::optional<ErrorKind> {
    return std::exchange(failed_once, true) ? std::nullopt : std::optional(ErrorKind::busy);
  };
  auto again = bench.loop({"s"}, [](const auto&, const auto& cursor) {
    return cursor ? Result<Page>(unexpected(ErrorKind::cursor_invalid, "who are you?"))
                  : Result<Page>(page_of(7, false));
  });
  REQUIRE(bench.catch_up(*again));
  REQUIRE(bench.store.gaps["s"].size() == 1);
  CHECK(bench.store.gaps["s"].front().reason == "cursor_invalid");
  CHECK(bench.store.gaps["s"].front().from < bench.store.gaps["s"].front().to);

  int calls = 0;
  auto circle = bench.loop({"t"}, [&](const auto&, const auto& cursor) {
    ++calls;
    return cursor ? Result<Page>(unexpected(ErrorKind::cursor_invalid, "who are you?"))
                  : Result<Page>(page_of(7, true));
  });
  const auto status = bench.catch_up(*circle);
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == ErrorKind::cursor_invalid);
  CHECK(calls < 10);
}

TEST_CASE("a connector that always says more without leading on is not asked in circles",
          "[daemon][faults]") {
  Bench bench;
  int calls = 0;
  auto loop = bench.loop({"s"}, [&](const auto&, const auto&) {
    ++calls;
    return Result<Page>(page_of(1, true));
  });
  const auto status = bench.catch_up(*loop);
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == ErrorKind::malformed);
  CHECK(calls == 2);
}

TEST_CASE("a dead stream neither ends a catch-up of the others nor goes on for ever", "[daemon][faults]") {
  Bench bench;
  std::map<std::string, int> calls;
  auto loop = bench.loop({"dead", "alive", "limited"},
                         [&](const connectors::Stream& stream, const auto& cursor) -> Result<Page> {
                           ++calls[stream.name];
                           if (stream.name == "dead")
                             return unexpected(ErrorKind::unreachable, "nobody there");
                           if (stream.name == "limited") return unexpected(ErrorKind::rate_limited, "later");
                           return page_of(number_of(cursor), number_of(cursor) < 50);
                         });
  const auto status = bench.catch_up(*loop, 2);
  REQUIRE_FALSE(status);
  CHECK(calls["dead"] == 2);
  CHECK(calls["limited"] == 2);
  CHECK(calls["alive"] == 51);
  CHECK(loop->tally().stored == 51);
}

TEST_CASE("a dead stream backs off while its neighbour keeps its own rhythm", "[daemon][faults]") {
  Bench bench;
  std::map<std::string, int> calls;
  auto loop = bench.loop({"dead", "alive"},
                         [&](const connectors::Stream& stream, const auto& cursor) -> Result<Page> {
                           ++calls[stream.name];
                           if (stream.name == "dead") return unexpected(ErrorKind::forbidden, "not for you");
                           return page_of(number_of(cursor), false);
                         });
  REQUIRE(bench.run_until(*loop, [&] { return calls["alive"] >= 10; }));
  CHECK(calls["dead"] == 1);
  CHECK(bench.store.reports.back().state == "paused");
  CHECK(bench.store.gaps["dead"].size() == 1);
  CHECK(bench.store.gaps["alive"].empty());
}

TEST_CASE("an outage is no gap any more when all was read after it, whatever its kind", "[daemon][faults]") {
  Bench bench;
  bench.config.pages_per_poll = 1;
  // A gap of an earlier process, which ended before it could catch up.
  const auto id = *bench.store.ensure_source("social", "fake");
  REQUIRE(bench.store.add_gap(id, "s",
                              Gap{.from = bench.clock.now() - std::chrono::hours(1),
                                  .to = bench.clock.now(),
                                  .reason = "unreachable"}));
  auto loop = bench.loop({"s"}, [](const auto&, const auto& cursor) {
    return Result<Page>(page_of(number_of(cursor), number_of(cursor) < 4));
  });
  REQUIRE(bench.run_until(*loop, [&] { return loop->tally().stored >= 2; }));
  CHECK(bench.store.gaps["s"].size() == 1);
  auto next = bench.loop({"s"}, [](const auto&, const auto& cursor) {
    return Result<Page>(page_of(number_of(cursor), number_of(cursor) < 4));
  });
  REQUIRE(bench.catch_up(*next));
  CHECK(bench.store.gaps["s"].empty());
}

TEST_CASE("a stop right after an outage was made up for still closes its gap", "[daemon][faults]") {
  Bench bench;
  SourceLoop* self = nullptr;
  int calls = 0;
  auto loop = bench.loop({"s"}, [&](const auto&, const auto& cursor) -> Result<Page> {
    if (++calls == 1) return unexpected(ErrorKind::unreachable, "nobody there");
    self->stop();
    return page_of(number_of(cursor), false);
  });
  self = loop.get();
  REQUIRE(bench.run_until(*loop, [&] { return loop->tally().stored == 1; }));
  CHECK(bench.store.gaps["s"].empty());
}

TEST_CASE("a stop during a fetch ends the loop without a report of failure", "[daemon][faults]") {
  Bench bench;
  SourceLoop* self = nullptr;
  auto loop = bench.loop({"a", "b"}, [&](const auto&, const auto&) -> Result<Page> {
    self->stop();
    return unexpected(ErrorKind::cancelled, "shutting down");
  });
  self = loop.get();
  bool asked = false;
  REQUIRE(bench.run_until(*loop, [&] { return std::exchange(asked, true); }));
  CHECK(bench.store.reports.empty());
  CHECK(bench.store.gaps["a"].empty());
}

TEST_CASE("a thousand sources share one thread", "[daemon]") {
  Bench bench;
  std::vector<std::unique_ptr<SourceLoop>> loops;
  std::vector<std::optional<Status>> done(1'000);
  int fetches = 0;
  for (std::size_t i = 0; i < done.size(); ++i) {
    loops.push_back(bench.loop(
        {"s"},
        [&fetches, i](const auto&, const auto& cursor) {
          ++fetches;
          return Result<Page>(page_of(static_cast<int>(i) * 10 + number_of(cursor), false));
        },
        "source " + std::to_string(i)));
    boost::asio::co_spawn(bench.io, bench.into(*loops[i], 3, done[i]), boost::asio::detached);
  }
  bench.io.run_for(std::chrono::seconds(60));
  CHECK(fetches == 1'000);
  CHECK(std::ranges::all_of(done, [](const auto& status) { return status && *status; }));
  const std::vector<std::string> differences = *bench.store.verify_rollups();
  CHECK(differences.empty());
}

TEST_CASE("a budget that does not suffice stretches the polls, and says how far", "[daemon][quota]") {
  Bench bench;
  std::map<std::string, int> calls;
  auto loop = bench.loop(
      {"a", "b"},
      [&](const connectors::Stream& stream, const auto& cursor) -> Result<Page> {
        ++calls[stream.name];
        return page_of(number_of(cursor), false);
      },
      "social", connectors::RequestBudget{.requests = 4, .per = std::chrono::milliseconds(400)});
  REQUIRE(bench.run_until(*loop, [&] { return calls["a"] >= 3 && calls["b"] >= 3; }));
  CHECK(std::abs(calls["a"] - calls["b"]) <= 1);  // in turn: nobody starves
  REQUIRE_FALSE(bench.store.gaps["a"].empty());
  for (const auto& gap : bench.store.gaps["a"]) {
    CHECK(gap.reason == "sampled");
    REQUIRE(gap.rate);
    CHECK(*gap.rate > 0);
    CHECK(*gap.rate < 1);
    CHECK(gap.from < gap.to);
  }
  CHECK(std::ranges::any_of(bench.store.reports,
                            [](const auto& report) { return report.poll_rate.has_value(); }));
  CHECK(std::ranges::all_of(bench.store.reports, [](const auto& report) { return report.state == "ok"; }));
  CHECK(loop->tally().error.empty());
}
