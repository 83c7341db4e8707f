// Requests that go before others: when they are made, what becomes of their replies, and what a file with a
// mistake in them is told.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "connectors/declarative/declarative.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::test;
using namespace earshot::connectors::declarative;
using connectors::Setting;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

std::string documented_sample() {
  std::ifstream file(EARSHOT_SOURCE_DIR "/docs/connectors/declarative.md");
  std::stringstream text;
  text << file.rdbuf();
  const auto page = text.str();
  const auto begin = page.find("```toml\n# platform: a shop");
  REQUIRE(begin != std::string::npos);
  return page.substr(begin + 8, page.find("```", begin + 8) - begin - 8);
}

/// The shop of the documentation: sessions end when it says so.
struct Shop {
  int logins = 0, finds = 0, pages = 0;
  std::string session;  ///< the one that is good
  bool has_session_in_reply = true;

  net::HttpReply operator()(const net::HttpRequest& request) {
    const auto path = parse_url(request.url)->path;
    if (path == "/session") {
      CHECK(request.method == "POST");
      CHECK(request.body == R"({"scope":"reviews"})");
      CHECK(request.credential == "shop");
      CHECK(request.carries_secret);
      session = "s" + std::to_string(++logins);
      return make_reply(200, has_session_in_reply
                                 ? R"({"session":{"id":")" + session + R"("},"expires_in":100})"
                                 : R"({"session":{}})");
    }
    CHECK(request.carries_secret);
    if (request.headers.find("X-Session") != std::string_view(session)) return make_reply(401, "{}");
    CHECK(request.credential == (path == "/find" ? "shop" : ""));
    if (path == "/find") {
      ++finds;
      return make_reply(200,
                        R"({"hits":[{"id":"id-)" + query_value(request.url, "name").value_or("") + R"("}]})");
    }
    ++pages;
    return make_reply(200, R"({"reviews":[{"id":")" + path + R"(","text":"Fernwave","at":1776083000}]})");
  }
};

struct Bench {
  Shop shop;
  FakeHttpClient http;
  FakeClock clock{now};
  std::unique_ptr<connectors::Connector> connector;

  explicit Bench(const std::string& file) {
    auto platform = read_platform(file, "shop.toml");
    INFO((platform ? std::string() : platform.error().message));
    REQUIRE(platform);
    const auto settings = settings_of({{"products", {std::vector<std::string>{"hub", "play"}, ""}},
                                       {"credential", {std::string("shop"), ""}}});
    connector = *make_source(std::make_shared<const Platform>(std::move(*platform)), {"test", settings, {}});
    http.respond_with([this](const net::HttpRequest& request) { return shop(request); });
  }
  Result<Page> fetch(std::size_t stream) {
    return fetch_once(*connector, http, clock, connector->streams().at(stream), std::nullopt);
  }
};

}  // namespace

TEST_CASE("a step is made once for as long as it is good, and once for each value of its list",
          "[connectors][declarative][steps]") {
  Bench bench(documented_sample());
  auto page = bench.fetch(0);
  REQUIRE(page);
  REQUIRE(page->mentions.size() == 1);
  CHECK(page->mentions.front().native_id == "/products/id-hub/reviews");
  REQUIRE(bench.fetch(0));
  CHECK(bench.shop.logins == 1);
  CHECK(bench.shop.finds == 1);
  REQUIRE(bench.fetch(1));
  CHECK(bench.shop.logins == 1);
  CHECK(bench.shop.finds == 2);
  bench.clock.advance(std::chrono::seconds(91));  // nine tenths of what the reply said
  REQUIRE(bench.fetch(1));
  CHECK(bench.shop.logins == 2);
  CHECK(bench.shop.finds == 2);
  // Nothing of it is in the cursor, which goes into the database.
  CHECK(page->cursor->json.find("s1") == std::string::npos);
}

TEST_CASE("a session that ended before its time is made anew, once", "[connectors][declarative][steps]") {
  Bench bench(documented_sample());
  REQUIRE(bench.fetch(0));
  bench.shop.session = "revoked";
  REQUIRE(bench.fetch(0));
  CHECK(bench.shop.logins == 2);
  // Where that does not help either, it is trouble and not a loop.
  bench.http.respond_with([&](const net::HttpRequest& request) {
    return parse_url(request.url)->path == "/session" ? bench.shop(request) : make_reply(401, "{}");
  });
  const auto asked = bench.http.requests().size();
  const auto refused = bench.fetch(0);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::unauthorized);
  CHECK(bench.http.requests().size() - asked <= 4);
}

TEST_CASE("a step that fails is the trouble of its stream", "[connectors][declarative][steps]") {
  Bench bench(documented_sample());
  bench.shop.has_session_in_reply = false;
  auto page = bench.fetch(0);
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::malformed);
  CHECK(page.error().message == "step login: its reply has no `session`");
  for (const auto& [status, kind] : std::vector<std::pair<int, ErrorKind>>{{401, ErrorKind::unauthorized},
                                                                           {503, ErrorKind::unreachable}}) {
    bench.http.respond_with([status = status](const net::HttpRequest&) { return make_reply(status, "{}"); });
    page = bench.fetch(0);
    REQUIRE_FALSE(page);
    CHECK(page.error().kind == kind);
    CHECK(page.error().message.starts_with("step login: "));
  }
  // What would break out of a header is no value.
  bench.http.respond_with([](const net::HttpRequest&) {
    return make_reply(200, R"({"session":{"id":"a\r\nX-Evil: 1"},"expires_in":9})");
  });
  page = bench.fetch(0);
  REQUIRE_FALSE(page);
  CHECK(page.error().message == "step login: its reply has no `session` that could be used");
}

TEST_CASE("every mistake in a step is named with its place", "[connectors][declarative][steps]") {
  const auto read = read_platform(R"(platform = "toy"
summary = "s"
access = "a"
terms = "t"
base = "https://toy.example"
[credential]
as = "bearer"
for = "stepps"
[settings]
tags = { kind = "list" }
[[step]]
name = "login"
pth = "/x"
path = "x"
lasts = "soon"
values = { tags = "/t", token = "token", "Bad Name" = "/b" }
[[step]]
name = "login"
path = "/{tokn}"
each = "tag"
[[step]]
name = "find"
path = "/find"
each = "tags"
values = { found = "pge:/id" }
[[stream]]
name = "all"
path = "/{found}"
[items]
at = ""
[fields]
native_id = "/id"
text = "/{tken}"
created_at = "/at"
)",
                                  "toy.toml");
  REQUIRE_FALSE(read);
  const auto& message = read.error().message;
  INFO(message);
  for (const char* wanted :
       {"toy.toml:8:7: credential: `for` cannot be `stepps`; did you mean `steps`?",
        "toy.toml:13:7: step: unknown key `pth`; did you mean `path`?",
        "toy.toml:14:8: step: `path` begins with '/'", "toy.toml:15:9: step: `lasts` must be a duration",
        "toy.toml:16:19: step: the name `tags` is taken", "toy.toml:16:33: step: `token`: a pointer begins",
        "the name `Bad Name` is taken, or not made of", "toy.toml:18:8: step: `name` `login` is used twice",
        "toy.toml:19:8: step: `{tokn}` is no setting; did you mean `token`?",
        "toy.toml:20:8: step: `each` must name a setting that is a list; did you mean `tags`?",
        "step: `values` is missing",
        "toy.toml:25:20: step: `pge:/id` starts from `pge`, which is not there; did you mean `page`?",
        // Made once for each tag, and so not there for a stream without tags.
        "toy.toml:28:8: stream: `{found}` is no setting"})
    CHECK(message.find(wanted) != std::string::npos);
}

TEST_CASE("shipped files that look ids up ask for them first", "[connectors][declarative][steps]") {
  FakeHttpClient http;
  FakeClock clock(now);
  http.reply(200, R"({"id":"46d6a890000064000500e0c3"})");
  http.reply(200, R"({"reviews":[]})");
  const auto connector = make_connector(
      "trustpilot", settings_of({{"domains", {std::vector<std::string>{"fernwave.example"}, ""}},
                                 {"credential", {std::string("key"), ""}}}));
  REQUIRE(fetch_once(*connector, http, clock, connector->streams().at(0), std::nullopt));
  REQUIRE(http.requests().size() == 2);
  CHECK(http.requests()[0].url == "https://api.trustpilot.com/v1/business-units/find?name=fernwave.example");
  CHECK(http.requests()[0].credential == "key");
  CHECK(http.requests()[1].url.starts_with(
      "https://api.trustpilot.com/v1/business-units/46d6a890000064000500e0c3/reviews?"));
  CHECK(http.requests()[1].credential == "key");
}
