// What every connector must survive: each row is a reply from the world, and what the engine shall hear of
// it.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::test;
using connectors::Setting;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

struct Subject {
  const char* name;
  connectors::Settings settings;
  const char* fixture;
  std::size_t mentions;
  std::size_t bad;
};

std::vector<Subject> subjects() {
  const auto list = [](const char* text) { return Setting{std::vector<std::string>{text}, ""}; };
  std::vector<Subject> out;
  out.push_back({"feed", settings_of({{"urls", list("https://news.example/feed")}}), "feed/rss.xml", 2, 1});
  out.push_back(
      {"mastodon",
       settings_of({{"base", {std::string("https://near.example"), ""}}, {"tags", list("fernwave")}}),
       "mastodon/tag.json", 3, 1});
  out.push_back({"bluesky", settings_of({{"queries", list("fernwave")}}), "bluesky/search.json", 2, 1});
  out.push_back(
      {"hacker_news", settings_of({{"queries", list("fernwave")}}), "hacker_news/search.json", 2, 1});
  out.push_back({"discourse", settings_of({{"base", {std::string("https://forum.example"), ""}}}),
                 "declarative/discourse.json", 3, 1});
  out.push_back({"x",
                 settings_of({{"queries", list("fernwave")}, {"credential", {std::string("x_bearer"), ""}}}),
                 "declarative/x.json", 3, 1});
  out.push_back({"zendesk",
                 settings_of({{"base", {std::string("https://desk.example/api/v2"), ""}},
                              {"email", {std::string("ops@fernwave.example"), ""}},
                              {"credential", {std::string("zendesk_token"), ""}}}),
                 "declarative/zendesk.json", 2, 1});
  return out;
}

std::string fixture(const std::string& path) {
  std::ifstream file(std::string(EARSHOT_SOURCE_DIR) + "/tests/data/" + path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Result<Page> fetch_with(const Subject& subject, net::HttpReply reply) {
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest&) { return reply; });
  auto connector = make_connector(subject.name, subject.settings);
  const auto stream = connector->streams().at(0);
  return fetch_once(*connector, http, clock, stream, std::nullopt);
}

}  // namespace

TEST_CASE("a full page is read, and a malformed item is counted", "[connectors]") {
  for (const auto& subject : subjects()) {
    CAPTURE(subject.name);
    const auto page = fetch_with(subject, make_reply(200, fixture(subject.fixture)));
    REQUIRE(page);
    CHECK(page->mentions.size() == subject.mentions);
    CHECK(page->bad_items.size() == subject.bad);
    REQUIRE(page->cursor);
    CHECK(page->cursor->json.size() < 64 * 1024);
    for (const auto& mention : page->mentions) {
      CHECK(mention.platform == subject.name);
      CHECK(mention.fetched_at == now);
      CHECK(mention.created_at <= now);
    }
  }
}

TEST_CASE("every failure has its name, and none moves the cursor", "[connectors]") {
  struct Case {
    net::HttpReply reply;
    ErrorKind kind;
    std::int64_t wait_ms;
  };
  const Case cases[] = {
      {make_reply(429, "Rate limit exceeded", {{"Retry-After", "30"}}), ErrorKind::rate_limited, 30'000},
      {make_reply(429, "<html>slow down</html>", {{"Retry-After", "Mon, 13 Apr 2026 12:25:17 GMT"}}),
       ErrorKind::rate_limited, 60'000},
      {make_reply(429, ""), ErrorKind::rate_limited, -1},
      {make_reply(500, "<html>oops</html>"), ErrorKind::unreachable, -1},
      {make_reply(503, "", {{"Retry-After", "5"}}), ErrorKind::unreachable, 5'000},
      {make_reply(401, "{\"error\":\"The access token is invalid\"}"), ErrorKind::unauthorized, -1},
      {make_reply(403, "{}"), ErrorKind::forbidden, -1},
      {make_reply(410, "{}"), ErrorKind::gone, -1},
      {make_reply(422, "{}"), ErrorKind::bad_request, -1},
      {make_reply(200, "<!DOCTYPE html><html><body>Just a moment…</body></html>",
                  {{"Content-Type", "text/html"}}),
       ErrorKind::unreachable, -1},
      {make_reply(200, ""), ErrorKind::unreachable, -1},
      {make_reply(200, "garbage"), ErrorKind::malformed, -1},
  };
  for (const auto& subject : subjects()) {
    for (const auto& item : cases) {
      CAPTURE(subject.name, item.reply.status, item.reply.body);
      const auto page = fetch_with(subject, item.reply);
      REQUIRE_FALSE(page);
      CHECK(to_string(page.error().kind) == to_string(item.kind));
      CHECK((page.error().retry_after ? page.error().retry_after->count() : -1) == item.wait_ms);
      CHECK_FALSE(page.error().message.empty());
    }
    FakeHttpClient http;
    FakeClock clock(now);
    http.fail(ErrorKind::timed_out);
    auto connector = make_connector(subject.name, subject.settings);
    const auto stream = connector->streams().at(0);
    CHECK(fetch_once(*connector, http, clock, stream, std::nullopt).error().kind == ErrorKind::timed_out);
  }
}

TEST_CASE("a body cut anywhere never passes for a whole page", "[connectors]") {
  for (const auto& subject : subjects()) {
    const auto body = fixture(subject.fixture);
    for (std::size_t cut = 1; cut + 2 < body.size(); cut += 7) {
      CAPTURE(subject.name, cut);
      const auto page = fetch_with(subject, make_reply(200, body.substr(0, cut), {{"ETag", "\"e\""}}));
      if (std::string_view(subject.name) != "feed") {
        REQUIRE_FALSE(page);
      } else if (page) {
        // Feeds recover what came, but remember no validator, so that the next poll asks for all of it.
        REQUIRE(page->cursor->json.find("etag") == std::string::npos);
      }
    }
  }
}

TEST_CASE("a checkpoint of another kind is refused, not guessed at", "[connectors]") {
  for (const auto& subject : subjects()) {
    for (const auto& cursor : {Cursor{99, "{}"}, Cursor{1, "{\"top\":"}, Cursor{1, "[]"}, Cursor{1, ""}}) {
      CAPTURE(subject.name, cursor.json);
      FakeHttpClient http;
      FakeClock clock(now);
      auto connector = make_connector(subject.name, subject.settings);
      const auto stream = connector->streams().at(0);
      const auto page = fetch_once(*connector, http, clock, stream, cursor);
      REQUIRE_FALSE(page);
      CHECK(page.error().kind == ErrorKind::cursor_invalid);
      CHECK(http.requests().empty());
    }
  }
}

TEST_CASE("the catalogue is sorted and every connector reports all its mistakes", "[connectors]") {
  std::string before;
  for (const auto* spec : connectors::catalog()) {
    CHECK(std::string(spec->name) > before);
    before = spec->name;
    CHECK_FALSE(spec->summary.empty());
    connectors::ConnectorInput input{
        "s",
        settings_of({{"nonsense", {true, "a.toml:1:1"}}, {"history_days", {std::string("x"), "a.toml:2:1"}}}),
        {}};
    const auto made = spec->make(input);
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == ErrorKind::invalid);
    CHECK(made.error().message.find("nonsense") != std::string::npos);
    CHECK(std::ranges::count(made.error().message, '\n') >= 1);
  }
}
