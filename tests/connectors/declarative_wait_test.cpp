// What a platform asks to wait holds for everything that is asked of it, whichever stream heard so.
#include <catch2/catch.hpp>

#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::test;
using connectors::Setting;
using std::chrono::milliseconds;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

Setting list(const char* value) { return {std::vector<std::string>{value}, ""}; }

struct Row {
  const char* platform;
  int status;
  std::vector<std::pair<std::string, std::string>> headers;
  const char* body;
  std::int64_t held_ms;  ///< -1: nobody is held back
};

connectors::Settings settings_for(std::string_view platform) {
  auto settings = settings_of({{platform == "facebook" ? "pages" : "queries", list("acme")}});
  if (platform == "facebook") settings.set("credential", {std::string("key"), ""});
  return settings;
}

}  // namespace

TEST_CASE("what a platform asks to wait holds back all that is asked of it", "[connectors][declarative]") {
  const char* usage =
      R"({"17":[{"type":"pages","call_count":100,"total_cputime":3,"total_time":4,"estimated_time_to_regain_access":15}]})";
  const Row rows[] = {
      {"stack_exchange",
       400,
       {},
       R"({"error_id":502,"error_name":"throttle_violation","error_message":"too many requests from this IP, more requests available in 81 seconds"})",
       81'000},
      {"stack_exchange", 400, {}, R"({"error_id":502,"error_name":"throttle_violation"})", 30'000},
      {"stack_exchange", 200, {}, R"({"items":[],"has_more":false,"backoff":30})", 30'000},
      {"stack_exchange", 200, {}, R"({"items":[],"has_more":false})", -1},
      {"facebook",
       400,
       {{"X-Business-Use-Case-Usage", usage}},
       R"({"error":{"message":"(#80001) There have been too many calls","code":80001}})",
       900'000},
      {"facebook", 400, {}, R"({"error":{"message":"slow","code":4}})", 30'000},
      {"facebook", 400, {}, R"({"error":{"message":"token","code":190}})", -1},
      {"github",
       403,
       {{"Retry-After", "60"}},
       R"({"message":"You have exceeded a secondary rate limit. Please wait."})",
       60'000},
      {"github", 403, {}, R"({"message":"You have exceeded a secondary rate limit. Please wait."})", 30'000},
      {"github", 403, {}, R"({"message":"Must have admin rights"})", -1},
  };
  for (const auto& row : rows) {
    CAPTURE(row.platform, row.status, row.body);
    const auto settings = settings_for(row.platform);
    FakeHttpClient http;
    FakeClock clock(now);
    http.respond_with([&](const net::HttpRequest&) { return make_reply(row.status, row.body, row.headers); });
    const auto connector = make_connector(row.platform, settings);
    const auto stream = connector->streams().at(0);
    const auto page = fetch_once(*connector, http, clock, stream, std::nullopt);
    CHECK(page.has_value() == (row.status == 200));
    if (row.held_ms < 0) {
      CHECK(http.holds().empty());
      continue;
    }
    REQUIRE(http.holds().size() == 1);
    CHECK(http.requests().at(0).url.starts_with(http.holds()[0].first + "/"));
    CHECK(http.holds()[0].second == milliseconds(row.held_ms));
  }
}

TEST_CASE("a platform is not polled earlier than its X-Poll-Interval", "[connectors][declarative]") {
  FakeHttpClient http;
  FakeClock clock(now);
  const auto connector = make_connector("github", settings_for("github"));
  const auto stream = connector->streams().at(0);
  bool more = false;
  http.respond_with([&](const net::HttpRequest& request) {
    auto reply = make_reply(
        200,
        R"({"items":[{"url":"https://api.github.com/repos/a/b/issues/1","title":"acme","updated_at":"2026-04-13T08:00:00Z","created_at":"2026-04-13T08:00:00Z"}]})",
        {{"X-Poll-Interval", "60"}});
    if (more) reply.headers.add("Link", "<" + request.url + "&page=2>; rel=\"next\"");
    return reply;
  });
  auto page = fetch_once(*connector, http, clock, stream, std::nullopt);
  REQUIRE(page);
  CHECK(page->not_before == now + std::chrono::seconds(60));
  more = true;  // between the pages of one walk nobody waits so long
  page = fetch_once(*connector, http, clock, stream, std::nullopt);
  REQUIRE(page);
  CHECK(page->more);
  CHECK_FALSE(page->not_before);
}

TEST_CASE("a subreddit that does not exist is told by name, and not heard as a quiet one",
          "[connectors][declarative]") {
  const auto settings = settings_of({{"subreddits", list("qzxv")},
                                     {"queries", {std::vector<std::string>{}, ""}},
                                     {"credential", {std::string("key"), ""}}});
  const auto connector = make_connector("reddit", settings);
  FakeHttpClient http;
  FakeClock clock(now);
  auto reply = make_reply(200, R"({"kind":"Listing","data":{"after":null,"children":[]}})");
  http.respond_with([&](const net::HttpRequest& request) {
    if (reply.url.empty()) reply.url = request.url;
    return reply;
  });
  const auto stream = connector->streams().at(0);
  CHECK(fetch_once(*connector, http, clock, stream, std::nullopt));
  reply.url = "https://oauth.reddit.com/subreddits/search?q=qzxv";
  const auto page = fetch_once(*connector, http, clock, stream, std::nullopt);
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::gone);
  CHECK(page.error().message.find("'qzxv'") != std::string::npos);
}
