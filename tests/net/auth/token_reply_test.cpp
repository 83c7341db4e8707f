#include "net/auth/token_reply.hpp"

#include <catch2/catch.hpp>

#include "net/auth/digest.hpp"
#include "tests/support/fake_http_client.hpp"
#include "tests/support/recordings.hpp"

using namespace earshot;
using namespace earshot::net::auth;
using namespace std::chrono_literals;
using test::make_reply;

namespace {

constexpr auto now = Timestamp(Milliseconds(1'772'409'600'000));
const std::pair<std::string, std::string> json_type{"Content-Type", "application/json"};

net::HttpReply json(int status, std::string body) { return make_reply(status, std::move(body), {json_type}); }

}  // namespace

TEST_CASE("a token reply is read as RFC 6749 writes it, and as servers do", "[net][auth][token_reply]") {
  const auto full = parse_token_reply(
      json(200, R"({"access_token":"a","token_type":"bearer","expires_in":3600,"refresh_token":"r"})"), now);
  REQUIRE(full);
  CHECK(full->access_token.reveal() == "a");
  CHECK(full->refresh_token.reveal() == "r");
  CHECK(full->lifetime == 1h);
  // As a text, as a fraction, missing, nonsense, without end.
  CHECK(parse_token_reply(json(200, R"({"access_token":"a","expires_in":"90"})"), now)->lifetime == 90s);
  CHECK(parse_token_reply(json(200, R"({"access_token":"a","expires_in":90.7})"), now)->lifetime == 90s);
  CHECK_FALSE(parse_token_reply(json(200, R"({"access_token":"a"})"), now)->lifetime);
  CHECK_FALSE(parse_token_reply(json(200, R"({"access_token":"a","expires_in":-1})"), now)->lifetime);
  CHECK_FALSE(parse_token_reply(json(200, R"({"access_token":"a","expires_in":0.5})"), now)->lifetime);
  CHECK_FALSE(parse_token_reply(json(200, R"({"access_token":"a","expires_in":null})"), now)->lifetime);
  CHECK(parse_token_reply(json(200, R"({"access_token":"a","expires_in":1e300})"), now)->lifetime ==
        366 * 24h);
  CHECK(parse_token_reply(json(200, "\xEF\xBB\xBF {\"access_token\":\"a\"}"), now));
}

TEST_CASE("failures of a token endpoint are what they are elsewhere", "[net][auth][token_reply]") {
  struct Row {
    int status;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    ErrorKind kind;
    std::optional<Milliseconds> wait = {};
  };
  const Row rows[] = {
      {400, R"({"error":"invalid_grant"})", {json_type}, ErrorKind::unauthorized},
      {401, R"({"error":"invalid_client"})", {json_type}, ErrorKind::unauthorized},
      {400, R"({"error":"unauthorized_client"})", {json_type}, ErrorKind::unauthorized},
      {400, R"({"error":"invalid_scope"})", {json_type}, ErrorKind::bad_request},
      {400, R"({"error":"unsupported_grant_type"})", {json_type}, ErrorKind::bad_request},
      {400, R"({"error":"temporarily_unavailable"})", {json_type}, ErrorKind::unreachable},
      {200, R"({"error":"bad_verification_code"})", {json_type}, ErrorKind::unauthorized},
      {200, R"({"error":"slow_down"})", {json_type}, ErrorKind::rate_limited},
      {400, "bad", {}, ErrorKind::bad_request},
      {401, "", {}, ErrorKind::unauthorized},
      {403, "{}", {{"Retry-After", "60"}}, ErrorKind::rate_limited, 60s},
      {404, "", {}, ErrorKind::gone},
      {429, "{\"error\":\"invalid_grant\"}", {{"Retry-After", "7"}}, ErrorKind::rate_limited, 7s},
      {429, "<html>", {{"Retry-After", "Mon, 02 Mar 2026 00:02:00 GMT"}}, ErrorKind::rate_limited, 2min},
      {500, "oops", {}, ErrorKind::unreachable},
      {503, "<html>", {{"Retry-After", "120"}}, ErrorKind::unreachable, 2min},
      {302, "", {{"Location", "https://login.example/"}}, ErrorKind::unreachable},
      // A login page, an empty body, and what is no object, all under status 200.
      {200, "<!doctype html><title>Sign in</title>", {{"Content-Type", "text/html"}}, ErrorKind::unreachable},
      {200, "", {json_type}, ErrorKind::unreachable},
      {200, "[]", {json_type}, ErrorKind::unreachable},
      {200, "{\"access_token\":", {json_type}, ErrorKind::unreachable},
      {200, "{}", {json_type}, ErrorKind::unreachable},
      {200, R"({"access_token":""})", {json_type}, ErrorKind::unreachable},
      {200, R"({"access_token":7})", {json_type}, ErrorKind::unreachable},
      {200, R"({"access_token":"a\r\nX-Evil: 1"})", {json_type}, ErrorKind::unreachable},
      {200, R"({"access_token":"a","refresh_token":"r\n"})", {json_type}, ErrorKind::unreachable},
      {200, R"({"access_token":"a","token_type":"mac"})", {json_type}, ErrorKind::bad_request},
  };
  for (const auto& row : rows) {
    const auto reply = parse_token_reply(make_reply(row.status, row.body, row.headers), now);
    INFO(row.status << " " << row.body);
    REQUIRE_FALSE(reply);
    INFO(reply.error().message);
    CHECK(reply.error().kind == row.kind);
    CHECK(reply.error().retry_after == row.wait);
  }
}

TEST_CASE("no error repeats what the server wrote, since it may be what we sent", "[net][auth][secrets]") {
  for (const int status : {200, 400, 401, 403, 429, 500})
    for (const std::string body : {R"({"error":"c4n4ry","error_description":"c4n4ry is wrong"})",
                                   R"({"error":"invalid_grant","error_description":"c4n4ry"})", "c4n4ry",
                                   "<html>c4n4ry", R"({"access_token":"c4n4ry\n"})"}) {
      auto reply = make_reply(status, body, {{"Content-Type", "c4n4ry"}, {"WWW-Authenticate", "c4n4ry"}});
      for (const auto& parsed :
           {parse_token_reply(reply, now).error(), parse_session_reply(reply, now).error(),
            parse_installation_reply(reply, now).error()})
        CHECK(parsed.message.find("c4n4ry") == std::string::npos);
    }
}

TEST_CASE("sessions of the AT Protocol and installations of GitHub", "[net][auth][token_reply]") {
  const auto jwt = "e30." + base64url(R"({"iat":100,"exp":7300})") + ".s";
  const auto session =
      parse_session_reply(json(200, R"({"accessJwt":")" + jwt + R"(","refreshJwt":"r","did":"d"})"), now);
  REQUIRE(session);
  CHECK(session->lifetime == 2h);
  CHECK(session->refresh_token.reveal() == "r");
  CHECK_FALSE(parse_session_reply(json(200, R"({"accessJwt":"a"})"), now));
  CHECK(parse_session_reply(json(401, R"({"error":"AuthenticationRequired"})"), now).error().kind ==
        ErrorKind::unauthorized);
  CHECK(parse_session_reply(json(400, R"({"error":"ExpiredToken"})"), now).error().kind ==
        ErrorKind::unauthorized);

  auto reply = json(201, R"({"token":"ghs_x","expires_at":"2026-03-02T01:00:00Z"})");
  CHECK(parse_installation_reply(reply, now)->lifetime == 1h);
  // The server's own clock counts, where it tells it.
  reply.headers.add("Date", "Mon, 02 Mar 2026 00:30:00 GMT");
  CHECK(parse_installation_reply(reply, now)->lifetime == 30min);
}

TEST_CASE("which replies refuse a token", "[net][auth][token_reply]") {
  CHECK(refuses_token(make_reply(401, "")));
  CHECK(refuses_token(json(400, R"({"error":"ExpiredToken","message":"Token has expired"})")));
  CHECK(refuses_token(json(400, R"({"error":"InvalidToken"})")));
  CHECK(refuses_token(json(400, R"({"error":{"code":190,"type":"OAuthException"}})")));
  for (const auto& other :
       {make_reply(200, R"({"error":"ExpiredToken"})"), json(400, R"({"error":"InvalidRequest"})"),
        json(400, R"({"error":{"code":100}})"), make_reply(400, "ExpiredToken"), make_reply(403, ""),
        json(403, R"({"error":"insufficient_scope"})"), make_reply(500, "")})
    CHECK_FALSE(refuses_token(other));
}

TEST_CASE("recorded token replies are read", "[net][auth][recordings]") {
  std::size_t tokens = 0, refusals = 0, renewals = 0;
  const bool there = test::for_each_recording("oauth2", [&](const test::Recording& record) {
    const auto reply = make_reply(record.status, record.body, {{"Content-Type", record.content_type}});
    if (record.url.ends_with("/me")) renewals += refuses_token(reply) ? 1U : 0U;
    if (!record.url.ends_with("/token")) return;
    const auto parsed = parse_token_reply(reply, now);
    CHECK(parsed.has_value() == (record.status == 200));
    if (parsed) {
      ++tokens;
      CHECK(parsed->lifetime == 5s);
      CHECK(parsed->access_token.reveal() == "REDACTED");
      return;
    }
    ++refusals;
    CHECK_FALSE(token_error_code(reply).empty());
    CHECK_FALSE(is_transient(parsed.error().kind));
  });
  if (!there) {
    WARN("there are no recordings beside the checkout: nothing compared");
    return;
  }
  CHECK(tokens == 1);
  CHECK(refusals == 3);
  CHECK(renewals == 1);
}
