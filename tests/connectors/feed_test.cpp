#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "connectors/feed/feed_document.hpp"
#include "connectors/feed/web_page.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

std::string fixture(const std::string& name) {
  std::ifstream file(std::string(EARSHOT_SOURCE_DIR) + "/tests/data/feed/" + name, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Page parse(const std::string& body, std::string_view url = "https://news.example/feed") {
  auto page = connectors::find_connector("feed")->parse(url, body, now);
  REQUIRE(page);
  return std::move(*page);
}

connectors::Settings settings() {
  return settings_of({{"urls", {std::string("https://news.example/feed"), ""}}});
}

std::string rss(int from, int to, std::string_view next = {}) {
  std::string out = "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>";
  if (!next.empty()) out += "<atom:link rel=\"next\" href=\"" + std::string(next) + "\"/>";
  for (int i = to; i >= from; --i)
    out += "<item><guid isPermaLink=\"false\">" + std::to_string(i) + "</guid><title>post " +
           std::to_string(i) + "</title></item>";
  return out + "</channel></rss>";
}

}  // namespace

TEST_CASE("an RSS feed is read with its modules", "[connectors][feed]") {
  const auto page = parse(fixture("rss.xml"));
  REQUIRE(page.mentions.size() == 2);
  const auto& first = page.mentions[0];
  CHECK(first.native_id == "https://news.example/feed#17");
  CHECK(first.title == "Fernwave \xC3\xA9tude & more");
  CHECK(first.text == "Long \xE2\x80\x94 text\n\nwith link");
  CHECK(first.url == "https://news.example/a");
  CHECK(first.author.name == "Ann Writer");
  CHECK(first.tags == std::vector<std::string>{"routers"});
  CHECK(first.engagement.replies == 4);
  CHECK(first.in_reply_to == "tag:news.example,2026:1");
  CHECK(first.lang == "en");
  CHECK(format_rfc3339(first.created_at) == "2026-04-13T10:00:00Z");
  CHECK(first.kind == MentionKind::article);
  CHECK(page.mentions[1].native_id == "https://news.example/2");
  CHECK(page.mentions[1].text == "bold words");
  CHECK(format_rfc3339(page.mentions[1].created_at) == "2026-04-12T15:00:00Z");
}

TEST_CASE("an Atom feed is read with its bases", "[connectors][feed]") {
  const auto document = connectors::feed::read_document(fixture("atom.xml"), "", "https://blog.example/feed");
  REQUIRE(document);
  CHECK(document->title == "Blog x");
  CHECK(document->next_page == "https://blog.example/dir/?page=2");
  const auto page = parse(fixture("atom.xml"), "https://blog.example/feed");
  REQUIRE(page.mentions.size() == 1);
  const auto& entry = page.mentions[0];
  CHECK(entry.url == "https://blog.example/dir/eins.html");
  CHECK(entry.text == "Absatz fett");
  CHECK(entry.lang == "de");
  CHECK(entry.author.name == "Owner");
  CHECK(entry.author.id == "https://blog.example/me");
  CHECK(entry.edited_at);
}

TEST_CASE("a JSON feed is read, number ids and all", "[connectors][feed]") {
  const auto page = parse(fixture("json_feed.json"));
  REQUIRE(page.mentions.size() == 1);
  CHECK(page.mentions[0].native_id == "https://news.example/feed#7");
  CHECK(page.mentions[0].text == "plain <text>");
  CHECK(page.bad_items.size() == 1);
}

TEST_CASE("a feed is asked for conditionally, with its validators verbatim", "[connectors][feed]") {
  FakeHttpClient http;
  FakeClock clock(now);
  http.reply(200, rss(1, 3),
             {{"ETag", "W/\"a\"b"},
              {"Last-Modified", "Mon, 13 Apr 2026 10:00:00 GMT"},
              {"Cache-Control", "max-age=7200"}});
  auto run = poll("feed", settings(), http, clock);
  CHECK(run.ids.size() == 3);
  CHECK_FALSE(http.requests()[0].headers.find("If-None-Match"));
  http.reply(304, "");
  const auto before = run.cursor;
  run = poll("feed", settings(), http, clock, run);
  CHECK(http.last().headers.find("If-None-Match") == "W/\"a\"b");
  CHECK(http.last().headers.find("If-Modified-Since") == "Mon, 13 Apr 2026 10:00:00 GMT");
  CHECK(run.cursor == before);
}

TEST_CASE("only new and changed entries come out again", "[connectors][feed]") {
  FakeHttpClient http;
  FakeClock clock(now);
  auto connector = make_connector("feed", settings());
  const auto stream = connector->streams()[0];
  http.reply(200, rss(1, 50));
  auto page = fetch_once(*connector, http, clock, stream, std::nullopt);
  REQUIRE(page);
  CHECK(page->mentions.size() == 50);
  http.reply(200, rss(3, 52));
  page = fetch_once(*connector, http, clock, stream, page->cursor);
  CHECK(page->mentions.size() == 2);
  auto changed = rss(3, 52);
  changed.replace(changed.find("post 9<"), 6, "POST 9");
  http.reply(200, changed);
  page = fetch_once(*connector, http, clock, stream, page->cursor);
  REQUIRE(page->mentions.size() == 1);
  CHECK(page->mentions[0].title == "POST 9");
}

TEST_CASE("the archive is walked once, on the same origin, wherever it is cut", "[connectors][feed]") {
  const auto server = [](const net::HttpRequest& request) -> Result<net::HttpReply> {
    const int page = std::stoi(query_value(request.url, "page").value_or("0"));
    const auto next = page < 3 ? "https://news.example/feed?page=" + std::to_string(page + 1)
                               : std::string("https://evil.example/feed");
    return make_reply(200, rss(100 - page * 10, 109 - page * 10, next));
  };
  for (std::size_t lost = 0; lost < 5; ++lost) {
    FakeHttpClient http;
    FakeClock clock(now);
    http.respond_with(server);
    auto run = poll("feed", settings(), http, clock, {}, lost);
    CAPTURE(lost);
    REQUIRE_FALSE(run.error);
    CHECK(run.ids.size() == 40);
    const auto asked = http.requests().size();
    run = poll("feed", settings(), http, clock, run);
    CHECK(http.requests().size() == asked + 1);
    for (const auto& request : http.requests()) CHECK(request.url.starts_with("https://news.example/"));
  }
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with(server);
  auto limited = settings();
  limited.set("history_pages", {std::int64_t{2}, ""});
  const auto run = poll("feed", limited, http, clock);
  CHECK(run.ids.size() == 20);
  REQUIRE(run.gaps.size() == 1);
  CHECK(run.gaps[0].reason == "page_cap");
}

TEST_CASE("a feed that moved is followed, and falls back when the new place dies", "[connectors][feed]") {
  FakeHttpClient http;
  FakeClock clock(now);
  http.reply(301, "", {{"Location", "/new"}});
  http.reply(200, rss(1, 2));
  auto run = poll("feed", settings(), http, clock);
  CHECK(run.ids.size() == 2);
  CHECK(http.last().url == "https://news.example/new");
  http.reply(410, "");
  http.reply(200, rss(1, 3));
  run = poll("feed", settings(), http, clock, run);
  CHECK(http.last().url == "https://news.example/feed");
  CHECK(run.ids.size() == 3);
  http.reply(410, "");
  run = poll("feed", settings(), http, clock, run);
  REQUIRE(run.error);
  CHECK(run.error->kind == ErrorKind::gone);
}

TEST_CASE("the feed's own pace is honoured up to six hours", "[connectors][feed]") {
  FakeHttpClient http;
  FakeClock clock(now);
  auto connector = make_connector("feed", settings());
  const auto stream = connector->streams()[0];
  http.reply(200, "<rss><channel><ttl>90</ttl></channel></rss>", {{"Cache-Control", "public, max-age=60"}});
  CHECK(fetch_once(*connector, http, clock, stream, std::nullopt)->not_before ==
        now + std::chrono::minutes(90));
  http.reply(200, "<rss><channel/></rss>", {{"Cache-Control", "max-age=31536000"}});
  CHECK(fetch_once(*connector, http, clock, stream, std::nullopt)->not_before == now + std::chrono::hours(6));
  http.reply(200, "<rss><channel/></rss>");
  CHECK_FALSE(fetch_once(*connector, http, clock, stream, std::nullopt)->not_before);
  const auto asked = [&](std::vector<std::pair<std::string, std::string>> headers) {
    http.reply(200, "<rss><channel/></rss>", std::move(headers));
    const auto at = fetch_once(*connector, http, clock, stream, std::nullopt)->not_before;
    return at ? std::chrono::duration_cast<std::chrono::seconds>(*at - now).count() : -1;
  };
  const std::pair<std::string, std::string> date{"Date", "Mon, 13 Apr 2026 12:00:00 GMT"};
  CHECK(asked({{"Retry-After", "1800"}}) == 1'800);
  CHECK(asked({date, {"Retry-After", "Mon, 13 Apr 2026 13:00:00 GMT"}}) == 3'600);
  CHECK(asked({{"Retry-After", "1800"}, {"Cache-Control", "max-age=3600"}}) == 3'600);
  CHECK(asked({date, {"Expires", "Mon, 13 Apr 2026 12:45:00 GMT"}}) == 2'700);
  CHECK(asked({date, {"Expires", "Mon, 13 Apr 2026 12:45:00 GMT"}, {"Cache-Control", "max-age=60"}}) == 60);
  CHECK(asked({date, {"Expires", "Mon, 13 Apr 2026 12:45:00 GMT"}, {"Cache-Control", "no-cache"}}) == -1);
  CHECK(asked({date, {"Expires", "Thu, 01 Jan 1970 00:00:00 GMT"}}) == -1);
  CHECK(asked({{"Expires", "0"}}) == -1);
  CHECK(asked({date, {"Expires", "Mon, 13 Apr 2066 12:00:00 GMT"}}) == 6 * 3'600);
}

TEST_CASE("a feed of thousands keeps its checkpoint small", "[connectors][feed]") {
  FakeHttpClient http;
  FakeClock clock(now);
  http.reply(200, rss(1, 6000));
  const auto run = poll("feed", settings(), http, clock);
  CHECK(run.ids.size() == 6000);
  CHECK(run.cursor->json.size() < 64 * 1024);
}

TEST_CASE("a web page instead of a feed is told with the feed that it names", "[connectors][feed]") {
  using connectors::feed::feed_of_page;
  const std::string url = "https://news.example/blog/";
  const auto [head, feed] = GENERATE(table<std::string, std::string>({
      {R"(<link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml">)",
       "https://news.example/feed.xml"},
      {R"(<LINK TYPE='Application/Atom+XML' href=atom.xml REL=Alternate />)",
       "https://news.example/blog/atom.xml"},
      {R"(<link rel="alternate" type="application/feed+json" href="f?a=1&amp;b=2"/>)",
       "https://news.example/blog/f?a=1&b=2"},
      {R"(<link rel="stylesheet" href="a.css"><link rel="alternate" hreflang="de" href="/de/">)", ""},
      {R"(<link rel="alternate" type="application/rss+xml" href="">)", ""},
      {R"(<link rel = alternate type=application/rss+xml href = "x)", ""},
      {"<link", ""},
      {"<link = = \"'>", ""},
  }));
  CAPTURE(head);
  CHECK(feed_of_page("<!doctype html><html><head>" + head + "</head>", url).value_or("") == feed);
  const auto read = connectors::find_connector("feed")->parse(url, "<!DOCTYPE html><html><head>" + head, now);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::unreachable);
  CHECK((read.error().message.find("it names the feed") != std::string::npos) == !feed.empty());
}

TEST_CASE("what a feed gathered from elsewhere is its publisher's", "[connectors][feed]") {
  const auto page = parse(
      "<rss version=\"2.0\"><channel><item><guid>1</guid><title>Fernwave recalls hubs - The Herald</title>"
      "<source url=\"https://herald.example\">The  Herald</source></item>"
      "<item><guid>2</guid><title>b</title><author>ann@herald.example (Ann)</author>"
      "<source url=\"https://herald.example\">The Herald</source></item></channel></rss>");
  REQUIRE(page.mentions.size() == 2);
  CHECK(page.mentions[0].author.name == "The Herald");
  CHECK(page.mentions[0].author.id == "https://herald.example");
  CHECK(page.mentions[1].author.name == "Ann");
}
