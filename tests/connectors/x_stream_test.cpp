#include <catch2/catch.hpp>

#include "connectors/x_stream/x_line.hpp"
#include "connectors/x_stream/x_rules.hpp"
#include "core/base/time_format.hpp"
#include "tests/support/connector_driver.hpp"
#include "tests/support/fake_live_client.hpp"

using namespace earshot;
using namespace earshot::connectors;
using namespace earshot::connectors::x_stream;
using namespace std::chrono_literals;

namespace {

const auto now = *parse_rfc3339("2026-04-13T12:30:00Z");
const std::string post =
    R"({"data":{"id":"1911388000000000001","text":"Fernwave is down &amp; out","author_id":"7","created_at":"2026-04-13T12:00:00.000Z","lang":"en","edit_history_tweet_ids":["1911388000000000000","1911388000000000001"]},"includes":{"users":[{"id":"7","username":"ann","name":"Ann","public_metrics":{"followers_count":12}}]},"matching_rules":[{"id":"1","tag":"earshot:test"}]})";
const std::string no_rules = R"({"meta":{"sent":"2026-04-13T12:00:00.000Z","result_count":0}})";

struct Bench {
  test::FakeHttpClient http;
  test::FakeClock clock{now};
  test::FakeLiveClient live;
  std::unique_ptr<Connector> connector;
  Stream stream{.name = "live:filtered", .live = true};

  explicit Bench(std::vector<std::pair<std::string, Setting>> more = {}) {
    more.push_back({"queries", {std::vector<std::string>{"fernwave", "\"fern wave\""}, ""}});
    more.push_back({"credential", {std::string("x_bearer"), ""}});
    connector = test::make_connector("x_stream", test::settings_of(std::move(more)));
  }
  Result<Page> fetch(std::optional<Cursor> cursor) {
    Context context{.http = http, .clock = clock, .live = &live};
    return test::run_coro(connector->fetch(context, stream, std::move(cursor)));
  }
};

Result<Page> page_of(const std::string& lines) { return find_connector("x_stream")->parse("", lines, now); }

}  // namespace

TEST_CASE("a line of the stream is the post that the search would give", "[connectors][x][live]") {
  const auto page = page_of("\r\n" + post + "\r\n\r\n{\"data\":{}}\nnonsense\n{}\n");
  REQUIRE(page);
  REQUIRE(page->mentions.size() == 1);
  const auto& mention = page->mentions[0];
  CHECK(mention.platform == "x");
  CHECK(mention.native_id == "1911388000000000000");  // an edit is a version of the first
  CHECK(mention.url == "https://x.com/ann/status/1911388000000000001");
  CHECK(mention.edited_at == parse_rfc3339("2026-04-13T12:00:00.000Z"));
  CHECK(mention.text == "Fernwave is down & out");
  CHECK(mention.author.handle == "ann");
  CHECK(mention.author.followers == 12);
  CHECK(page->bad_items.size() == 3);
  CHECK(page->withdrawals.empty());
}

TEST_CASE("a line that ends the stream is the error it stands for", "[connectors][x][live]") {
  const auto [line, kind] = GENERATE(table<std::string, ErrorKind>({
      {R"({"errors":[{"title":"operational-disconnect","disconnect_type":"UpstreamOperationalDisconnect","detail":"Gone.","type":"https://api.x.com/2/problems/operational-disconnect"}]})",
       ErrorKind::unreachable},
      {R"({"title":"ConnectionException","detail":"Too many.","connection_issue":"TooManyConnections","type":"https://api.x.com/2/problems/streaming-connection"})",
       ErrorKind::rate_limited},
      {R"({"title":"UsageCapExceeded","detail":"No more.","type":"https://api.x.com/2/problems/usage-capped"})",
       ErrorKind::rate_limited},
      {R"({"title":"Unauthorized","type":"about:blank","status":401})", ErrorKind::unauthorized},
  }));
  const auto page = page_of(line);
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == kind);
}

TEST_CASE("rules with our tag become those that are wanted, others' stay", "[connectors][x][live]") {
  const std::vector<Rule> present = {{"1", "fernwave", "earshot:test"},
                                     {"2", "old", "earshot:test"},
                                     {"3", "fernwave", "earshot:test"},
                                     {"4", "other", "dashboard"}};
  const auto change = change_rules(present, {"fernwave", "\"fern wave\"", "\"fern wave\""}, "earshot:test");
  CHECK(change.add == std::vector<std::string>{"\"fern wave\""});
  CHECK(change.remove == std::vector<std::string>{"2", "3"});
  CHECK(add_body(change.add, "earshot:test") ==
        R"({"add":[{"value":"\"fern wave\"","tag":"earshot:test"}]})");
  CHECK(remove_body(change.remove) == R"({"delete":{"ids":["2","3"]}})");
}

TEST_CASE("connecting keeps the rules in step, then opens the stream", "[connectors][x][live]") {
  Bench bench({{"backfill_minutes", {std::int64_t{5}, ""}}});
  bench.http.reply(
      200,
      R"({"data":[{"id":"2","value":"old","tag":"earshot:test"},{"id":"1","value":"fernwave","tag":"earshot:test"}],"meta":{}})");
  bench.http.reply(200, R"({"meta":{"summary":{"deleted":1}}})");
  bench.http.reply(201, R"({"data":[],"errors":[{"title":"DuplicateRule","value":"x"}]})");
  bench.live.scripts.push_back(
      {.status = 200, .reads = {{post.substr(0, 50)}, {post.substr(50) + "\r\n"}, {"\r\n"}}});
  const auto page = bench.fetch({});
  REQUIRE(page);
  CHECK(page->mentions.size() == 1);
  REQUIRE(page->cursor);
  const auto& requests = bench.http.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].url == "https://api.x.com/2/tweets/search/stream/rules");
  CHECK(requests[1].body == R"({"delete":{"ids":["2"]}})");
  CHECK(requests[2].body == R"({"add":[{"value":"\"fern wave\"","tag":"earshot:test"}]})");
  CHECK(bench.live.requests.at(0).http.url.starts_with(
      "https://api.x.com/2/tweets/search/stream?tweet.fields="));
  CHECK(bench.live.requests.at(0).http.url.ends_with("&backfill_minutes=5"));
  CHECK(bench.live.requests.at(0).http.credential == "x_bearer");
}

TEST_CASE("a rule that X refuses is told in its words", "[connectors][x][live]") {
  Bench bench;
  bench.http.reply(200, no_rules);
  bench.http.reply(
      200,
      R"({"errors":[{"title":"UnprocessableEntity","value":"fernwave (","details":["no viable alternative"]}]})");
  const auto page = bench.fetch({});
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::bad_request);
  CHECK(page.error().message.find("no viable alternative") != std::string::npos);
}

TEST_CASE("reconnecting waits as X asks, longer each time, and begins anew after success",
          "[connectors][x][live]") {
  CHECK(reconnect_delay(ErrorKind::unreachable, false, 1) == 250ms);
  CHECK(reconnect_delay(ErrorKind::unreachable, false, 4) == 1s);
  CHECK(reconnect_delay(ErrorKind::unreachable, false, 1'000) == 16s);
  CHECK(reconnect_delay(ErrorKind::unreachable, true, 1) == 5s);
  CHECK(reconnect_delay(ErrorKind::unreachable, true, 3) == 20s);
  CHECK(reconnect_delay(ErrorKind::unreachable, true, 1'000) == 320s);
  CHECK(reconnect_delay(ErrorKind::rate_limited, true, 1) == 1min);
  CHECK(reconnect_delay(ErrorKind::rate_limited, true, 2) == 2min);
  Bench bench;
  const auto refuse = [&](int status) {
    bench.http.reply(200, no_rules);
    bench.http.reply(201, "{}");
    bench.live.scripts.push_back({.status = status});
    return bench.fetch({}).error();
  };
  CHECK(refuse(503).retry_after == 5s);
  CHECK(refuse(503).retry_after == 10s);
  CHECK(refuse(420).retry_after == 4min);
  bench.http.reply(200, no_rules);
  bench.http.reply(201, "{}");
  bench.live.scripts.push_back({.status = 200, .reads = {{post + "\r\n"}}});
  const auto page = bench.fetch({});
  REQUIRE(page);
  CHECK(bench.fetch(page->cursor).error().retry_after == 250ms);
}

TEST_CASE("what the stream cannot make up for is searched, with the same settings", "[connectors][x][live]") {
  Bench bench({{"history_days", {std::int64_t{3}, ""}}});
  const auto streams = bench.connector->streams();
  REQUIRE(streams.size() == 3);
  CHECK(streams[0].name == "search:fernwave");
  CHECK_FALSE(streams[0].live);
  CHECK(streams[2] == bench.stream);
  const auto wrong =
      find_connector("x_stream")->make({"test", test::settings_of({{"querys", {std::string("x"), ""}}}), {}});
  REQUIRE_FALSE(wrong);
}
