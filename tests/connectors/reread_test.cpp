// An item that was kept as it was received is read alone as it was read in its page.
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
  const char* url;
  const char* fixture;
};

std::vector<Subject> subjects() {
  const auto list = [](const char* text) { return Setting{std::vector<std::string>{text}, ""}; };
  const auto text = [](const char* value) { return Setting{std::string(value), ""}; };
  return {
      {"mastodon", settings_of({{"base", text("https://near.example")}, {"tags", list("fernwave")}}),
       "https://near.example/api/v1/timelines/tag/fernwave", "mastodon/tag.json"},
      {"bluesky", settings_of({{"queries", list("fernwave")}}), "https://api.bsky.app/",
       "bluesky/search.json"},
      {"hacker_news", settings_of({{"queries", list("fernwave")}}), "https://hn.algolia.com/",
       "hacker_news/search.json"},
      {"discourse", settings_of({{"base", text("https://forum.fernwave.example")}}),
       "https://forum.fernwave.example/posts.json", "declarative/discourse.json"},
      {"reddit", settings_of({{"subreddits", list("fernwave")}, {"credential", text("reddit")}}),
       "https://oauth.reddit.com/r/fernwave/new", "declarative/reddit.json"},
      {"youtube", settings_of({{"videos", list("v1")}, {"credential", text("youtube")}}),
       "https://www.googleapis.com/youtube/v3/commentThreads", "declarative/youtube.json"},
  };
}

std::string fixture(const std::string& path) {
  std::ifstream file(std::string(EARSHOT_SOURCE_DIR) + "/tests/data/" + path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a kept item is read alone as it was in its page", "[connectors][reread]") {
  for (const auto& subject : subjects()) {
    INFO(subject.name);
    const auto connector = make_connector(subject.name, subject.settings);
    const auto page =
        connectors::find_connector(subject.name)->parse(subject.url, fixture(subject.fixture), now);
    REQUIRE(page);
    std::size_t kept = 0;
    for (const auto& mention : page->mentions) {
      if (mention.deleted || mention.raw.empty()) continue;
      ++kept;
      const auto again = connector->reread(mention.raw, now);
      REQUIRE(again);
      REQUIRE(again->mentions.size() == 1);
      const auto& one = again->mentions.front();
      CHECK(one.native_id == mention.native_id);
      CHECK(one.text == mention.text);
      CHECK(one.title == mention.title);
      CHECK(one.created_at == mention.created_at);
      CHECK(one.raw == mention.raw);
    }
    CHECK(kept > 0);
    // What was kept and is none: an error or a bad item, never a mention.
    for (const auto* broken : {"", "{", "[]", "null", "{}", R"({"id":[],"uri":{}})"}) {
      const auto again = connector->reread(broken, now);
      CHECK((!again || again->mentions.empty()));
    }
  }
}

TEST_CASE("a live event of Bluesky is read again too, and who keeps nothing says so",
          "[connectors][reread]") {
  const auto connector =
      make_connector("bluesky", settings_of({{"queries", Setting{std::vector<std::string>{"x"}, ""}}}));
  const auto again = connector->reread(
      R"({"did":"did:plc:a","time_us":1776083000000000,"kind":"commit","commit":{"operation":"create",)"
      R"("collection":"app.bsky.feed.post","rkey":"3mjaaaaaaaa2c","record":{"text":"Fernwave hums",)"
      R"("createdAt":"2026-04-13T10:00:00Z"}}})",
      now);
  REQUIRE(again);
  REQUIRE(again->mentions.size() == 1);
  CHECK(again->mentions.front().native_id == "at://did:plc:a/app.bsky.feed.post/3mjaaaaaaaa2c");
  CHECK(again->mentions.front().text == "Fernwave hums");
  const auto feed = make_connector(
      "feed", settings_of({{"urls", Setting{std::vector<std::string>{"https://news.example/feed"}, ""}}}));
  const auto none = feed->reread("{}", now);
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::invalid);
}
