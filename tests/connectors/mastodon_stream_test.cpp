#include "connectors/mastodon/mastodon_stream.hpp"

#include <catch2/catch.hpp>

#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "tests/support/connector_driver.hpp"
#include "tests/support/fake_live_client.hpp"

using namespace earshot;
using namespace earshot::connectors;
using namespace std::chrono_literals;

namespace {

const auto now = *parse_rfc3339("2026-04-13T12:30:00Z");

std::string status(const std::string& id, const std::string& text, const std::string& more = "",
                   const std::string& visibility = "public") {
  return R"({"id":")" + id + R"(","uri":"https://a.example/users/b/statuses/)" + id +
         R"(","created_at":"2026-04-13T12:00:00.000Z","visibility":")" + visibility + R"(","content":"<p>)" +
         text +
         R"(</p>","account":{"id":"2","acct":"b","url":"https://a.example/@b","uri":"https://a.example/users/b"})" +
         more + "}";
}
std::string message(const std::string& event, const std::string& payload) {
  JsonWriter out;
  out.begin_object().key("stream").begin_array().value("hashtag").value("fernwave").end_array();
  out.field("event", event).field("payload", payload).end_object();
  return out.str();
}

struct Bench {
  test::FakeHttpClient http;
  test::FakeClock clock{now};
  test::FakeLiveClient live;
  std::unique_ptr<Connector> connector;

  explicit Bench(std::vector<std::pair<std::string, Setting>> more = {}) {
    more.push_back({"base", {std::string("https://a.example"), ""}});
    more.push_back({"tags", {std::vector<std::string>{"fernwave"}, ""}});
    more.push_back({"live", {true, ""}});
    more.push_back({"credential", {std::string("token"), ""}});
    connector = test::make_connector("mastodon", test::settings_of(std::move(more)));
  }
  Result<Page> fetch(const Stream& stream, std::optional<Cursor> cursor) {
    Context context{.http = http, .clock = clock, .live = &live};
    return test::run_coro(connector->fetch(context, stream, std::move(cursor)));
  }
};
const Stream live_tag{.name = "live:tag:fernwave", .live = true};

}  // namespace

TEST_CASE("every live stream of Mastodon stands beside the timeline that makes up for it",
          "[connectors][mastodon][live]") {
  Bench bench({{"public", {true, ""}}, {"live_user", {true, ""}}});
  const std::vector<Stream> wanted = {{.name = "tag:fernwave"},
                                      {.name = "public"},
                                      live_tag,
                                      {.name = "live:public", .live = true},
                                      {.name = "live:user", .live = true}};
  CHECK(bench.connector->streams() == wanted);
}

TEST_CASE("updates, edits, deletions and notifications are understood", "[connectors][mastodon][live]") {
  Bench bench;
  bench.live.scripts.push_back(
      {.reads = {
           {message("update", status("1", "Fernwave is down")),
            message("status.update", status("2", "edited", R"(,"edited_at":"2026-04-13T12:01:00Z")")),
            message("notification", R"({"id":"9","type":"mention","status":)" + status("3", "hello") + "}"),
            message("notification", R"({"id":"10","type":"follow"})"),
            message("update", status("4", "secret", "", "private")), message("filters_changed", ""),
            message("delete", "1"), message("delete", "777"), "nonsense",
            R"({"event":"update","payload":)" + status("5", "plain payload") + "}"}}});
  const auto page = bench.fetch(live_tag, {});
  REQUIRE(page);
  REQUIRE(page->mentions.size() == 4);
  CHECK(page->mentions[0].text == "Fernwave is down");
  CHECK(page->mentions[1].edited_at == parse_rfc3339("2026-04-13T12:01:00Z"));
  CHECK(page->mentions[2].text == "hello");
  CHECK(page->mentions[3].text == "plain payload");
  REQUIRE(page->withdrawals.size() == 1);
  CHECK(page->withdrawals[0] == Withdrawal{.platform = "mastodon",
                                           .native_id = "https://a.example/users/b/statuses/1",
                                           .created_at = *parse_rfc3339("2026-04-13T12:00:00Z"),
                                           .at = now});
  CHECK(page->bad_items.size() == 1);
  CHECK(page->gaps.empty());
  const auto& request = bench.live.requests.at(0);
  CHECK(request.http.url == "https://a.example/api/v1/streaming?tag=fernwave&stream=hashtag");
  CHECK(request.http.credential == "token");
  CHECK(request.transport == net::LiveTransport::web_socket);
}

TEST_CASE("a deletion names a post that was polled as well", "[connectors][mastodon][live]") {
  Bench bench;
  bench.http.reply(200, "[" + status("41", "polled") + "]");
  REQUIRE(bench.fetch({.name = "tag:fernwave"}, {}));
  bench.live.scripts.push_back({.reads = {{message("delete", "41")}}});
  const auto page = bench.fetch(live_tag, {});
  REQUIRE(page);
  REQUIRE(page->withdrawals.size() == 1);
  CHECK(page->withdrawals[0].native_id == "https://a.example/users/b/statuses/41");
}

TEST_CASE("posts seen are remembered up to a bound", "[connectors][mastodon][live]") {
  mastodon::RecentPosts recent(2);
  for (const auto* id : {"1", "2", "3"}) {
    const auto json = parse_json(status(id, "text"));
    recent.remember(*mastodon::read_statuses(json->root(), "a.example", now));
  }
  CHECK_FALSE(recent.find("https://a.example/statuses/1", now));
  CHECK(recent.find("https://a.example/statuses/2", now));
  CHECK(recent.find("https://a.example/statuses/3", now));
}

TEST_CASE("server-sent events of Mastodon may be cut anywhere", "[connectors][mastodon][live]") {
  const auto text = ":)\n\nevent: update\ndata: " + status("1", "Fernwave is down") +
                    "\n\n:thump\n\nevent: delete\ndata: 1\n\n";
  for (std::size_t cut = 0; cut <= text.size(); cut += 7) {
    Bench bench({{"live_over", {std::string("event_stream"), ""}}});
    bench.live.scripts.push_back({.status = 200, .reads = {{text.substr(0, cut)}, {text.substr(cut)}}});
    const auto page = bench.fetch(live_tag, {});
    REQUIRE(page);
    CHECK(page->mentions.size() == 1);
    CHECK(page->withdrawals.size() == 1);
    CHECK(bench.live.requests.at(0).http.url == "https://a.example/api/v1/streaming/hashtag?tag=fernwave");
    CHECK(bench.live.requests.at(0).transport == net::LiveTransport::response);
  }
}

TEST_CASE("a refused token and an error in the stream say what to do", "[connectors][mastodon][live]") {
  Bench bench;
  bench.live.scripts.push_back({.status = 401, .body = R"({"error":"Missing access token"})"});
  CHECK(bench.fetch(live_tag, {}).error().kind == ErrorKind::unauthorized);
  bench.live.scripts.push_back({.reads = {{R"({"error":"Unknown stream type","status":400})"}}});
  const auto refused = bench.fetch(live_tag, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("Unknown stream type") != std::string::npos);
}

TEST_CASE("the user's stream has nothing that makes up for it: a gap says so",
          "[connectors][mastodon][live]") {
  Bench bench({{"live_user", {true, ""}}});
  const Stream user{.name = "live:user", .live = true};
  bench.live.scripts.push_back({.reads = {{message("update", status("1", "one"))}}});
  bench.live.scripts.push_back({.reads = {{message("update", status("2", "two"))}}});
  const auto first = bench.fetch(user, {});
  REQUIRE(first);
  CHECK(first->gaps.empty());
  bench.clock.advance(5min);
  CHECK_FALSE(bench.fetch(user, first->cursor));
  const auto second = bench.fetch(user, first->cursor);
  REQUIRE(second);
  REQUIRE(second->gaps.size() == 1);
  CHECK(second->gaps[0] == Gap{.from = now, .to = now + 5min, .reason = "no_replay"});
}
