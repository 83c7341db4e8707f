#include "daemon/api/access.hpp"

#include <catch2/catch.hpp>

#include "net/auth/digest.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/fake_clock.hpp"

using namespace earshot;
using namespace earshot::api;

namespace {

daemon::HttpConfig with_tokens() {
  daemon::HttpConfig out;
  out.tokens.push_back(
      {.name = "reader", .scopes = daemon::bit(Scope::read), .hash = net::auth::sha256_hex("secret")});
  out.tokens.push_back({.name = "old",
                        .scopes = daemon::every_scope,
                        .hash = net::auth::sha256_hex("aged"),
                        .expires = from_ms(test::monday_ms + 1000)});
  return out;
}

Request get(std::string host = "127.0.0.1:8765") {
  return Request{.peer = "127.0.0.1", .host = std::move(host)};
}

Request post(std::string origin = {}) {
  auto out = get();
  out.method = "POST";
  out.content_type = "application/json";
  out.origin = std::move(origin);
  return out;
}

Request with(const std::string& token) {
  auto out = get();
  out.authorization = "Bearer " + token;
  return out;
}

}  // namespace

TEST_CASE("without tokens this machine may do all, under a name that is ours", "[daemon][api]") {
  test::FakeClock clock(from_ms(test::monday_ms));
  daemon::HttpConfig config;
  config.hosts = {"earshot.example"};
  Access access(config, clock);
  CHECK_FALSE(access.tokens_needed());
  CHECK(access.admit(get()).caller.may(Scope::act));
  for (const auto* host : {"127.0.0.1:8765", "localhost:8765", "localhost", "[::1]:8765", "Earshot.Example"})
    CHECK_FALSE(access.refuse_foreign(get(host)));
  // A name of somebody else's that leads to this machine (DNS rebinding).
  for (const auto* host : {"evil.example:8765", "127.0.0.1.evil.example", "", "10.0.0.7:8765"}) {
    const auto refusal = access.refuse_foreign(get(host));
    REQUIRE(refusal);
    CHECK(refusal->status == 421);
  }
}

TEST_CASE("another site's page changes nothing", "[daemon][api]") {
  test::FakeClock clock(from_ms(test::monday_ms));
  const Access access({}, clock);
  CHECK_FALSE(access.refuse_foreign(post()));
  CHECK_FALSE(access.refuse_foreign(post("http://127.0.0.1:8765")));
  CHECK(access.refuse_foreign(post("http://evil.example"))->status == 403);
  CHECK(access.refuse_foreign(post("http://127.0.0.1:9999"))->status == 403);
  CHECK(access.refuse_foreign(post("null"))->status == 403);
  auto cross = post();
  cross.fetch_site = "cross-site";
  CHECK(access.refuse_foreign(cross)->status == 403);
  // What a plain form can send.
  for (const auto* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"}) {
    auto form = post();
    form.content_type = type;
    CHECK(access.refuse_foreign(form)->status == 415);
  }
  auto typed = post();
  typed.content_type = "Application/JSON; charset=utf-8";
  CHECK_FALSE(access.refuse_foreign(typed));
}

TEST_CASE("a token opens its scopes, until it expires", "[daemon][api]") {
  test::FakeClock clock(from_ms(test::monday_ms));
  Access access(with_tokens(), clock);
  CHECK(access.tokens_needed());
  const auto nobody = access.admit(get());
  CHECK_FALSE(nobody.refusal);
  CHECK_FALSE(nobody.caller.may(Scope::read));
  CHECK(nobody.caller.may(Scope::none));
  const auto reader = access.admit(with("secret"));
  CHECK(reader.caller.name == "reader");
  CHECK(reader.caller.may(Scope::read));
  CHECK_FALSE(reader.caller.may(Scope::act));
  CHECK(access.admit(with("aged")).caller.may(Scope::act));
  clock.advance(Milliseconds(1000));
  CHECK(access.admit(with("aged")).refusal->status == 401);
  auto basic = get();
  basic.authorization = "Basic c2VjcmV0";
  CHECK(access.admit(basic).refusal->status == 401);
  auto by_socket = get();
  by_socket.unix_socket = true;
  CHECK(access.admit(by_socket).caller.may(Scope::act));
}

TEST_CASE("a token in the address counts for feeds alone", "[daemon][api]") {
  test::FakeClock clock(from_ms(test::monday_ms));
  Access access(with_tokens(), clock);
  auto feed = get();
  feed.path = "/feeds/ideas.atom";
  feed.query = {{"token", "secret"}};
  CHECK(access.admit(feed).caller.may(Scope::read));
  feed.path = "/api/v1/mentions";
  CHECK_FALSE(access.admit(feed).caller.may(Scope::read));
}

TEST_CASE("a token for feeds opens the feeds alone", "[daemon][api]") {
  test::FakeClock clock(from_ms(test::monday_ms));
  daemon::HttpConfig config;
  config.tokens.push_back(
      {.name = "phone", .scopes = daemon::bit(Scope::feeds), .hash = net::auth::sha256_hex("secret")});
  Access access(config, clock);
  const auto caller = access.admit(with("secret")).caller;
  CHECK(caller.may(Scope::feeds));
  CHECK_FALSE(caller.may(Scope::read));
  CHECK_FALSE(caller.may(Scope::act));
  CHECK(daemon::scope_from("feeds") == Scope::feeds);
  // Who may read all may read the feeds, as before there was the scope.
  CHECK(Access(with_tokens(), clock).admit(with("secret")).caller.may(Scope::feeds));
}

TEST_CASE("who guesses tokens is made to wait, and who has one is not, even at the same address",
          "[daemon][api]") {
  test::FakeClock clock(from_ms(test::monday_ms));
  Access access(with_tokens(), clock);
  for (int i = 0; i < 10; ++i) CHECK(access.admit(with("guess" + std::to_string(i))).refusal->status == 401);
  CHECK(access.admit(with("guess")).refusal->status == 429);
  CHECK(access.open_session("guess", "127.0.0.1").refusal->status == 429);
  CHECK_FALSE(access.admit(with("secret")).refusal);
  CHECK_FALSE(access.open_session("secret", "127.0.0.1").refusal);
  auto other = with("guess");
  other.peer = "127.0.0.2";
  CHECK(access.admit(other).refusal->status == 401);
  clock.advance(std::chrono::minutes(1));
  CHECK(access.admit(with("guess")).refusal->status == 401);
}

TEST_CASE("a session stands for its token and ends with it", "[daemon][api]") {
  test::FakeClock clock(from_ms(test::monday_ms));
  Access access(with_tokens(), clock);
  CHECK(access.open_session("wrong", "127.0.0.1").refusal->status == 401);
  const auto opened = access.open_session("secret", "127.0.0.1");
  REQUIRE_FALSE(opened.refusal);
  CHECK(opened.cookie.find("HttpOnly; SameSite=Strict") != std::string::npos);
  CHECK(opened.cookie.find("secret") == std::string::npos);
  auto request = get();
  request.cookie = "other=1; " + opened.cookie.substr(0, opened.cookie.find(';'));
  CHECK(access.admit(request).caller.name == "reader");
  SECTION("after twelve hours") {
    clock.advance(std::chrono::hours(12));
    CHECK_FALSE(access.admit(request).caller.may(Scope::read));
  }
  SECTION("when it is ended") {
    CHECK(access.end_session(request).find("Max-Age=0") != std::string::npos);
    CHECK_FALSE(access.admit(request).caller.may(Scope::read));
  }
  SECTION("when the token is taken out of the configuration") {
    auto config = with_tokens();
    config.tokens.erase(config.tokens.begin());
    access.replace(config);
    CHECK_FALSE(access.admit(request).caller.may(Scope::read));
  }
}
