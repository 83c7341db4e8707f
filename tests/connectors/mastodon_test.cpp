#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <sstream>

#include "connectors/mastodon/mastodon_status.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::test;
using connectors::Setting;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

/// A server with posts 1…n, one a minute, that answers as Mastodon does.
class Server {
 public:
  enum class Links { yes, no };
  explicit Server(int posts, Links links = Links::yes, std::string prefix = "")
      : links_(links), prefix_(std::move(prefix)) {
    add(posts);
  }
  void add(int posts) {
    for (int i = 0; i < posts; ++i) ids_.push_back(static_cast<int>(ids_.size()) + 1);
  }
  void shuffle_pages() { shuffle_ = true; }
  void duplicate_items() { duplicate_ = true; }

  net::HttpReply operator()(const net::HttpRequest& request) const {
    const auto limit = std::stoul(query_value(request.url, "limit").value_or("20"));
    const auto max_id = query_value(request.url, "max_id");
    const auto min_id = query_value(request.url, "min_id");
    std::vector<int> page;
    if (min_id) {
      for (const int id : ids_)
        if (id > number(*min_id) && page.size() < limit) page.push_back(id);
      std::ranges::reverse(page);
    } else {
      for (auto id = ids_.rbegin(); id != ids_.rend(); ++id)
        if ((!max_id || *id < number(*max_id)) && page.size() < limit) page.push_back(*id);
    }
    auto reply = make_reply(200, body(page));
    if (links_ == Links::yes && !page.empty())
      reply.headers.add(
          "Link", "<https://near.example/api/v1/timelines/tag/fernwave?max_id=" + name(page.back()) +
                      ">; rel=\"next\", " + "<https://near.example/api/v1/timelines/tag/fernwave?min_id=" +
                      name(page.front()) + ">; rel=\"prev\"");
    return reply;
  }

 private:
  int number(const std::string& id) const { return std::stoi(id.substr(prefix_.size())); }
  std::string name(int id) const { return prefix_ + std::to_string(id + 9'990); }
  std::string body(std::vector<int> page) const {
    if (duplicate_) page.insert(page.end(), page.begin(), page.end());
    if (shuffle_) std::shuffle(page.begin(), page.end(), std::mt19937(7));
    JsonWriter out;
    out.begin_array();
    for (const int id : page) {
      out.begin_object()
          .field("id", name(id))
          .field("uri", "https://near.example/s/" + std::to_string(id))
          .field("visibility", "public");
      out.field("created_at", format_rfc3339(now - std::chrono::minutes(5000 - id)))
          .field("content", "<p>post " + std::to_string(id) + "</p>");
      out.key("account").begin_object().field("acct", "ann").end_object().end_object();
    }
    return out.end_array().str();
  }
  std::vector<int> ids_;
  Links links_;
  std::string prefix_;
  bool shuffle_ = false;
  bool duplicate_ = false;
};

connectors::Settings settings() {
  return settings_of({{"base", {std::string("https://near.example/"), ""}},
                      {"tags", {std::string("fernwave"), ""}},
                      {"history_days", {std::int64_t{30}, ""}}});
}

Page fixture_page() {
  std::ifstream file(EARSHOT_SOURCE_DIR "/tests/data/mastodon/tag.json");
  std::stringstream text;
  text << file.rdbuf();
  return *connectors::find_connector("mastodon")
              ->parse("https://near.example/api/v1/timelines/tag/fernwave", text.str(), now);
}

/// Ids of the fake server start at 9991 so that 9999 → 10000 crosses a length.
class Offset {
 public:
  explicit Offset(Server& server) : server_(server) {}
  Result<net::HttpReply> operator()(const net::HttpRequest& request) const {
    auto shifted = request;
    for (const auto* name : {"max_id", "min_id"}) {
      const auto value = query_value(request.url, name);
      if (!value) continue;
      const auto at = value->find_first_of("0123456789");
      const auto digits = std::to_string(std::stoi(value->substr(at)) - 9'990);
      const auto pattern = std::string(name) + "=" + percent_encode(*value);
      shifted.url.replace(shifted.url.find(pattern), pattern.size(),
                          std::string(name) + "=" + percent_encode(value->substr(0, at) + digits));
    }
    return server_(shifted);
  }

 private:
  Server& server_;
};

}  // namespace

TEST_CASE("statuses are read with all that matters", "[connectors][mastodon]") {
  const auto page = fixture_page();
  REQUIRE(page.mentions.size() == 3);
  const auto& first = page.mentions[0];
  CHECK(first.native_id == "https://far.example/users/bo/statuses/77");
  CHECK(first.text == "rant\n\nMy #fernwave router died\n\nagain");
  CHECK(first.url == "https://far.example/@bo/77");
  CHECK(first.author.handle == "bo@far.example");
  CHECK(first.author.name == "Bo \xEF\xBF\xBD");
  CHECK(first.author.followers == 120);
  CHECK(first.in_reply_to == "https://near.example/users/cy/statuses/1");
  CHECK(first.kind == MentionKind::comment);
  CHECK(first.edited_at);
  CHECK(first.engagement.replies == 2);
  CHECK(first.tags == std::vector<std::string>{"fernwave"});
  CHECK(first.extra.find("a dead router") != std::string::npos);
  CHECK(first.extra.find(R"("local_id":"https://near.example/statuses/110000000000000003")") !=
        std::string::npos);
  CHECK(first.raw.starts_with("{\"id\":\"110000000000000003\""));
  CHECK(page.mentions[1].native_id == "https://near.example/users/di/statuses/9");
  CHECK(page.mentions[1].author.handle == "di@near.example");
  CHECK(page.mentions[2].url == "https://near.example/users/cy/statuses/1");
  CHECK(page.mentions[2].author.handle == "cy@near.example");
  CHECK(page.bad_items.size() == 1);
}

TEST_CASE("ids compare by length, then digits, and others not at all", "[connectors][mastodon]") {
  using connectors::mastodon::compare_ids;
  CHECK(*compare_ids("9999", "10000") < 0);
  CHECK(*compare_ids("10001", "10000") > 0);
  CHECK(*compare_ids("a", "a") == 0);
  CHECK_FALSE(compare_ids("AZ1", "AZ2"));
}

TEST_CASE("history is walked back once, then pages ascend", "[connectors][mastodon]") {
  for (const auto links : {Server::Links::yes, Server::Links::no}) {
    for (const auto* prefix : {"", "x"}) {
      Server server(130, links, prefix);
      FakeHttpClient http;
      FakeClock clock(now);
      http.respond_with(Offset(server));
      auto run = poll("mastodon", settings(), http, clock);
      CAPTURE(prefix, run.error ? run.error->message : "");
      REQUIRE_FALSE(run.error);
      CHECK(run.ids.size() == 130);
      CHECK(run.gaps.empty());
      server.add(95);
      run = poll("mastodon", settings(), http, clock, run);
      CHECK(run.ids.size() == 225);
      const auto cursor = run.cursor;
      const auto asked = http.requests().size();
      run = poll("mastodon", settings(), http, clock, run);
      CHECK(run.cursor == cursor);
      CHECK(http.requests().size() == asked + 1);
    }
  }
}

TEST_CASE("a walk cut at any page and taken up again gives the same set", "[connectors][mastodon]") {
  for (std::size_t lost = 0; lost < 12; ++lost) {
    Server server(250);
    FakeHttpClient http;
    FakeClock clock(now);
    http.respond_with(Offset(server));
    auto run = poll("mastodon", settings(), http, clock, {}, lost);
    server.add(170);
    run = poll("mastodon", settings(), http, clock, run, lost);
    CAPTURE(lost);
    CHECK(run.ids.size() == 420);
  }
}

TEST_CASE("posts that come during the walk back are not lost", "[connectors][mastodon]") {
  Server server(130);
  FakeHttpClient http;
  FakeClock clock(now);
  int calls = 0;
  Offset offset(server);
  http.respond_with([&](const net::HttpRequest& request) {
    if (++calls == 2) server.add(60);
    return offset(request);
  });
  auto run = poll("mastodon", settings(), http, clock);
  run = poll("mastodon", settings(), http, clock, run);
  CHECK(run.ids.size() == 190);
}

TEST_CASE("shuffled and doubled pages give the same set", "[connectors][mastodon]") {
  Server server(200, Server::Links::no);
  server.shuffle_pages();
  server.duplicate_items();
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with(Offset(server));
  auto run = poll("mastodon", settings(), http, clock);
  server.add(90);
  run = poll("mastodon", settings(), http, clock, run);
  CHECK(run.ids.size() == 290);
}

TEST_CASE("history ends at its limits, and a cut is recorded", "[connectors][mastodon]") {
  Server server(500);
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with(Offset(server));
  auto limited = settings();
  limited.set("history_pages", {std::int64_t{3}, ""});
  const auto run = poll("mastodon", limited, http, clock);
  CHECK(run.ids.size() == 120);
  REQUIRE(run.gaps.size() == 1);
  CHECK(run.gaps[0].reason == "page_cap");

  FakeHttpClient other;
  other.respond_with(Offset(server));
  auto short_history = settings();
  short_history.set("history_days", {std::int64_t{0}, ""});
  CHECK(poll("mastodon", short_history, other, clock).pages == 1);
}

TEST_CASE("links to another origin are not followed", "[connectors][mastodon]") {
  FakeHttpClient http;
  FakeClock clock(now);
  auto reply = make_reply(
      200,
      R"([{"id":"5","uri":"https://near.example/5","created_at":"2026-04-13T12:00:00Z","content":"x","account":{"acct":"a"}}])");
  reply.headers.add("Link", "<https://evil.example/api?max_id=3>; rel=\"next\"");
  http.respond_with([&](const net::HttpRequest&) { return reply; });
  const auto run = poll("mastodon", settings(), http, clock);
  for (const auto& request : http.requests()) CHECK(request.url.starts_with("https://near.example/"));
}

TEST_CASE("a closed timeline says what to do", "[connectors][mastodon]") {
  FakeHttpClient http;
  FakeClock clock(now);
  http.reply(401, R"({"error":"This method requires an authenticated user"})");
  const auto run = poll("mastodon", settings(), http, clock);
  REQUIRE(run.error);
  CHECK(run.error->kind == ErrorKind::unauthorized);
  CHECK(run.error->message.find("credential") != std::string::npos);
  http.reply(200, "[]");
  CHECK_FALSE(poll("mastodon", settings(), http, clock).error);
}

TEST_CASE("an account's mentions are read by notification, and its other news is not",
          "[connectors][mastodon]") {
  const Setting yes{true, ""};
  const auto settings = settings_of({{"base", {std::string("https://near.example"), ""}},
                                     {"notifications", yes},
                                     {"credential", {std::string("t"), ""}}});
  auto connector = make_connector("mastodon", settings);
  REQUIRE(connector->streams().size() == 1);
  const auto stream = connector->streams()[0];
  FakeHttpClient http;
  FakeClock clock(now);
  const auto notification = [](const std::string& id, const std::string& type,
                               const std::string& visibility) {
    return R"({"id":")" + id + R"(","type":")" + type +
           R"(","created_at":"2026-04-13T10:00:00Z","account":{"acct":"ann"},"status":{"id":"7)" + id +
           R"(","uri":"https://near.example/s/)" + id + R"(","visibility":")" + visibility +
           R"(","created_at":"2026-04-13T09:00:00Z","content":"<p>@fernwave it hums</p>","account":{"acct":"ann"}}})";
  };
  http.reply(
      200,
      "[" + notification("30", "mention", "public") + "," + notification("29", "mention", "direct") +
          R"(,{"id":"28","type":"follow","created_at":"2026-04-01T10:00:00Z","account":{"acct":"bo"}}])");
  const auto first = fetch_once(*connector, http, clock, stream, std::nullopt);
  REQUIRE(first);
  CHECK(http.last().url.starts_with("https://near.example/api/v1/notifications?"));
  CHECK(query_value(http.last().url, "types[]") == "mention");
  CHECK(http.last().credential == "t");
  REQUIRE(first->mentions.size() == 1);
  CHECK(first->mentions[0].native_id == "https://near.example/s/30");
  CHECK(first->bad_items.empty());
  http.reply(200, "[]");
  const auto second = fetch_once(*connector, http, clock, stream, first->cursor);
  REQUIRE(second);
  http.reply(200, "[" + notification("31", "mention", "unlisted") + "]");
  const auto third = fetch_once(*connector, http, clock, stream, second->cursor);
  REQUIRE(third);
  CHECK(query_value(http.last().url, "min_id") == "30");  // the notification's id, not the post's
  CHECK(third->mentions.size() == 1);

  const auto refused =
      connectors::find_connector("mastodon")->make({"test", settings_of({{"notifications", yes}}), {}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("needs `credential`") != std::string::npos);
}
