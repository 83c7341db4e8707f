#include "net/auth/auth_client.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "net/auth/digest.hpp"
#include "net/classify.hpp"
#include "tests/support/auth_bench.hpp"
#include "tests/support/jwt_check.hpp"

using namespace earshot;
using namespace earshot::net;
using namespace earshot::net::auth;
using namespace std::chrono_literals;
using test::AuthBench;
using test::http_reply;
using test::OAuthServer;

namespace {

CredentialSpec client(const OAuthServer& server) {
  return {.name = "app",
          .kind = CredentialKind::oauth2_client,
          .secret = "app",
          .token_url = server.url("/token"),
          .client_id = OAuthServer::client_id,
          .scopes = {"read", "search"}};
}

std::string unavailable(const std::string& headers = "") { return http_reply(503, "<html>", headers); }

}  // namespace

TEST_CASE("fifty streams on one credential make one token request", "[net][auth][single_flight]") {
  OAuthServer server;
  server.think(200ms);
  AuthBench bench;
  bench.add_secret("app", OAuthServer::client_secret);
  bench.use({client(server)});
  const HttpRequest request{.url = server.url("/api"), .credential = "app"};
  for (const auto& reply : bench.send(request, 50)) {
    REQUIRE(reply);
    CHECK(reply->status == 200);
  }
  CHECK(server.token_requests() == 1);
  CHECK(server.last_scope() == "read search");
  // Tokens live five seconds: ahead of their end one more request renews them, and no stream sees a 401.
  std::this_thread::sleep_for(4'200ms);
  for (const auto& reply : bench.send(request, 50)) CHECK(reply->status == 200);
  CHECK(server.token_requests() == 2);
  CHECK(server.refused() == 0);
  CHECK(server.api_requests() == 100);
}

TEST_CASE("a token refused before its time is renewed once, and every request sent once more",
          "[net][auth][single_flight]") {
  OAuthServer server(1h);
  AuthBench bench;
  bench.add_secret("app", OAuthServer::client_secret);
  bench.use({client(server)});
  const HttpRequest request{.url = server.url("/api"), .credential = "app"};
  CHECK(bench.send(request).front()->status == 200);
  server.revoke_all();
  for (const auto& reply : bench.send(request, 50)) CHECK(reply->status == 200);
  CHECK(server.token_requests() == 2);
  CHECK(server.refused() <= 50);
  CHECK(server.api_requests() == 1 + 50 + server.refused());

  // A server that takes no token at all: one renewal in vain, and no other for a while.
  server.refuse_all();
  const auto asked = server.api_requests();
  for (int round = 0; round < 3; ++round) CHECK(bench.send(request).front()->status == 401);
  CHECK(server.token_requests() == 3);
  CHECK(server.api_requests() == asked + 4);
}

TEST_CASE("a failing token endpoint is asked once for all streams, and obeyed", "[net][auth][faults]") {
  OAuthServer server(1h);
  AuthBench bench;
  bench.add_secret("app", OAuthServer::client_secret);
  bench.use({client(server)});
  const HttpRequest request{.url = server.url("/api"), .credential = "app"};
  server.answer_tokens_with({http_reply(429, "{}", "Retry-After: 2\r\n")});
  for (const auto& reply : bench.send(request, 50)) {
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == ErrorKind::rate_limited);
    CHECK(*reply.error().retry_after > 0ms);
    CHECK(*reply.error().retry_after < 4s);
  }
  CHECK(server.token_requests() == 1);
  CHECK(server.api_requests() == 0);
}

TEST_CASE("while the token endpoint is down a token serves as long as it lasts", "[net][auth][faults]") {
  OAuthServer server;
  AuthBench bench;
  bench.add_secret("app", OAuthServer::client_secret);
  bench.use({client(server)});
  const HttpRequest request{.url = server.url("/api"), .credential = "app"};
  CHECK(bench.send(request).front()->status == 200);
  server.answer_tokens_with({unavailable()});
  std::this_thread::sleep_for(4'050ms);
  CHECK(bench.send(request).front()->status == 200);
  CHECK(server.token_requests() == 2);
}

TEST_CASE("a wrong client secret stops without knocking again, and a corrected one is taken",
          "[net][auth][faults]") {
  OAuthServer server(1h);
  AuthBench bench;
  bench.add_secret("app", "wrong-c4n4ry");
  bench.use({client(server)});
  const HttpRequest request{.url = server.url("/api"), .credential = "app"};
  for (int round = 0; round < 3; ++round)
    for (const auto& reply : bench.send(request, 20)) {
      REQUIRE_FALSE(reply);
      CHECK(reply.error().kind == ErrorKind::unauthorized);
      CHECK(reply.error().message == "credential 'app': HTTP 401: the token endpoint answers invalid_client");
    }
  CHECK(server.token_requests() == 1);
  bench.add_secret("app", OAuthServer::client_secret);
  bench.use({client(server)});
  CHECK(bench.send(request).front()->status == 200);
}

TEST_CASE("a client may show itself in the body", "[net][auth]") {
  OAuthServer server;
  AuthBench bench;
  bench.add_secret("app", OAuthServer::client_secret);
  auto spec = client(server);
  spec.client_auth = ClientAuth::post;
  bench.use({spec});
  CHECK(bench.get(server.url("/api"), "app")->status == 200);
  CHECK(server.requests().front().find("Authorization:") == std::string::npos);
}

TEST_CASE("a service account's signed word buys a token", "[net][auth][jwt]") {
  const auto key = test::make_rsa_key();
  OAuthServer server;
  server.expect_assertions_of(key.public_pem, "RS256");
  AuthBench bench;
  CredentialSpec spec{.name = "google", .kind = CredentialKind::jwt_bearer, .secret = "google"};
  spec.scopes = {"https://www.googleapis.com/auth/androidpublisher"};
  std::string pem;
  for (const char c : key.private_pem) pem += c == '\n' ? std::string("\\n") : std::string(1, c);
  bench.add_secret("google", R"({"type":"service_account","client_email":"a@b.example","private_key_id":"k",)"
                             R"("private_key":")" +
                                 pem + R"(","token_uri":")" + server.url("/token") + "\"}");
  bench.use({spec});
  CHECK(bench.get(server.url("/api"), "google")->status == 200);
  CHECK(server.last_scope() == "https://www.googleapis.com/auth/androidpublisher");
  // The same as a bare key, with what the file would have said.
  bench.add_secret("google", key.private_pem);
  spec.issuer = "a@b.example";
  spec.token_url = server.url("/token");
  bench.use({spec});
  CHECK(bench.get(server.url("/api"), "google")->status == 200);
  bench.add_secret("google", test::make_rsa_key().private_pem);
  bench.use({spec});
  CHECK(bench.get(server.url("/api"), "google").error().kind == ErrorKind::unauthorized);
}

TEST_CASE("an installation's token of GitHub, also when our clock is wrong", "[net][auth][jwt]") {
  const auto key = test::make_rsa_key();
  AuthBench bench;
  bench.add_secret("gh", key.private_pem);
  for (const auto offset : {0s, 3'600s, -3'600s}) {
    OAuthServer server(1h);
    server.expect_assertions_of(key.public_pem, "RS256");
    server.set_clock_offset(offset);
    CredentialSpec spec{.name = "gh", .kind = CredentialKind::github_app, .secret = "gh"};
    spec.issuer = "12345";
    spec.installation = "77";
    spec.token_url = server.url("");
    bench.use({spec});
    INFO(offset.count());
    CHECK(bench.get(server.url("/api"), "gh")->status == 200);
    CHECK(server.token_requests() == (offset == 0s ? 1 : 2));
    CHECK(server.requests().front().find("Content-Length: 0\r\n") != std::string::npos);
  }
}

TEST_CASE("App Store Connect takes our own JWT as the token", "[net][auth][jwt]") {
  const auto key = test::make_ec_key();
  test::LocalServer server([](const std::string&) {
    return std::vector<test::LocalServer::Piece>{{.bytes = http_reply(200, "{}")}};
  });
  AuthBench bench;
  bench.add_secret("store", key.private_pem);
  CredentialSpec spec{.name = "store", .kind = CredentialKind::jwt, .secret = "store"};
  spec.algorithm = JwtAlgorithm::es256;
  spec.issuer = "57246542-96fe-1a63-e053-0824d011072a";
  spec.key_id = "2X9R4HXF34";
  spec.audience = "appstoreconnect-v1";
  bench.use({spec});
  for (int i = 0; i < 3; ++i) REQUIRE(bench.get(server.url("/v1/apps"), "store"));
  std::set<std::string> tokens;
  for (const auto& request : server.requests()) {
    const auto at = request.find("Authorization: Bearer ") + 22;
    tokens.insert(request.substr(at, request.find("\r\n", at) - at));
  }
  REQUIRE(tokens.size() == 1);
  const auto claims = test::check_jwt(*tokens.begin(), key.public_pem, "ES256");
  REQUIRE(claims);
  CHECK(claims->text("aud") == "appstoreconnect-v1");
  // Apple refuses a life of more than twenty minutes.
  CHECK(*claims->number("exp") - *claims->number("iat") <= 1'200);
  CHECK(base64url_decode(tokens.begin()->substr(0, tokens.begin()->find('.')))->find("2X9R4HXF34") !=
        std::string::npos);
}

TEST_CASE("fixed secrets go where their kind says", "[net][auth]") {
  test::LocalServer server([](const std::string&) {
    return std::vector<test::LocalServer::Piece>{{.bytes = http_reply(200, "{}")}};
  });
  AuthBench bench;
  bench.add_secret("desk", "t0ken");
  bench.add_secret("page", "EAAG-token");
  bench.add_secret("page-app-secret", "app-s3cret");
  bench.use({{.name = "desk", .kind = CredentialKind::basic, .secret = "desk", .user = "ann@x.example/token"},
             {.name = "forum", .kind = CredentialKind::header, .secret = "desk", .header = "Api-Key"},
             {.name = "page",
              .kind = CredentialKind::meta_token,
              .secret = "page",
              .app_secret = "page-app-secret"}});
  const auto sent = [&](const std::string& credential) {
    const auto reply = bench.get(server.url("/v?fields=id"), credential);
    REQUIRE(reply);
    // Where a post is found is told by this address: the proof is not part of it.
    CHECK(reply->url == server.url("/v?fields=id"));
    return server.requests().back();
  };
  CHECK(sent("desk").find("Authorization: Basic YW5uQHguZXhhbXBsZS90b2tlbjp0MGtlbg==\r\n") !=
        std::string::npos);
  CHECK(sent("forum").find("Api-Key: t0ken\r\n") != std::string::npos);
  const auto page = sent("page");
  CHECK(page.find("Authorization: Bearer EAAG-token\r\n") != std::string::npos);
  CHECK(page.starts_with("GET /v?fields=id&appsecret_proof=" + hmac_sha256_hex("app-s3cret", "EAAG-token") +
                         " "));
  // A name without a table is a bearer token, as before there were tables.
  bench.add_secret("plain", "pl4in");
  CHECK(sent("plain").find("Authorization: Bearer pl4in\r\n") != std::string::npos);
  bench.add_secret("key", "-----BEGIN\nsecond line");
  CHECK(bench.get(server.url("/"), "key").error().kind == ErrorKind::unauthorized);
}

TEST_CASE("no secret crosses a network in the clear", "[net][auth][secrets]") {
  AuthBench bench;
  bench.add_secret("plain", "pl4in");
  bench.use({});
  for (const char* url : {"http://forum.example/", "http://127.0.0.1.evil.example/", "http://user@127.0.0.1/",
                          "ftp://127.0.0.1/", "nothing"})
    CHECK(bench.get(url, "plain").error().kind == ErrorKind::blocked);
}

TEST_CASE("a token that a server gives back is blackened before anybody reads it", "[net][auth][secrets]") {
  test::LocalServer server([](const std::string& request) {
    const auto at = request.find("Authorization: ");
    const auto line = request.substr(at, request.find("\r\n", at) - at);
    return std::vector<test::LocalServer::Piece>{
        {.bytes = http_reply(418, "you sent " + line + " and again " + line, "X-Echo: " + line + "\r\n")}};
  });
  AuthBench bench;
  bench.add_secret("desk", "c4n4ry-in-the-mine");
  bench.use({{.name = "basic", .kind = CredentialKind::basic, .secret = "desk", .user = "ann"}});
  for (const char* name : {"desk", "basic"}) {
    const auto reply = bench.get(server.url("/"), name);
    REQUIRE(reply);
    CHECK(reply->body.find("you sent Authorization") == 0);
    CHECK(reply->body.find("c4n4ry") == std::string::npos);
    CHECK(reply->body.find(base64("ann:c4n4ry-in-the-mine")) == std::string::npos);
    CHECK(reply->headers.find("X-Echo")->find("c4n4ry") == std::string_view::npos);
  }
}

TEST_CASE("stopping ends those who wait for a token", "[net][auth]") {
  OAuthServer server;
  server.think(5s);
  AuthBench bench;
  bench.add_secret("app", OAuthServer::client_secret);
  bench.use({client(server)});
  boost::asio::steady_timer soon(bench.io, 200ms);
  soon.async_wait([&](boost::system::error_code) {
    bench.auth->stop();
    bench.http->stop();
  });
  const auto started = std::chrono::steady_clock::now();
  for (const auto& reply : bench.send({.url = server.url("/api"), .credential = "app"}, 20)) {
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == ErrorKind::cancelled);
  }
  CHECK(std::chrono::steady_clock::now() - started < 3s);
}
