#include "connectors/bluesky/jetstream.hpp"

#include <catch2/catch.hpp>

#include "core/base/time_format.hpp"
#include "tests/support/connector_driver.hpp"
#include "tests/support/fake_live_client.hpp"

using namespace earshot;
using namespace earshot::connectors;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t start_us = 1'776'083'050'000'000;  // 2026-04-13T12:24:10Z
const auto start = from_ms(start_us / 1000);

std::string commit(std::int64_t time_us, const std::string& operation, const std::string& rkey,
                   const std::string& text = "", const std::string& collection = "app.bsky.feed.post") {
  auto out = R"({"did":"did:plc:ann","time_us":)" + std::to_string(time_us) +
             R"(,"kind":"commit","commit":{"rev":"r","operation":")" + operation + R"(","collection":")" +
             collection + R"(","rkey":")" + rkey + "\"";
  if (operation != "delete")
    out +=
        R"(,"cid":"bafy","record":{"$type":"app.bsky.feed.post","langs":["en-GB"],"createdAt":"2026-04-13T12:24:00Z","text":")" +
        text + R"("})";
  return out + "}}";
}
std::string account(std::int64_t time_us, const std::string& status) {
  return R"({"did":"did:plc:bob","time_us":)" + std::to_string(time_us) +
         R"(,"kind":"account","account":{"active":false,"did":"did:plc:bob","status":")" + status + R"("}})";
}

struct Bench {
  test::FakeHttpClient http;
  test::FakeClock clock{start + 5s};
  test::FakeLiveClient live;
  std::unique_ptr<Connector> connector;
  Stream stream;

  explicit Bench(std::vector<std::pair<std::string, Setting>> more = {}) {
    more.push_back({"live", {true, ""}});
    more.push_back({"live_only", {true, ""}});
    more.push_back(
        {"live_hosts", {std::vector<std::string>{"https://one.example", "https://two.example"}, ""}});
    connector = test::make_connector("bluesky", test::settings_of(std::move(more)));
    REQUIRE(connector->streams().size() == 1);
    stream = connector->streams().front();
    CHECK(stream.live);
  }
  Result<Page> fetch(std::optional<Cursor> cursor) {
    Context context{.http = http, .clock = clock, .live = &live};
    return test::run_coro(connector->fetch(context, stream, std::move(cursor)));
  }
};

}  // namespace

TEST_CASE("events of the Jetstream become mentions and withdrawals", "[connectors][bluesky][live]") {
  const auto events =
      bluesky::read_events({commit(start_us, "create", "3l3qo2vuowo2b", "Fernwave is down"),
                            commit(start_us + 1, "delete", "3l3qo2vuowo2c"),
                            commit(start_us + 2, "create", "3l3qo2vuowo2d", "like", "app.bsky.feed.like"),
                            commit(start_us + 3, "update", "3l3qo2vuowo2e", "edited"),
                            account(start_us + 4, "takendown"), account(start_us + 5, "deactivated"),
                            R"({"did":"did:plc:c","time_us":1776083050000006,"kind":"identity"})", "nonsense",
                            R"({"kind":"commit"})", commit(start_us + 7, "create", "", "no key")},
                           start + 1s);
  const auto& page = events.page;
  REQUIRE(page.mentions.size() == 2);
  CHECK(page.mentions[0].native_id == "at://did:plc:ann/app.bsky.feed.post/3l3qo2vuowo2b");
  CHECK(page.mentions[0].text == "Fernwave is down");
  CHECK(page.mentions[0].author.id == "did:plc:ann");
  CHECK(page.mentions[0].url == "https://bsky.app/profile/did:plc:ann/post/3l3qo2vuowo2b");
  CHECK(page.mentions[0].lang == "en");
  CHECK(format_rfc3339(page.mentions[0].created_at) == "2026-04-13T12:24:00Z");
  CHECK_FALSE(page.mentions[0].edited_at);
  CHECK(page.mentions[1].edited_at == start);
  REQUIRE(page.withdrawals.size() == 2);
  CHECK(page.withdrawals[0].native_id == "at://did:plc:ann/app.bsky.feed.post/3l3qo2vuowo2c");
  CHECK(page.bad_items.size() == 3);
  CHECK(page.withdrawals[1].native_id.empty());
  CHECK(page.withdrawals[1].author_id == "did:plc:bob");
  CHECK(events.first_us == start_us);
  CHECK(events.last_us == start_us + 7);
}

TEST_CASE("a post heard live is the post that a search finds", "[connectors][bluesky][live]") {
  const auto live =
      bluesky::read_events({commit(start_us, "create", "3l3qo2vuowo2b", "Fernwave is down")}, start);
  const auto body =
      R"({"posts":[{"uri":"at://did:plc:ann/app.bsky.feed.post/3l3qo2vuowo2b","cid":"bafy","author":{"did":"did:plc:ann","handle":"ann.example"},"record":{"langs":["en-GB"],"createdAt":"2026-04-13T12:24:00Z","text":"Fernwave is down"},"indexedAt":"2026-04-13T12:24:11Z"}]})";
  const auto found = find_connector("bluesky")->parse("", body, start);
  REQUIRE(found);
  const auto& a = live.page.mentions.at(0);
  const auto& b = found->mentions.at(0);
  CHECK(a.native_id == b.native_id);
  CHECK(a.text == b.text);
  CHECK(a.created_at == b.created_at);
  CHECK(a.url == b.url);
  CHECK(a.lang == b.lang);
}

TEST_CASE("the stream is taken up a little before its last event, at the next host",
          "[connectors][bluesky][live]") {
  Bench bench;
  bench.live.scripts.push_back({.reads = {{commit(start_us, "create", "3l3qo2vuowo2b", "one")}}});
  bench.live.scripts.push_back({.reads = {{commit(start_us, "create", "3l3qo2vuowo2b", "one"),
                                           commit(start_us + 9, "create", "3l3qo2vuowo2c", "two")}}});
  auto page = bench.fetch({});
  REQUIRE(page);
  CHECK(page->mentions.size() == 1);
  CHECK(page->cursor->json == R"({"time_us":1776083050000000})");
  CHECK_FALSE(page->more);
  const auto& first = bench.live.requests.at(0);
  CHECK(first.transport == net::LiveTransport::web_socket);
  CHECK(first.http.url.starts_with("https://one.example/subscribe?wantedCollections=app.bsky.feed.post&"));
  CHECK(first.http.url.find("cursor=") == std::string::npos);

  CHECK(bench.fetch(page->cursor).error().kind == ErrorKind::unreachable);
  auto next = bench.fetch(page->cursor);
  REQUIRE(next);
  CHECK(next->mentions.size() == 2);
  CHECK(next->gaps.empty());
  CHECK(bench.live.requests.at(1).http.url.starts_with("https://two.example/"));
  CHECK(bench.live.requests.at(1).http.url.ends_with("&cursor=1776083040000000"));
}

TEST_CASE("a page that was lost is heard again from the cursor before it", "[connectors][bluesky][live]") {
  Bench bench;
  bench.live.scripts.push_back({.reads = {{commit(start_us, "create", "3l3qo2vuowo2b", "one")},
                                          {},
                                          {commit(start_us + 1, "create", "3l3qo2vuowo2c", "two")},
                                          {}},
                                .ends = false});
  bench.live.scripts.push_back(
      {.reads = {{commit(start_us + 1, "create", "3l3qo2vuowo2c", "two")}, {}}, .ends = false});
  const auto page = bench.fetch({});
  REQUIRE(page);
  bench.clock.advance(1s);
  const auto lost = bench.fetch(page->cursor);
  REQUIRE(lost);
  CHECK(bench.live.requests.size() == 1);
  const auto again = bench.fetch(page->cursor);
  REQUIRE(again);
  CHECK(bench.live.requests.size() == 2);
}

TEST_CASE("what the servers no longer keep is a gap", "[connectors][bluesky][live]") {
  Bench bench;
  bench.live.scripts.push_back({.reads = {{commit(start_us, "create", "3l3qo2vuowo2b", "one")}}});
  const bluesky::JetstreamPosition old{.time_us = start_us - 50LL * 3'600'000'000};
  const auto page = bench.fetch(old.write());
  REQUIRE(page);
  REQUIRE(page->gaps.size() == 1);
  CHECK(page->gaps[0].from == start - 50h);
  CHECK(page->gaps[0].to == start);
  CHECK(page->gaps[0].reason == "retention");
}

TEST_CASE("a backlog is said to be one until it is read", "[connectors][bluesky][live]") {
  Bench bench;
  bench.clock.advance(10min);
  bench.live.scripts.push_back({.reads = {{commit(start_us, "create", "3l3qo2vuowo2b", "one")}}});
  const auto page = bench.fetch({});
  REQUIRE(page);
  CHECK(page->more);
}

TEST_CASE("only the wanted accounts are asked for, and a damaged cursor is no crash",
          "[connectors][bluesky][live]") {
  Bench bench({{"live_dids", {std::vector<std::string>{"did:plc:ann", "did:plc:bob"}, ""}}});
  bench.live.scripts.push_back({});
  CHECK_FALSE(bench.fetch({}));
  CHECK(bench.live.requests.at(0).http.url.find("wantedDids=did%3Aplc%3Aann&wantedDids=did%3Aplc%3Abob") !=
        std::string::npos);
  CHECK(bench.fetch(Cursor{.json = "{}"}).error().kind == ErrorKind::cursor_invalid);
  CHECK(bench.fetch(Cursor{.schema = 9, .json = "{}"}).error().kind == ErrorKind::cursor_invalid);
  const auto wrong = find_connector("bluesky")->make(
      {"test",
       test::settings_of({{"live_hosts", {std::string("wss://x"), ""}}, {"live_only", {true, ""}}}),
       {}});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message.find("live_hosts") != std::string::npos);
  CHECK(wrong.error().message.find("live_only") != std::string::npos);
}
