#include "net/curl_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "net/quota_watch.hpp"
#include "tests/support/local_server.hpp"

using namespace earshot;
using namespace earshot::net;
using test::http_reply;
using test::LocalServer;

namespace {

struct Bench {
  boost::asio::io_context io;
  SystemClock clock;
  std::unique_ptr<CurlClient> client;

  explicit Bench(ClientOptions options = {}, std::vector<std::string> allow = {"127.0.0.1"}) {
    AddressGuard guard;
    REQUIRE(guard.allow(allow).empty());
    client = std::make_unique<CurlClient>(io.get_executor(), clock, options, guard);
  }

  async::Awaitable<void> into(HttpRequest request, Result<HttpReply>& out, int& left) {
    auto reply = co_await client->send(std::move(request));
    out = std::move(reply);
    if (--left == 0) io.stop();
  }

  std::vector<Result<HttpReply>> send(std::vector<HttpRequest> requests) {
    std::vector<Result<HttpReply>> replies(requests.size());
    int left = static_cast<int>(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i)
      boost::asio::co_spawn(io, into(requests[i], replies[i], left), [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
      });
    io.restart();
    io.run_for(std::chrono::seconds(20));
    return replies;
  }
  Result<HttpReply> get(const std::string& url) {
    auto replies = send({HttpRequest{.url = url}});
    return std::move(replies.front());
  }
};

LocalServer::Handler always(std::string bytes) {
  return [bytes](const std::string&) { return std::vector<LocalServer::Piece>{{.bytes = bytes}}; };
}

}  // namespace

TEST_CASE("a reply arrives with status, headers and a body padded for in-place parsing", "[net][curl]") {
  LocalServer server(always(http_reply(200, "[1]", "ETag: \"a\"\r\n")));
  Bench bench;
  const auto reply = bench.get(server.url("/x?y=1"));
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(reply->body == "[1]");
  CHECK(reply->headers.find("etag") == "\"a\"");
  CHECK(reply->body.capacity() >= reply->body.size() + HttpReply::body_padding);
  CHECK(server.requests().front().starts_with("GET /x?y=1 HTTP/1.1\r\n"));
}

TEST_CASE("a hundred requests at once share one thread", "[net][curl]") {
  LocalServer server([](const std::string& request) {
    return std::vector<LocalServer::Piece>{
        {.bytes = http_reply(200, request.substr(5, request.find(' ', 5) - 5))}};
  });
  Bench bench;
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 100; ++i) requests.push_back(HttpRequest{.url = server.url("/" + std::to_string(i))});
  const auto replies = bench.send(std::move(requests));
  for (std::size_t i = 0; i < replies.size(); ++i) {
    REQUIRE(replies[i]);
    CHECK(replies[i]->body == std::to_string(i));
  }
}

TEST_CASE("a private address is refused however it is spelt", "[net][guard]") {
  LocalServer server(always(http_reply(200, "secret")));
  Bench bench({}, {});
  const auto port = std::to_string(server.port());
  for (const std::string host :
       {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0", "[::1]", "[::ffff:127.0.0.1]"}) {
    const auto reply = bench.get("http://" + host + ":" + port + "/");
    INFO(host);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == ErrorKind::blocked);
  }
  CHECK(server.requests().empty());
}

TEST_CASE("redirects are followed, counted, checked and kept on the origin when there is a secret",
          "[net][curl]") {
  LocalServer target(always(http_reply(200, "here")));
  std::string location = target.url("/end");
  LocalServer server([&](const std::string& request) {
    const bool loop = request.starts_with("GET /loop");
    return std::vector<LocalServer::Piece>{
        {.bytes = http_reply(302, "", "Location: " + (loop ? "/loop" : location) + "\r\n")}};
  });
  Bench bench;
  CHECK(bench.get(server.url("/a"))->body == "here");
  CHECK(bench.get(server.url("/loop")).error().message.find("too many redirects") != std::string::npos);
  HttpRequest secret{.url = server.url("/a"), .carries_secret = true};
  secret.headers.add("Authorization", "Bearer canary");
  CHECK(bench.send({secret}).front().error().kind == ErrorKind::blocked);
  CHECK(server.requests().back().find("Authorization: Bearer canary") != std::string::npos);
  CHECK(target.requests().back().find("canary") == std::string::npos);
  location = "/end";
  secret.url = server.url("/loop");
  CHECK(bench.send({secret}).front().error().message.find("too many redirects") != std::string::npos);
  location = "file:///etc/passwd";
  CHECK(bench.get(server.url("/a")).error().kind == ErrorKind::bad_request);
  location = "http://10.0.0.1/";
  CHECK(bench.get(server.url("/a")).error().kind == ErrorKind::blocked);
}

TEST_CASE("where the status is what matters, a long body is cut and counts", "[net][curl]") {
  ClientOptions options;
  options.limits.body_bytes_max = 10'000;
  options.limits.cut_body = true;
  Bench bench(options);
  LocalServer server(always("HTTP/1.1 202 Accepted\r\n\r\n" + std::string(1'000'000, 'x')));
  const auto reply = bench.get(server.url());
  REQUIRE(reply);
  CHECK(reply->status == 202);
  CHECK(reply->body == std::string(10'000, 'x'));
}

TEST_CASE("endless, truncated, stalled and garbage replies end as errors", "[net][curl][faults]") {
  ClientOptions options;
  options.limits.body_bytes_max = 10'000;
  options.limits.header_bytes_max = 20'000;
  options.limits.total_timeout = std::chrono::milliseconds(1'500);
  Bench bench(options);
  {
    LocalServer server(always("HTTP/1.1 200 OK\r\n\r\n" + std::string(1'000'000, 'x')));
    CHECK(bench.get(server.url()).error().kind == ErrorKind::too_large);
  }
  {
    LocalServer server(always("HTTP/1.1 200 OK\r\nX: " + std::string(60'000, 'x') + "\r\n\r\n"));
    CHECK_FALSE(bench.get(server.url()));
  }
  {
    LocalServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"));
    CHECK(bench.get(server.url()).error().kind == ErrorKind::unreachable);
  }
  {
    LocalServer server([](const std::string&) {
      return std::vector<LocalServer::Piece>{{.bytes = "HTTP/1.1 200 OK\r\n"},
                                             {.bytes = "X", .before = std::chrono::seconds(4)}};
    });
    CHECK(bench.get(server.url()).error().kind == ErrorKind::timed_out);
  }
  {
    LocalServer server(always(""));
    CHECK(bench.get(server.url()).error().kind == ErrorKind::unreachable);
  }
  CHECK(bench.get("http://127.0.0.1:1/").error().kind == ErrorKind::unreachable);
  CHECK(bench.get("not a url").error().kind == ErrorKind::bad_request);
}

TEST_CASE("a 429 holds the next request to the host back for as long as it asked", "[net][rate]") {
  LocalServer server(always(http_reply(429, "", "Retry-After: 600\r\n")));
  Bench bench;
  CHECK(bench.get(server.url())->status == 429);
  const auto second = bench.get(server.url());
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::rate_limited);
  CHECK(*second.error().retry_after > std::chrono::seconds(590));
  CHECK(server.requests().size() == 1);
}

TEST_CASE("what a body asked for holds the next request to the host back, whoever passes it on",
          "[net][rate]") {
  LocalServer server(always(http_reply(200, "")));
  Bench bench;
  SystemClock clock;
  QuotaWatch watch(*bench.client, clock);
  watch.hold(server.url(), std::chrono::seconds(60));
  const auto held = bench.get(server.url());
  REQUIRE_FALSE(held);
  CHECK(held.error().kind == ErrorKind::rate_limited);
  CHECK(*held.error().retry_after > std::chrono::seconds(50));
  CHECK(server.requests().empty());
}

TEST_CASE("stopping ends every transfer as cancelled", "[net][curl]") {
  LocalServer server([](const std::string&) {
    return std::vector<LocalServer::Piece>{{.bytes = "x", .before = std::chrono::seconds(5)}};
  });
  Bench bench;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    boost::asio::post(bench.io, [&] { bench.client->stop(); });
  });
  const auto replies = bench.send({HttpRequest{.url = server.url()}, HttpRequest{.url = server.url()}});
  stopper.join();
  for (const auto& reply : replies) CHECK(reply.error().kind == ErrorKind::cancelled);
  CHECK(bench.get(server.url()).error().kind == ErrorKind::cancelled);
}

TEST_CASE("stopping ends those who wait for a rate budget too", "[net][rate]") {
  LocalServer server(always(http_reply(429, "", "Retry-After: 600\r\n")));
  ClientOptions patient;
  patient.wait_max = std::chrono::hours(1);
  Bench bench(patient);
  REQUIRE(bench.get(server.url()));
  boost::asio::steady_timer soon(bench.io, std::chrono::milliseconds(50));
  soon.async_wait([&](boost::system::error_code) { bench.client->stop(); });
  const auto reply = bench.get(server.url());
  REQUIRE_FALSE(reply);
  CHECK(reply.error().kind == ErrorKind::cancelled);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a secret is in no error, whatever the server does with it", "[net][curl][secrets]") {
  // The server gives the token back in every place it has: redirect, headers, status line, body.
  LocalServer server([](const std::string& request) {
    const std::string token = "c4n4ry-in-the-mine";
    const bool there = request.find(token) != std::string::npos;
    if (!there) return std::vector<LocalServer::Piece>{{.bytes = http_reply(500, "")}};
    if (request.starts_with("GET /away"))
      return std::vector<LocalServer::Piece>{
          {.bytes = http_reply(302, "", "Location: http://" + token + ".example/" + token + "\r\n")}};
    if (request.starts_with("GET /cut"))
      return std::vector<LocalServer::Piece>{
          {.bytes = "HTTP/1.1 200 " + token + "\r\nContent-Length: 99\r\n\r\n" + token}};
    return std::vector<LocalServer::Piece>{{.bytes = token + "\r\n\r\n"}};
  });
  Bench bench;
  for (const std::string path : {"/away", "/cut", "/garbage"}) {
    HttpRequest request{.url = server.url(path), .carries_secret = true};
    request.headers.add("Authorization", "Bearer c4n4ry-in-the-mine");
    const auto reply = bench.send({request}).front();
    INFO(path);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().message.find("c4n4ry") == std::string::npos);
  }
  CHECK(server.requests().size() == 3);
}
