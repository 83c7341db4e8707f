#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "connectors/bluesky/bluesky_post.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

/// An AppView whose search cursor is an offset into a moving list, as the real one's is.
class AppView {
 public:
  explicit AppView(int posts) { add(posts); }
  void add(int posts) {
    for (int i = 0; i < posts; ++i)
      times_.push_back(now - std::chrono::minutes(2000 - static_cast<int>(times_.size())));
  }
  void refuse_cursors() { refuses_ = true; }

  Result<net::HttpReply> operator()(const net::HttpRequest& request) {
    const auto since = parse_rfc3339(query_value(request.url, "since").value_or("1990-01-01T00:00:00Z"));
    const auto until = parse_rfc3339(query_value(request.url, "until").value_or("2100-01-01T00:00:00Z"));
    const auto cursor = query_value(request.url, "cursor");
    if (cursor && refuses_) return make_reply(400, R"({"error":"InvalidRequest","message":"bad cursor"})");
    const std::size_t offset = cursor ? std::stoul(*cursor) : 0;
    JsonWriter out;
    out.begin_object().key("posts").begin_array();
    std::size_t at = 0;
    std::size_t served = 0;
    for (std::size_t i = times_.size(); i-- > 0;) {
      if (times_[i] < *since || times_[i] >= *until) continue;
      if (at++ < offset || served == 25) continue;
      ++served;
      out.begin_object()
          .field("uri", "at://did:plc:a/app.bsky.feed.post/" + std::to_string(i))
          .field("indexedAt", format_rfc3339(times_[i]));
      out.key("author").begin_object().field("did", "did:plc:a").field("handle", "a.example").end_object();
      out.key("record")
          .begin_object()
          .field("text", "post " + std::to_string(i))
          .field("createdAt", format_rfc3339(times_[i]))
          .end_object()
          .end_object();
    }
    out.end_array();
    if (offset + served < at) out.field("cursor", std::to_string(offset + served));
    return make_reply(200, out.end_object().str());
  }

 private:
  std::vector<Timestamp> times_;
  bool refuses_ = false;
};

connectors::Settings settings() { return settings_of({{"queries", {std::string("fernwave"), ""}}}); }

}  // namespace

TEST_CASE("posts are read with facets, embeds and threads", "[connectors][bluesky]") {
  std::ifstream file(EARSHOT_SOURCE_DIR "/tests/data/bluesky/search.json");
  std::stringstream text;
  text << file.rdbuf();
  const auto page = connectors::find_connector("bluesky")->parse("", text.str(), now);
  REQUIRE(page);
  REQUIRE(page->mentions.size() == 2);
  const auto& first = page->mentions[0];
  CHECK(first.native_id == "at://did:plc:aaa/app.bsky.feed.post/3lp5a2b4c6d2e");
  CHECK(first.text ==
        "Gr\xC3\xB6\xC3\x9F"
        "e: https://fernwave.example/help/a-long-page #fernwave");
  CHECK(first.url == "https://bsky.app/profile/did:plc:aaa/post/3lp5a2b4c6d2e");
  CHECK(first.links == std::vector<std::string>{"https://fernwave.example/help/a-long-page"});
  CHECK(first.tags == std::vector<std::string>{"fernwave"});
  CHECK(first.lang == "en");
  CHECK(first.author.id == "did:plc:aaa");
  CHECK(first.author.name == "Ann");
  CHECK(first.in_reply_to == "at://did:plc:ccc/app.bsky.feed.post/3lp5a2b4c6d23");
  CHECK(first.conversation == "at://did:plc:bbb/app.bsky.feed.post/3lp5a2b4c6d22");
  CHECK(first.engagement.likes == 3);
  CHECK(first.extra.find("a router") != std::string::npos);
  CHECK(format_rfc3339(first.created_at) == "2026-04-13T11:00:00.500Z");
  CHECK(format_rfc3339(page->mentions[1].created_at) == "2026-04-13T10:59:00Z");
}

TEST_CASE("each poll walks down to the watermark, and its cursor dies with the walk",
          "[connectors][bluesky]") {
  AppView view(180);
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest& request) { return view(request); });
  auto run = poll("bluesky", settings(), http, clock);
  REQUIRE_FALSE(run.error);
  CHECK(run.ids.size() == 180);
  CHECK(run.cursor->json.find("next") == std::string::npos);
  view.add(70);
  run = poll("bluesky", settings(), http, clock, run);
  CHECK(run.ids.size() == 250);
  const auto asked = http.requests().size();
  run = poll("bluesky", settings(), http, clock, run);
  CHECK(http.requests().size() == asked + 1);
  CHECK(query_value(http.last().url, "since") ==
        format_rfc3339(now - std::chrono::minutes(2000 - 249) - std::chrono::minutes(10)));
  CHECK_FALSE(query_value(http.last().url, "cursor"));
}

TEST_CASE("a walk cut at any page gives the same set", "[connectors][bluesky]") {
  for (std::size_t lost = 0; lost < 9; ++lost) {
    AppView view(180);
    FakeHttpClient http;
    FakeClock clock(now);
    http.respond_with([&](const net::HttpRequest& request) { return view(request); });
    auto run = poll("bluesky", settings(), http, clock, {}, lost);
    view.add(70);
    run = poll("bluesky", settings(), http, clock, run, lost);
    CAPTURE(lost);
    CHECK(run.ids.size() == 250);
  }
}

TEST_CASE("when the server refuses its own cursor the walk goes on by time", "[connectors][bluesky]") {
  AppView view(180);
  view.refuse_cursors();
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest& request) { return view(request); });
  const auto run = poll("bluesky", settings(), http, clock);
  CHECK_FALSE(run.error);
  CHECK(run.ids.size() == 180);
}

TEST_CASE("a walk over its page limit records the gap", "[connectors][bluesky]") {
  AppView view(180);
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest& request) { return view(request); });
  auto limited = settings();
  limited.set("pages_max", {std::int64_t{2}, ""});
  const auto run = poll("bluesky", limited, http, clock);
  CHECK(run.ids.size() == 50);
  REQUIRE(run.gaps.size() == 1);
  CHECK(run.gaps[0].reason == "page_cap");
}

TEST_CASE("error bodies say more than their status", "[connectors][bluesky]") {
  struct Case {
    int status;
    const char* body;
    ErrorKind kind;
  };
  const Case cases[] = {
      {400, R"({"error":"ExpiredToken","message":"Token has expired"})", ErrorKind::unauthorized},
      {400, R"({"error":"InvalidToken","message":"x"})", ErrorKind::unauthorized},
      {401, R"({"error":"AuthMissing","message":"x"})", ErrorKind::unauthorized},
      {400, R"({"error":"NotFound","message":"x"})", ErrorKind::gone},
      {400, R"({"error":"InvalidRequest","message":"limit"})", ErrorKind::bad_request},
      {502, R"({"error":"UpstreamFailure","message":"x"})", ErrorKind::unreachable},
      {501, R"({"error":"MethodNotImplemented","message":"x"})", ErrorKind::bad_request},
  };
  for (const auto& [status, body, kind] : cases) {
    FakeHttpClient http;
    FakeClock clock(now);
    http.reply(status, body);
    const auto run = poll("bluesky", settings(), http, clock);
    CAPTURE(body);
    REQUIRE(run.error);
    CHECK(to_string(run.error->kind) == to_string(kind));
  }
}

TEST_CASE("author feeds leave reposts out", "[connectors][bluesky]") {
  const auto page = connectors::find_connector("bluesky")->parse("", R"({"feed":[
    {"post":{"uri":"at://did:plc:a/app.bsky.feed.post/1","author":{"did":"did:plc:a"},"record":{"text":"mine","createdAt":"2026-04-13T10:00:00Z"}}},
    {"post":{"uri":"at://did:plc:b/app.bsky.feed.post/2","author":{"did":"did:plc:b"},"record":{"text":"theirs","createdAt":"2026-04-13T10:00:00Z"}},"reason":{"$type":"app.bsky.feed.defs#reasonRepost"}},
    {"post":{"uri":"at://did:plc:a/app.bsky.feed.post/3","author":{"did":"did:plc:a"},"record":{"text":"pinned","createdAt":"2026-04-01T10:00:00Z"}},"reason":{"$type":"app.bsky.feed.defs#reasonPin"}}]})",
                                                                 now);
  REQUIRE(page);
  CHECK(page->mentions.size() == 2);
}

TEST_CASE("notifications are walked down by time, and ask for a session", "[connectors][bluesky]") {
  auto listening = settings_of({{"notifications", {true, ""}}});
  const auto made = connectors::find_connector("bluesky")->make({"test", listening, {}});
  REQUIRE_FALSE(made);
  CHECK(made.error().message.find("needs `credential`") != std::string::npos);
  listening.set("credential", {std::string("bluesky"), ""});

  const auto item = [](const char* reason, int n) {
    const auto at = format_rfc3339(now - std::chrono::minutes(n));
    const std::string kind = reason == std::string("like") ? "app.bsky.feed.like" : "app.bsky.feed.post";
    return R"({"uri":"at://did:plc:b/)" + kind + "/" + std::to_string(n) + R"(","reason":")" + reason +
           R"(","author":{"did":"did:plc:b"},"indexedAt":")" + at + R"(","record":{"text":"it hums )" +
           std::to_string(n) + R"(","createdAt":")" + at + R"("}})";
  };
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest& request) {
    CHECK(request.credential == "bluesky");
    CHECK(request.url.find(
              "app.bsky.notification.listNotifications?reasons=mention&reasons=reply&reasons=quote") !=
          std::string::npos);
    const auto cursor = query_value(request.url, "cursor");
    if (cursor == "refused") return make_reply(400, R"({"error":"InvalidRequest","message":"bad cursor"})");
    if (!cursor)
      return make_reply(200, R"({"cursor":"refused","notifications":[)" + item("mention", 1) + "," +
                                 item("like", 2) + "," + item("reply", 3) + "]}");
    CHECK(*cursor == format_rfc3339(now - std::chrono::minutes(3) + std::chrono::milliseconds(1)));
    return make_reply(200, R"({"notifications":[)" + item("reply", 3) + "," + item("quote", 4) + "]}");
  });
  const auto run = poll("bluesky", listening, http, clock);
  REQUIRE_FALSE(run.error);
  CHECK(run.ids.size() == 3);
}
