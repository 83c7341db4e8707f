#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "core/base/json_writer.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);
const std::int64_t now_s = to_ms(now) / 1000;

/// A search that gives at most ten hits, newest first, of items whose times are given.
class Search {
 public:
  void add(std::int64_t at) { times_.push_back(at); }

  net::HttpReply operator()(const net::HttpRequest& request) const {
    const auto filters = query_value(request.url, "numericFilters").value_or("");
    const auto bound = [&](const std::string& name, std::int64_t fallback) {
      const auto at = filters.find(name);
      return at == std::string::npos ? fallback : std::stoll(filters.substr(at + name.size()));
    };
    const auto from = bound("created_at_i>=", 0);
    const auto until = bound("created_at_i<=", INT64_MAX);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < times_.size(); ++i)
      if (times_[i] >= from && times_[i] <= until) found.push_back(i);
    std::ranges::stable_sort(found, [&](std::size_t a, std::size_t b) { return times_[a] > times_[b]; });
    JsonWriter out;
    out.begin_object().field("nbHits", static_cast<std::int64_t>(found.size())).field("hitsPerPage", 10).key("hits").begin_array();
    for (std::size_t i = 0; i < found.size() && i < 10; ++i)
      out.begin_object().field("objectID", std::to_string(found[i])).field("author", "ann").field("comment_text", "c").field("created_at_i", times_[found[i]]).end_object();
    return make_reply(200, out.end_array().end_object().str());
  }

 private:
  std::vector<std::int64_t> times_;
};

connectors::Settings settings() { return settings_of({{"queries", {std::string("fernwave"), ""}}}); }

}  // namespace

TEST_CASE("hits are read as stories and comments", "[connectors][hacker_news]") {
  std::ifstream file(EARSHOT_SOURCE_DIR "/tests/data/hacker_news/search.json");
  std::stringstream text;
  text << file.rdbuf();
  const auto page = connectors::find_connector("hacker_news")->parse("", text.str(), now);
  REQUIRE(page);
  REQUIRE(page->mentions.size() == 2);
  CHECK(page->mentions[0].title == "Fernwave raises prices");
  CHECK(page->mentions[0].links == std::vector<std::string>{"https://news.example/fernwave"});
  CHECK(page->mentions[0].engagement.likes == 42);
  CHECK(page->mentions[1].native_id == "102");
  CHECK(page->mentions[1].text == "I left 'em.\n\nSee this");
  CHECK(page->mentions[1].in_reply_to == "101");
  CHECK(page->mentions[1].conversation == "101");
  CHECK(page->mentions[1].kind == MentionKind::comment);
}

TEST_CASE("a window with too many hits is walked in slices, wherever it is cut", "[connectors][hacker_news]") {
  for (std::size_t lost = 0; lost < 12; ++lost) {
    Search search;
    for (int i = 0; i < 60; ++i) search.add(now_s - 86'400 + i * 60 / 3);  // three a minute
    FakeHttpClient http;
    FakeClock clock(now);
    http.respond_with([&](const net::HttpRequest& request) { return search(request); });
    auto run = poll("hacker_news", settings(), http, clock, {}, lost);
    CAPTURE(lost, run.error ? run.error->message : "");
    REQUIRE_FALSE(run.error);
    CHECK(run.ids.size() == 60);
    for (int i = 0; i < 35; ++i) search.add(now_s - 3600 + i * 30);
    search.add(now_s - 86'400 + 60 * 20 - 300);  // indexed late, within the overlap
    run = poll("hacker_news", settings(), http, clock, run, lost);
    CHECK(run.ids.size() == 96);
    CHECK(run.gaps.empty());
  }
}

TEST_CASE("a second that holds more than a page is a gap, not a loop", "[connectors][hacker_news]") {
  Search search;
  for (int i = 0; i < 30; ++i) search.add(now_s - 5000);
  search.add(now_s - 6000);
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest& request) { return search(request); });
  const auto run = poll("hacker_news", settings(), http, clock);
  REQUIRE_FALSE(run.error);
  CHECK(run.ids.size() == 11);
  CHECK(run.gaps.size() == 1);
}

TEST_CASE("the official API is walked item by item", "[connectors][hacker_news]") {
  std::int64_t newest = 1050;
  std::set<std::int64_t> failing;
  std::string updates = R"({"items":[900,950],"profiles":["x"]})";
  const auto server = [&](const net::HttpRequest& request) -> Result<net::HttpReply> {
    if (request.url.ends_with("/maxitem.json")) return make_reply(200, std::to_string(newest));
    if (request.url.ends_with("/updates.json")) return make_reply(200, updates);
    const std::int64_t id = std::stoll(request.url.substr(request.url.rfind('/') + 1));
    if (failing.erase(id) > 0) return make_reply(503, "");
    if (id % 10 == 3) return make_reply(200, "null");
    JsonWriter out;
    out.begin_object().field("id", id).field("time", now_s - 100).field("by", "ann").field("type", id % 10 == 5 ? "job" : "comment").field("text", "t").field("parent", 1);
    if (id % 10 == 7) out.field("deleted", true);
    return make_reply(200, out.end_object().str());
  };
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with(server);
  const auto firebase = settings_of({{"mode", {std::string("firebase"), ""}}});
  auto run = poll("hacker_news", firebase, http, clock);
  REQUIRE_FALSE(run.error);
  CHECK(run.ids.contains("1050"));
  CHECK(run.ids.contains("950"));
  CHECK(run.ids.contains("1047"));
  CHECK_FALSE(run.ids.contains("1043"));
  CHECK_FALSE(run.ids.contains("1045"));

  newest = 1100;
  failing = {1060, 1075};
  for (int attempt = 0; attempt < 4; ++attempt) run = poll("hacker_news", firebase, http, clock, std::move(run), static_cast<std::size_t>(attempt));
  for (int id = 950; id <= 1100; ++id)
    if (id % 10 != 3 && id % 10 != 5) {
      CAPTURE(id);
      CHECK(run.ids.contains(std::to_string(id)));
    }
  const auto dead = connectors::find_connector("hacker_news")->parse("", R"({"id":5,"type":"comment","time":1776080000,"dead":true,"text":"x"})", now);
  REQUIRE(dead);
  CHECK(dead->mentions.at(0).deleted);
  CHECK(dead->mentions.at(0).text.empty());
}
