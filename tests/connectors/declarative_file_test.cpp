// Files that are wrong, settings that do not fit, and the requests that the shipped files make.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "connectors/declarative/platform.hpp"
#include "connectors/json_fields.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using connectors::Setting;
using connectors::declarative::read_platform;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

Setting list(std::vector<std::string> values) { return {std::move(values), ""}; }
Setting text(const char* value) { return {std::string(value), ""}; }

struct Asked {
  net::HttpRequest request;
  Result<Page> page;
};

/// What a source of the platform asks first, and what it makes of the reply.
Asked ask(const char* platform, connectors::Settings settings, net::HttpReply reply,
          std::optional<Cursor> cursor = std::nullopt, const std::vector<Brand>& brands = {}) {
  const auto made = connectors::find_connector(platform)->make({"test", settings, brands});
  if (!made) throw std::runtime_error(made.error().message);
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest&) { return reply; });
  auto stream = (*made)->streams().at(0);
  auto page = fetch_once(**made, http, clock, stream, cursor);
  return {http.requests().empty() ? net::HttpRequest{} : http.last(), std::move(page)};
}

std::string mistakes_of(const char* platform, connectors::Settings settings) {
  const auto made = connectors::find_connector(platform)->make({"test", settings, {}});
  return made ? std::string() : made.error().message;
}

}  // namespace

TEST_CASE("every shipped file is right, and is the platform that it is named after",
          "[connectors][declarative]") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(EARSHOT_SOURCE_DIR "/config/connectors")) {
    std::ifstream file(entry.path());
    std::stringstream bytes;
    bytes << file.rdbuf();
    const auto platform = read_platform(bytes.str(), entry.path().filename());
    INFO((platform ? std::string() : platform.error().message));
    REQUIRE(platform);
    CHECK(platform->name == entry.path().stem());
    CHECK(platform->terms.size() > 20);
    ++files;
  }
  CHECK(files >= 12);
}

TEST_CASE("every mistake of a file is named with its place", "[connectors][declarative]") {
  const auto read = read_platform(R"(platform = "Toy"
sumary = "s"
access = "a"
terms = ""
base = "https://{hots}.example"
[settings]
tags = { kind = "lst" }
each = { kind = "text" }
[items]
at = "items"
skip = { at = "/a", in = ["1"], not_in = ["2"] }
[cursor]
kind = "descending"
overlap = "5 minutes"
[page]
kind = "token"
[[join]]
name = "author"
in = "/users"
at = "/author_id"
[[error]]
when = "/error"
kind = "rate_limit"
[fields]
native_id = "autor:/id"
txt = "/text"
author = { handl = "/name" }
url = "https://a.example/{/id"
title = { at = "/a", text = "b", as = "htlm" }
created_at = []
[[stream]]
name = "all:of"
path = "list"
each = "tag"
body = { a = 2026-01-01 }
)",
                                  "toy.toml");
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::invalid);
  const auto& message = read.error().message;
  INFO(message);
  for (const char* wanted :
       {"toy.toml:1:12: `platform` is made of a-z",
        "toy.toml:2:10: unknown key `sumary`; did you mean `summary`?",
        "`summary` is missing",
        "toy.toml:4:9: `terms` must not be empty",
        "toy.toml:5:8: `{hots}` is no setting",
        "toy.toml:7:17: settings.tags: `kind` cannot be `lst`; did you mean `list`?",
        "toy.toml:8:8: settings.each: the name `each` has a meaning of its own",
        "toy.toml:10:6: items: `items`: a pointer begins with '/'",
        "toy.toml:11:8: items: a condition has one of `present`",
        "toy.toml:13:8: cursor: `kind` cannot be `descending`; did you mean `descending_id`?",
        "toy.toml:14:11: cursor: `overlap` must be a duration",
        "page: `at` is missing",
        "toy.toml:19:6: join: `in` must start from the page",
        "toy.toml:23:8: error: `rate_limit` is no kind of trouble; did you mean `rate_limited`?",
        "toy.toml:25:13: fields: `autor:/id` starts from `autor`, which is not there; did you mean `author`?",
        "toy.toml:26:7: fields: unknown key `txt`; did you mean `text`?",
        "toy.toml:27:20: fields.author: unknown key `handl`; did you mean `handle`?",
        "toy.toml:28:7: fields: `https://a.example/{/id`: a '{' is not closed",
        "toy.toml:29:9: fields: a value has one of",
        "`as` cannot be `htlm`; did you mean `html`?",
        "toy.toml:30:14: fields: is an empty list",
        "toy.toml:32:8: stream: `name` holds no ':'",
        "toy.toml:33:8: stream: `path` begins with '/'",
        "stream: `each` must name a setting that is a list",
        "a date cannot stand in a body",
        "`body` goes with method"})
    CHECK(message.find(wanted) != std::string::npos);
}

TEST_CASE("what is no TOML is told where it breaks", "[connectors][declarative]") {
  for (const char* bad : {"[[[", "platform = ", "a = 1\na = 2", "\xFF\xFE", ""}) {
    const auto read = read_platform(bad, "toy.toml");
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::invalid);
    CHECK(read.error().message.starts_with("toy.toml:"));
  }
}

TEST_CASE("a source's settings are checked against those the file declares", "[connectors][declarative]") {
  const auto wrong = mistakes_of("x", settings_of({{"quries", list({"a"})}, {"credential", text("k")}}));
  CHECK(wrong.find("`quries`; did you mean `queries`?") != std::string::npos);
  CHECK(wrong.find("is missing: name `queries` or `users`") != std::string::npos);
  CHECK(mistakes_of("x", settings_of({{"queries", list({"a"})}})).find("`credential` is missing") !=
        std::string::npos);
  CHECK(mistakes_of("discourse", {}).find("`base` is missing: the address") != std::string::npos);
  CHECK(mistakes_of("zendesk", settings_of({{"credential", text("k")}, {"email", text("a@b.example")}}))
            .find("give the settings in `https://{subdomain}.zendesk.com/api/v2`") != std::string::npos);
  CHECK(mistakes_of("zendesk", settings_of({{"credential", text("k")}, {"subdomain", text("a/b@c")}}))
            .find("`subdomain` must be made of letters") != std::string::npos);
  CHECK(mistakes_of("reddit", settings_of({{"subreddits", list({"a\r\nX: y"})}, {"credential", text("k")}}))
            .find("must not hold line breaks") != std::string::npos);
  CHECK(
      mistakes_of("declarative", settings_of({{"file", text("/nowhere/toy.toml")}})).find("cannot be read") !=
      std::string::npos);
  CHECK(mistakes_of("declarative", settings_of({{"file", text("/tmp")}})).find("cannot be read") !=
        std::string::npos);
}

TEST_CASE("a file of one's own lies beside the configuration", "[connectors][declarative]") {
  TempDir folder;
  std::ofstream(folder.file("toy.toml")) << "platform = \"toy\"\nsummary = \"s\"\n";
  const auto mistakes = mistakes_of(
      "declarative", settings_of({{"file", {std::string("toy.toml"), folder.file("earshot.toml:3:8")}}}));
  CHECK(mistakes.find(folder.file("toy.toml") + ":") != std::string::npos);
  CHECK(mistakes.find("`terms` is missing") != std::string::npos);
}

TEST_CASE("brands are listened for where a source names nothing", "[connectors][declarative]") {
  Brand brand;
  brand.name = "Fern Wave";
  const auto empty = make_reply(200, R"({"meta":{"result_count":0}})");
  const auto asked = ask("x", settings_of({{"credential", text("k")}}), empty, std::nullopt, {brand});
  CHECK(query_value(asked.request.url, "query") == "\"Fern Wave\"");
  CHECK_FALSE(query_value(asked.request.url, "since_id"));
  REQUIRE(asked.page);
  CHECK(asked.page->mentions.empty());
  CHECK_FALSE(asked.page->more);
}

TEST_CASE("requests are worded and credentials put as each platform wants", "[connectors][declarative]") {
  using Form = net::CredentialForm;
  const auto reply = make_reply(200, "{}");
  const auto credential = std::pair<std::string, Setting>("credential", text("key"));
  const auto reddit =
      ask("reddit", settings_of({{"subreddits", list({"wifi+iot"})}, credential}), reply).request;
  CHECK(reddit.url.starts_with("https://oauth.reddit.com/r/wifi%2Biot/new?"));
  CHECK(query_value(reddit.url, "raw_json") == "1");
  CHECK(reddit.credential == "key");
  CHECK(reddit.credential_form == Form{});

  const auto github = ask("github", settings_of({{"repositories", list({"fern/router"})}}), reply).request;
  CHECK(github.url.starts_with("https://api.github.com/repos/fern/router/issues?"));
  CHECK(query_value(github.url, "since") == "2026-04-06T12:24:17Z");
  CHECK(github.headers.find("Accept") == std::optional<std::string_view>("application/vnd.github+json"));
  CHECK(github.credential.empty());

  const auto discourse =
      ask("discourse",
          settings_of({{"base", text("https://f.example/sub/")}, {"username", text("ann")}, credential}),
          reply)
          .request;
  CHECK(discourse.url == "https://f.example/sub/posts.json");
  CHECK(discourse.headers.find("Api-Username") == std::optional<std::string_view>("ann"));
  CHECK(discourse.credential_form.header == "Api-Key");
  CHECK(discourse.credential_form.before.empty());

  const auto zendesk =
      ask("zendesk", settings_of({{"subdomain", text("fern")}, {"email", text("a@b.example")}, credential}),
          reply)
          .request;
  CHECK(zendesk.url.starts_with("https://fern.zendesk.com/api/v2/incremental/tickets/cursor.json?"));
  CHECK(query_value(zendesk.url, "start_time") == "1775478257");
  CHECK(zendesk.credential_form.kind == Form::Kind::basic);
  CHECK(zendesk.credential_form.before == "a@b.example/token:");

  const auto telegram = ask("telegram", settings_of({credential}), reply).request;
  CHECK(telegram.url.find("/bot" + std::string(net::credential_mark) + "/getUpdates?") != std::string::npos);
  CHECK(telegram.credential_form.kind == Form::Kind::url);

  const auto discord = ask("discord", settings_of({{"channels", list({"29"})}, credential}), reply).request;
  CHECK(discord.credential_form.before == "Bot ");
  const auto after = std::stoll(query_value(discord.url, "after").value_or("0"));
  CHECK((after >> 22) + 1'420'070'400'000 == to_ms(now) - 7LL * 86'400'000);

  const auto stack = ask("stack_exchange", settings_of({{"queries", list({"a b"})}}), reply).request;
  CHECK_FALSE(query_value(stack.url, "key"));
  CHECK(query_value(stack.url, "page") == "1");

  const auto intercom = ask("intercom", settings_of({credential}), reply).request;
  CHECK(intercom.method == "POST");
  CHECK(
      intercom.body ==
      R"({"pagination":{"per_page":150},"query":{"operator":"AND","value":[{"field":"updated_at","operator":">","value":1775478257}]},"sort":{"field":"updated_at","order":"ascending"}})");

  const auto app =
      ask("app_store", settings_of({{"apps", list({"284"})}, {"country", text("de")}}), reply).request;
  CHECK(app.url == "https://itunes.apple.com/de/rss/customerreviews/page=1/id=284/sortBy=mostRecent/json");
}

TEST_CASE("errors inside a good reply, and the exact word inside a bad one", "[connectors][declarative]") {
  struct Row {
    const char* platform;
    int status;
    const char* body;
    const char* kind;
    std::int64_t wait_ms;
  };
  const Row rows[] = {
      {"slack", 200, R"({"ok":false,"error":"ratelimited"})", "rate_limited", -1},
      {"slack", 200, R"({"ok":false,"error":"invalid_auth"})", "unauthorized", -1},
      {"slack", 200, R"({"ok":false,"error":"something new"})", "bad_request", -1},
      {"telegram", 429,
       R"({"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":7}})",
       "rate_limited", 7'000},
      {"facebook", 400, R"({"error":{"message":"token","code":190}})", "unauthorized", -1},
      {"facebook", 400, R"({"error":{"message":"gone","code":100,"error_subcode":33}})", "gone", -1},
      {"facebook", 400, R"({"error":{"message":"(#100) Pages Public Content Access","code":100}})",
       "bad_request", -1},
      {"facebook", 400, R"({"error":{"message":"slow","code":4}})", "rate_limited", -1},
      {"youtube", 403, R"({"error":{"code":403,"message":"q","errors":[{"reason":"quotaExceeded"}]}})",
       "rate_limited", 3'600'000},
      {"youtube", 403, R"({"error":{"code":403,"message":"c","errors":[{"reason":"commentsDisabled"}]}})",
       "gone", -1},
      {"discord", 202, R"({"message":"Index not yet available","code":110000,"retry_after":2.5})",
       "rate_limited", 2'500},
      {"discord", 429, R"({"message":"limited","retry_after":0.3,"global":false})", "rate_limited", 300},
      {"discord", 403, R"({"message":"Missing Access","code":50001})", "forbidden", -1},
      {"stack_exchange", 400, R"({"error_id":502,"error_name":"throttle_violation","error_message":"slow"})",
       "rate_limited", -1},
      {"x", 429, "Rate limit exceeded", "rate_limited", -1},
      {"x", 400,
       R"({"errors":[{"parameters":{"since_id":["1"]},"message":"'since_id' must be newer"}],"title":"Invalid Request"})",
       "cursor_invalid", -1},
      {"x", 403,
       R"({"title":"UsageCapExceeded","detail":"cap","type":"https://api.twitter.com/2/problems/usage-capped","status":403})",
       "rate_limited", -1},
      {"x", 200, R"({"errors":[{"title":"Not Found Error","detail":"no such user"}]})", "gone", -1},
      {"github", 200, R"({"incomplete_results":true,"items":[]})", "unreachable", -1},
      {"github", 503, "<html>unicorn</html>", "unreachable", -1},
      {"yelp", 404, R"({"error":{"code":"BUSINESS_NOT_FOUND","description":"no"}})", "gone", -1},
      {"reddit", 200, R"({"kind":"Listing"})", "malformed", -1},
      {"reddit", 403, R"({"reason":"private","message":"Forbidden","error":403})", "forbidden", -1},
      {"reddit", 200, R"({"kind":"Listing","data":{"children":[{"kind":"t5","data":{"name":"t5_x"}}]}})",
       "gone", -1},
      {"zendesk", 200, R"({"users":[]})", "malformed", -1},
  };
  for (const auto& row : rows) {
    CAPTURE(row.platform, row.body);
    auto settings = settings_of({});
    const auto name = std::string(row.platform);
    if (name != "stack_exchange" && name != "github") settings.set("credential", text("k"));
    for (const auto& key : name == "slack" || name == "discord"      ? std::vector<std::string>{"channels"}
                           : name == "facebook"                      ? std::vector<std::string>{"pages"}
                           : name == "youtube"                       ? std::vector<std::string>{"videos"}
                           : name == "yelp"                          ? std::vector<std::string>{"businesses"}
                           : name == "telegram" || name == "zendesk" ? std::vector<std::string>{}
                                                                     : std::vector<std::string>{"queries"})
      settings.set(key, list({"1"}));
    if (name == "zendesk") settings.set("base", text("https://z.example/api/v2"));
    if (name == "zendesk") settings.set("email", text("a@b.example"));
    const auto asked = ask(row.platform, settings, make_reply(row.status, row.body));
    REQUIRE_FALSE(asked.page);
    INFO(asked.page.error().message);
    CHECK(to_string(asked.page.error().kind) == row.kind);
    CHECK((asked.page.error().retry_after ? asked.page.error().retry_after->count() : -1) == row.wait_ms);
  }
}

TEST_CASE("a file's budget is known, and a wait inside a good reply puts off the next poll",
          "[connectors][declarative]") {
  const auto settings = settings_of({{"queries", list({"a", "b"})}});
  CHECK(make_connector("stack_exchange", settings)->budget() ==
        connectors::RequestBudget{.requests = 300, .per = std::chrono::hours(24)});
  const auto page = ask("stack_exchange", settings, make_reply(200, R"({"items":[],"has_more":false})")).page;
  REQUIRE(page);
  CHECK_FALSE(page->not_before);
  const auto told =
      ask("stack_exchange", settings, make_reply(200, R"({"items":[],"has_more":false,"backoff":4000})"))
          .page;
  REQUIRE(told);
  CHECK(told->not_before == now + std::chrono::seconds(4000));
}

TEST_CASE("forum pages of deleted numbers are not the end of the walk", "[connectors][declarative]") {
  const std::vector<std::int64_t> ids = {500, 499, 380, 379,
                                         200};  // between them nothing that the public sees
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest& request) {
    const auto before = std::stoll(query_value(request.url, "before").value_or("500"));
    JsonWriter out;
    out.begin_object().key("latest_posts").begin_array();
    for (const auto id : ids)
      if (id <= before && id > before - 50)
        out.begin_object()
            .field("id", id)
            .field("cooked", "<p>x</p>")
            .field("username", "ann")
            .field("created_at", "2026-04-12T10:00:00Z")
            .end_object();
    return make_reply(200, out.end_array().end_object().str());
  });
  const auto settings = settings_of({{"base", text("https://f.example")}});
  const auto run = poll("discourse", settings, http, clock);
  REQUIRE_FALSE(run.error);
  CHECK(run.ids.size() == ids.size());
  const auto requests = http.requests().size();
  const auto again = poll("discourse", settings, http, clock, run);
  CHECK(http.requests().size() == requests + 1);
}

TEST_CASE("a single review comes as an object, and none as an empty feed", "[connectors][declarative]") {
  const auto settings = settings_of({{"apps", list({"284"})}});
  const auto one = ask("app_store", settings, make_reply(200, R"({"feed":{"entry":{"im:rating":{"label":"4"},
    "id":{"label":"9"},"content":{"label":"Fine"},"author":{"name":{"label":"ann"}}}}})"));
  REQUIRE(one.page);
  REQUIRE(one.page->mentions.size() == 1);
  CHECK(one.page->mentions[0].created_at == now);
  const auto ended = ask("app_store", settings, make_reply(200, R"({"feed":{}})"), one.page->cursor);
  REQUIRE(ended.page);
  CHECK_FALSE(ended.page->more);
  // Undated and seen before: its first date must not move.
  const auto again =
      ask("app_store", settings, make_reply(200, R"({"feed":{"entry":{"im:rating":{"label":"4"},
    "id":{"label":"9"},"content":{"label":"Fine"}}}})"),
          ended.page->cursor);
  REQUIRE(again.page);
  CHECK(again.page->mentions.empty());
  CHECK_FALSE(again.page->more);
  const auto none = ask("app_store", settings, make_reply(200, R"({"feed":{"author":{}}})"));
  REQUIRE(none.page);
  CHECK(none.page->mentions.empty());
}

TEST_CASE("a recorded reply shows what each pointer found", "[connectors][declarative]") {
  const auto made = connectors::find_connector("x")->make(
      {"test", settings_of({{"queries", list({"a"})}, {"credential", text("k")}}), {}});
  REQUIRE(made);
  const auto reading =
      (*made)->read_recorded("https://api.x.com/2/tweets/search/recent",
                             R"({"data":[{"id":"1801000000000000002","text":"hello"}]})", now);
  REQUIRE(reading);
  REQUIRE(reading->page);
  CHECK(reading->page->mentions.size() == 1);
  const auto has = [&](std::string_view line) {
    return std::ranges::find(reading->findings, line) != reading->findings.end();
  };
  CHECK(has("read as stream `search`"));
  CHECK(has("item 0: native_id  /id  \"1801000000000000002\""));
  CHECK(has("item 0: url  https://x.com/i/status/{/id}  \"https://x.com/i/status/1801000000000000002\""));
  CHECK(has("item 0: author.handle  "));
}

TEST_CASE("GitHub's discussions are asked for by GraphQL, page by page", "[connectors][declarative]") {
  const Setting yes{true, ""};
  const auto connector = make_connector(
      "github",
      settings_of({{"queries", list({"\"fern wave\""})}, {"discussions", yes}, {"credential", text("k")}}));
  const auto streams = connector->streams();
  const auto stream = std::ranges::find(streams, "discussions:\"fern wave\"", &connectors::Stream::name);
  REQUIRE(stream != streams.end());
  FakeHttpClient http;
  FakeClock clock(now);
  http.reply(200, R"({"data":{"search":{"pageInfo":{"hasNextPage":true,"endCursor":"Y3Vyc29yOjE="},"nodes":[
    {"url":"https://github.com/a/b/discussions/1","title":"t","body":"fern wave","createdAt":"2026-04-13T09:00:00Z",
     "updatedAt":"2026-04-13T10:00:00Z","comments":{"totalCount":0,"nodes":[]}}]}}})");
  const auto first = fetch_once(*connector, http, clock, *stream, std::nullopt);
  REQUIRE(first);
  CHECK(http.last().method == "POST");
  CHECK(http.last().url == "https://api.github.com/graphql");
  const auto asked = connectors::parse_json(http.last().body);
  REQUIRE(asked);
  CHECK(asked->root()["query"].text().starts_with("query($q:String!,$after:String){search(type:DISCUSSION,"));
  CHECK(asked->root()["variables"]["q"].text() ==
        "\"fern wave\" in:title,body,comments updated:>=2026-04-06T12:24:17Z sort:updated-asc");
  CHECK(asked->root()["variables"]["after"].text().empty());
  CHECK(first->mentions.size() == 1);
  CHECK(first->more);
  http.reply(200, R"({"data":{"search":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[]}}})");
  const auto second = fetch_once(*connector, http, clock, *stream, first->cursor);
  REQUIRE(second);
  const auto further = connectors::parse_json(http.last().body);
  CHECK(further->root()["variables"]["after"].text() == "Y3Vyc29yOjE=");
  CHECK_FALSE(second->more);
  http.reply(200, R"({"data":null,"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]})");
  const auto refused = fetch_once(*connector, http, clock, *stream, second->cursor);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::rate_limited);
}

TEST_CASE("a Discord bot names itself as Discord wants, where it has an address",
          "[connectors][declarative]") {
  auto settings = settings_of({{"channels", list({"1"})}, {"credential", text("key")}});
  CHECK_FALSE(ask("discord", settings, make_reply(200, "[]")).request.headers.find("User-Agent"));
  settings.set("bot_url", text("https://fernwave.example/bot"));
  CHECK(ask("discord", settings, make_reply(200, "[]")).request.headers.find("User-Agent") ==
        "DiscordBot (https://fernwave.example/bot, 0.1)");
}
