#include "net/classify.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::net;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

HttpReply reply(int status, std::vector<std::pair<std::string, std::string>> headers = {}, std::string body = "{}") {
  HttpReply made;
  made.status = status;
  for (auto& [name, value] : headers) made.headers.add(name, value);
  made.body = std::move(body);
  return made;
}

}  // namespace

TEST_CASE("every status means one thing", "[net][classify]") {
  struct Case {
    int status;
    ErrorKind kind;
  };
  const Case cases[] = {
      {400, ErrorKind::bad_request}, {401, ErrorKind::unauthorized}, {402, ErrorKind::bad_request}, {403, ErrorKind::forbidden},
      {404, ErrorKind::gone},        {405, ErrorKind::bad_request},  {408, ErrorKind::timed_out},   {409, ErrorKind::bad_request},
      {410, ErrorKind::gone},        {414, ErrorKind::bad_request},  {415, ErrorKind::bad_request}, {420, ErrorKind::rate_limited},
      {422, ErrorKind::bad_request}, {425, ErrorKind::unreachable},  {429, ErrorKind::rate_limited}, {451, ErrorKind::gone},
      {500, ErrorKind::unreachable}, {501, ErrorKind::bad_request},  {502, ErrorKind::unreachable}, {503, ErrorKind::unreachable},
      {504, ErrorKind::unreachable}, {520, ErrorKind::unreachable},  {522, ErrorKind::unreachable}, {301, ErrorKind::unreachable},
      {0, ErrorKind::unreachable},   {999, ErrorKind::unreachable},  {101, ErrorKind::unreachable},
  };
  for (const auto& [status, kind] : cases) {
    CAPTURE(status);
    const auto error = classify(reply(status), now);
    REQUIRE(error);
    CHECK(to_string(error->kind) == to_string(kind));
  }
  for (const int status : {200, 201, 204, 206, 304}) CHECK_FALSE(classify(reply(status), now));
}

TEST_CASE("a refusal with a budget header is a rate limit", "[net][classify]") {
  CHECK(classify(reply(403, {{"Retry-After", "60"}}), now)->kind == ErrorKind::rate_limited);
  CHECK(classify(reply(403, {{"X-RateLimit-Remaining", "0"}}), now)->kind == ErrorKind::rate_limited);
  CHECK(classify(reply(403, {{"X-RateLimit-Remaining", "12"}}), now)->kind == ErrorKind::forbidden);
  CHECK(classify(reply(403, {{"cf-mitigated", "challenge"}}), now)->kind == ErrorKind::unreachable);
  CHECK(classify(reply(429, {{"retry-after", "4"}}), now)->retry_after == std::chrono::seconds(4));
  CHECK(classify(reply(503, {{"Retry-After", "Mon, 13 Apr 2026 12:25:17 GMT"}}), now)->retry_after == std::chrono::seconds(60));
  CHECK_FALSE(classify(reply(429), now)->retry_after);
}

TEST_CASE("a success that is not JSON is a passing failure", "[net][classify]") {
  CHECK_FALSE(classify_json(reply(200, {}, "{\"a\":1}"), now));
  CHECK_FALSE(classify_json(reply(200, {}, "\xEF\xBB\xBF [1]"), now));
  CHECK_FALSE(classify_json(reply(200, {}, "null"), now));
  CHECK_FALSE(classify_json(reply(200, {{"Content-Type", "text/html"}}, "[]"), now));
  CHECK_FALSE(classify_json(reply(304, {}, ""), now));
  CHECK(classify_json(reply(200, {}, ""), now)->kind == ErrorKind::unreachable);
  CHECK(classify_json(reply(200, {}, " \n"), now)->kind == ErrorKind::unreachable);
  CHECK(classify_json(reply(200, {}, "<!doctype html>"), now)->kind == ErrorKind::unreachable);
  CHECK(classify_json(reply(200, {{"Content-Type", "text/html; charset=utf-8"}}, "Just a moment"), now)->kind == ErrorKind::unreachable);
  CHECK(classify_json(reply(404, {}, "<html>"), now)->kind == ErrorKind::gone);
}
