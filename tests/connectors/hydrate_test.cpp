// Mentions asked for again: who was edited, who is gone, and who could only not be asked for.
#include <catch2/catch.hpp>

#include "connectors/declarative/platform.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::test;
using connectors::Hydrated;
using connectors::KeptMention;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);
const Timestamp then = now - std::chrono::hours(6);

connectors::Setting text(std::string value) { return {std::move(value), "t.toml:1:1"}; }
connectors::Setting list(std::vector<std::string> values) { return {std::move(values), "t.toml:1:1"}; }

KeptMention kept(std::int64_t id, std::string native_id, std::string extra = {}) {
  return {
      .id = MentionId{id}, .native_id = std::move(native_id), .extra = std::move(extra), .created_at = then};
}

struct Asking {
  std::unique_ptr<connectors::Connector> connector;
  FakeHttpClient http;
  FakeClock clock{now};

  Asking(std::string_view name, const connectors::Settings& settings)
      : connector(make_connector(name, settings)) {}
  Result<Hydrated> ask(std::vector<KeptMention> asked) {
    connectors::Context context{.http = http, .clock = clock};
    return run_coro(connector->hydrate(context, std::move(asked)));
  }
};

std::vector<std::int64_t> numbers(const std::vector<MentionId>& ids) {
  std::vector<std::int64_t> out;
  for (const auto id : ids) out.push_back(id.value);
  return out;
}

const std::string status_json =
    R"({"id":"7","uri":"https://far.example/7","url":"https://far.example/@a/7","content":"<p>EDITED</p>",
"created_at":"2026-04-13T06:24:17Z","edited_at":"2026-04-13T09:00:00Z","visibility":"VISIBLE","favourites_count":5,
"in_reply_to_id":"3","account":{"acct":"ann","url":"https://m.example/@ann","display_name":"Ann","suspended":SUSPENDED}})";

std::string status(std::string visibility = "public", std::string suspended = "false") {
  auto out = status_json;
  out.replace(out.find("VISIBLE"), 7, visibility);
  out.replace(out.find("SUSPENDED"), 9, suspended);
  return out;
}

}  // namespace

TEST_CASE("a Mastodon status is asked for by its number on that server", "[connectors][hydrate]") {
  Asking asking("mastodon", settings_of({{"base", text("https://m.example")}, {"tags", list({"a"})}}));
  CHECK(asking.connector->hydrate_batch() == 1);
  auto one = kept(1, "https://far.example/7", R"({"local_id":"https://m.example/statuses/7"})");
  one.in_reply_to = "https://far.example/3";
  asking.http.reply(200, status());
  const auto there = asking.ask({one});
  REQUIRE(there);
  CHECK(asking.http.last().url == "https://m.example/api/v1/statuses/7");
  REQUIRE(there->page.mentions.size() == 1);
  CHECK(there->gone.empty());
  const auto& mention = there->page.mentions.front();
  CHECK(mention.text == "EDITED");
  CHECK(mention.engagement.likes == 5);
  CHECK(mention.edited_at);
  CHECK(mention.created_at == then);                      // the identity stays
  CHECK(mention.in_reply_to == "https://far.example/3");  // known better before

  struct Row {
    int code;
    std::string body;
    bool gone;
    std::optional<ErrorKind> trouble;
  };
  const Row rows[] = {
      {404, R"({"error":"Record not found"})", true, {}},
      {410, "", true, {}},
      {200, status("private"), true, {}},
      {200, status("direct"), true, {}},
      {200, status("public", "true"), true, {}},  // the account was suspended
      {401, "{}", false, ErrorKind::unauthorized},
      {403, "{}", false, ErrorKind::forbidden},
      {429, "{}", false, ErrorKind::rate_limited},
      {502, "<html>", false, ErrorKind::unreachable},
      {200, "<html>down for maintenance</html>", false, ErrorKind::unreachable},
  };
  for (const auto& row : rows) {
    CAPTURE(row.code, row.body);
    asking.http.reply(row.code, row.body);
    const auto answer = asking.ask({one});
    CHECK(answer.has_value() == !row.trouble);
    if (answer)
      CHECK(numbers(answer->gone) == (row.gone ? std::vector<std::int64_t>{1} : std::vector<std::int64_t>{}));
    if (answer) CHECK(answer->page.mentions.empty());
    if (!answer) CHECK(answer.error().kind == row.trouble);
  }
  // Heard at another server: this one does not know its number, and nothing follows from that.
  const auto before = asking.http.requests().size();
  const auto foreign =
      asking.ask({kept(2, "https://far.example/9", R"({"local_id":"https://o.example/statuses/9"})")});
  REQUIRE(foreign);
  CHECK(foreign->gone.empty());
  CHECK(asking.http.requests().size() == before);
}

TEST_CASE("Bluesky posts are asked for twenty-five at a time; who is left out is gone",
          "[connectors][hydrate]") {
  Asking asking("bluesky", settings_of({{"queries", list({"a"})}}));
  CHECK(asking.connector->hydrate_batch() == 25);
  const std::string a = "at://did:plc:a/app.bsky.feed.post/3l3qo2vuowo2a",
                    b = "at://did:plc:b/app.bsky.feed.post/3l3qo2vuowo2b";
  asking.http.reply(
      200, R"({"posts":[{"uri":")" + a + R"(","cid":"c2","author":{"did":"did:plc:a","handle":"a.example"},
"record":{"text":"now better","createdAt":"2026-04-13T06:24:17Z"},"indexedAt":"2026-04-13T06:24:18Z","likeCount":3}]})");
  const auto answer = asking.ask({kept(1, a), kept(2, b)});
  REQUIRE(answer);
  CHECK(query_value(asking.http.last().url, "uris") == a);
  REQUIRE(answer->page.mentions.size() == 1);
  CHECK(answer->page.mentions[0].text == "now better");
  CHECK(numbers(answer->gone) == std::vector<std::int64_t>{2});

  // A post that cannot be read may be the one that is missing: nobody is called gone.
  asking.http.reply(200, R"({"posts":[{"cid":"broken"}]})");
  const auto broken = asking.ask({kept(1, a), kept(2, b)});
  REQUIRE(broken);
  CHECK(broken->gone.empty());
  CHECK(broken->page.bad_items.size() == 1);
  // It is there, though without a word that could be kept.
  asking.http.reply(200, R"({"posts":[{"uri":")" + a + R"(","author":{"did":"did:plc:a"},"record":{"text":"",
"createdAt":"2026-04-13T06:24:17Z"},"indexedAt":"2026-04-13T06:24:18Z"}]})");
  const auto wordless = asking.ask({kept(1, a)});
  REQUIRE(wordless);
  CHECK(wordless->gone.empty());
  asking.http.reply(400, R"({"error":"ExpiredToken","message":"Token has expired"})");
  CHECK(asking.ask({kept(1, a)}).error().kind == ErrorKind::unauthorized);
}

TEST_CASE("a Hacker News item is asked for where items are, however it was found", "[connectors][hydrate]") {
  Asking asking("hacker_news", settings_of({{"queries", list({"a"})}}));
  auto one = kept(1, "42");
  one.conversation = "40";
  asking.http.reply(
      200,
      R"({"id":42,"type":"comment","by":"ann","time":1776061457,"text":"better &amp; calmer","parent":41})");
  const auto there = asking.ask({one});
  REQUIRE(there);
  CHECK(asking.http.last().url == "https://hacker-news.firebaseio.com/v0/item/42.json");
  REQUIRE(there->page.mentions.size() == 1);
  CHECK(there->page.mentions[0].text == "better & calmer");
  CHECK(there->page.mentions[0].conversation == "40");
  for (const auto* body :
       {R"({"id":42,"type":"comment","deleted":true,"time":1776061457})",
        R"({"id":42,"type":"comment","dead":true,"by":"ann","time":1776061457,"text":"x"})", "null"}) {
    CAPTURE(body);
    asking.http.reply(200, body);
    const auto gone = asking.ask({one});
    REQUIRE(gone);
    CHECK(numbers(gone->gone) == std::vector<std::int64_t>{1});
  }
  // A search elsewhere is of other items than the official ones.
  const auto elsewhere = text("http://127.0.0.1:1/hn");
  CHECK(make_connector("hacker_news", settings_of({{"queries", list({"a"})}, {"base", elsewhere}}))
            ->hydrate_batch() == 0);
  const auto own = settings_of({{"queries", list({"a"})}, {"base", elsewhere}, {"items_base", elsewhere}});
  CHECK(make_connector("hacker_news", own)->hydrate_batch() == 1);
  const auto strange = asking.ask({kept(3, "../updates")});
  REQUIRE(strange);
  CHECK(strange->gone.empty());
}

TEST_CASE("declared platforms are asked as their files say", "[connectors][hydrate][declarative]") {
  struct Row {
    const char* platform;
    connectors::Settings settings;
    std::vector<std::string> ids;
    std::size_t batch;
    const char* url;
    std::string body;
    std::vector<std::int64_t> there, gone;
  };
  const auto key = text("k");
  const Row rows[] = {
      {"x",
       settings_of({{"queries", list({"a"})}, {"credential", key}, {"hydrate_paid", {true, "t"}}}),
       {"1801000000000000001", "1801000000000000002"},
       100,
       "https://api.x.com/2/tweets?",
       R"({"data":[{"id":"1801000000000000001","text":"hi"}],"errors":[{"resource_id":"1801000000000000002",
"title":"Not Found Error"}]})",
       {1},
       {2}},
      // Protected, or of a suspended account: the only one that was asked for.
      {"x",
       settings_of({{"queries", list({"a"})}, {"credential", key}, {"hydrate_paid", {true, "t"}}}),
       {"1801000000000000002"},
       100,
       "https://api.x.com/2/tweets?",
       R"({"errors":[{"resource_id":"1801000000000000002","title":"Authorization Error"}]})",
       {},
       {1}},
      {"reddit",
       settings_of({{"queries", list({"a"})}, {"credential", key}}),
       {"t3_a", "t1_b", "t1_c"},
       100,
       "https://oauth.reddit.com/api/info?id=t3_a%2Ct1_b%2Ct1_c&raw_json=1",
       R"({"kind":"Listing","data":{"children":[{"kind":"t3","data":{"name":"t3_a","title":"A","selftext":"edited","created_utc":1776061457.0}},
{"kind":"t1","data":{"name":"t1_b","body":"[deleted]","created_utc":1776061457.0}}]}})",
       {1},
       {2, 3}},
      {"youtube",
       settings_of({{"videos", list({"v"})}, {"credential", key}}),
       {"Ugx", "Ugx.r"},
       50,
       "https://www.googleapis.com/youtube/v3/comments?id=Ugx%2CUgx.r&",
       R"({"items":[{"id":"Ugx.r","snippet":{"textOriginal":"hm","publishedAt":"2026-04-13T06:24:17Z","parentId":"Ugx"}}]})",
       {2},
       {1}},
      {"stack_exchange",
       settings_of({{"queries", list({"a"})}}),
       {"stackoverflow:7", "stackoverflow:8"},
       100,
       "https://api.stackexchange.com/2.3/questions/7%3B8?",
       R"({"items":[{"question_id":8,"title":"t","body":"b","creation_date":1776061457}],"has_more":false})",
       {2},
       {1}},
      {"github",
       settings_of({{"repositories", list({"o/r"})}}),
       {"https://api.github.com/repos/o/r/issues/comments/5"},
       1,
       "https://api.github.com/repos/o/r/issues/comments/5",
       R"({"url":"https://api.github.com/repos/o/r/issues/comments/5","issue_url":"i","body":"x","created_at":"2026-04-13T06:24:17Z","user":{"login":"ann","id":4}})",
       {1},
       {}},
      {"discourse",
       settings_of({{"base", text("https://f.example")}}),
       {"https://f.example/p/9"},
       1,
       "https://f.example/posts/9.json",
       R"({"id":9,"cooked":"<p>x</p>","post_type":1,"post_number":2,"topic_id":3,"topic_slug":"s","username":"ann","created_at":"2026-04-13T06:24:17Z","hidden":true})",
       {},
       {1}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.platform, row.body);
    Asking asking(row.platform, row.settings);
    CHECK(asking.connector->hydrate_batch() == row.batch);
    std::vector<KeptMention> asked;
    for (const auto& id : row.ids) asked.push_back(kept(static_cast<std::int64_t>(asked.size()) + 1, id));
    asking.http.reply(200, row.body);
    const auto answer = asking.ask(asked);
    if (!answer) UNSCOPED_INFO(answer.error().message);
    REQUIRE(answer);
    CHECK(asking.http.last().url.starts_with(row.url));
    std::vector<std::int64_t> there;
    for (const auto& mention : answer->page.mentions)
      for (const auto& one : asked)
        if (one.native_id == mention.native_id) there.push_back(one.id.value);
    CHECK(there == row.there);
    CHECK(numbers(answer->gone) == row.gone);
    asking.http.reply(429, "{}", {{"Retry-After", "30"}});
    CHECK(asking.ask(asked).error().kind == ErrorKind::rate_limited);
  }
}

TEST_CASE("what is asked for one by one is gone by status; what is not ours is not asked for",
          "[connectors][hydrate][declarative]") {
  Asking asking("github", settings_of({{"repositories", list({"o/r"})}}));
  const auto one = kept(1, "https://api.github.com/repos/o/r/issues/5");
  for (const int code : {404, 410, 451}) {
    asking.http.reply(code, R"({"message":"Not Found"})");
    const auto gone = asking.ask({one});
    REQUIRE(gone);
    CHECK(numbers(gone->gone) == std::vector<std::int64_t>{1});
  }
  asking.http.reply(401, R"({"message":"Bad credentials"})");
  CHECK(asking.ask({one}).error().kind == ErrorKind::unauthorized);
  const auto before = asking.http.requests().size();
  for (const auto* id : {"https://elsewhere.example/repos/o/r/issues/5", "https://api.github.com/",
                         "https://api.github.com/../x"}) {
    const auto foreign = asking.ask({kept(1, id)});
    REQUIRE(foreign);
    CHECK(foreign->gone.empty());
  }
  CHECK(asking.http.requests().size() == before);
  // Readings that are paid for are made for those who want them.
  CHECK(make_connector("x", settings_of({{"queries", list({"a"})}, {"credential", text("k")}}))
            ->hydrate_batch() == 0);
}

TEST_CASE("mistakes in [hydrate] are named with their places", "[connectors][hydrate][declarative]") {
  const std::string head = R"(platform = "p"
summary = "s"
access = "a"
terms = "t"
base = "https://p.example"
[[stream]]
name = "all"
path = "/all"
[items]
at = "/items"
[fields]
native_id = "/id"
text = "/text"
created_at = "/at"
[hydrate]
)";
  const auto mistakes = [&](const std::string& more) {
    const auto read = connectors::declarative::read_platform(head + more, "p.toml");
    return read ? std::string() : read.error().message;
  };
  CHECK(mistakes("path = \"/one/{ids}\"\n").empty());
  CHECK(mistakes("path = \"/one\"\nquery = { id = \"{ids}\" }\nbatch = 20\nanswers = \"/errors\"\n").empty());
  CHECK(mistakes("path = \"/one\"\n").find("p.toml:15:1: hydrate: asks for nobody") != std::string::npos);
  CHECK(mistakes("path = \"/{ids}\"\nbatch = 0\n").find("p.toml:17:9: hydrate: ") != std::string::npos);
  CHECK(mistakes("path = \"/{ids}\"\nbatches = 3\n").find("p.toml:17:11: hydrate: unknown key `batches`") !=
        std::string::npos);
  CHECK(mistakes("path = \"/{ids}\"\nprefix = \"{nobody}\"\n").find("p.toml:17:10: hydrate: ") !=
        std::string::npos);
}
