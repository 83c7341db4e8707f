#include "daemon/api/server.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <future>
#include <thread>

#include "store/store.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::api;
using namespace std::chrono_literals;

namespace {

constexpr ServerLimits short_limits{.connections_max = 8,
                                    .local_connections_max = 2,
                                    .stranger_connections_max = 4,
                                    .streams_max = 4,
                                    .head_bytes_max = 2048,
                                    .body_bytes_max = 4096,
                                    .request = 500ms,
                                    .answer = 1000ms,
                                    .idle = 5000ms};

async::Awaitable<Response> echo(Request request) {
  co_return Response{.content_type = "text/plain", .body = request.body};
}

/// A server with a few routes, on a thread of its own.
class Bench {
 public:
  explicit Bench(ServerLimits limits = short_limits)
      : database_(folder_.file("t.db")),
        store_(*store::open_store(database_)),
        access_({}, clock_),
        events_(std::make_shared<EventHub>(io_.get_executor())),
        queries_(database_, {.time = std::chrono::hours(1)}),
        replays_(*store_, io_.get_executor(), clock_),
        dispatch_(router_, access_, queries_, metrics_, replays_),
        server_(io_.get_executor(), dispatch_, events_, limits) {
    router_.add({.method = "GET", .pattern = "/hello", .run = Immediate([](const Request& request) {
                                                         return Response{
                                                             .content_type = "text/plain",
                                                             .body = "hello " + request.text("name")};
                                                       })});
    router_.add({.method = "GET", .pattern = "/big", .run = Immediate([](const Request&) {
                                                       return Response{.content_type = "text/plain",
                                                                       .body = std::string(64 << 20, 'x')};
                                                     })});
    router_.add(
        {.method = "GET", .pattern = "/brands", .run = Query([](store::Reader& reader, const Request&) {
                                                  return reader.brands() ? json("[]") : problem(500, "no");
                                                })});
    router_.add(
        {.method = "GET", .pattern = "/endless", .run = Query([](store::Reader& reader, const Request&) {
                                                   while (reader.brands()) continue;
                                                   return problem(503, "broken off");
                                                 })});
    router_.add({.method = "GET", .pattern = "/events", .run = Immediate([](const Request&) {
                                                          return Response{.content_type = "text/event-stream",
                                                                          .events = true};
                                                        })});
    router_.add({.method = "POST", .pattern = "/echo", .run = Command(echo)});
    REQUIRE(server_.listen({.host = "127.0.0.1", .port = 0, .loopback = true}));
    REQUIRE(server_.listen_unix(socket()));
    port_ = server_.port();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Bench() {
    on_loop([this] { server_.stop(); });
    thread_.join();
  }
  std::string socket() const { return folder_.file("api.sock"); }
  std::uint16_t port() const { return port_; }
  EventHub& events() { return *events_; }
  /// Until the loop has seen what was sent to it so far.
  void settle() {
    for (int turn = 0; turn < 3; ++turn) {
      std::promise<void> done;
      on_loop([&] { done.set_value(); });
      done.get_future().wait();
      std::this_thread::sleep_for(5ms);
    }
  }
  /// Until so many questions are at the pool.
  void wait_until_waiting(std::size_t wanted) {
    for (bool there = false; !there;) {
      std::promise<std::size_t> count;
      on_loop([&] { count.set_value(queries_.waiting()); });
      there = count.get_future().get() == wanted;
      if (!there) std::this_thread::sleep_for(5ms);
    }
  }
  void on_loop(std::function<void()> work) { boost::asio::post(io_, std::move(work)); }

 private:
  test::TempDir folder_;
  std::string database_;
  std::unique_ptr<store::Store> store_;
  SystemClock clock_;
  boost::asio::io_context io_{1};
  Router router_;
  Access access_;
  Metrics metrics_;
  std::shared_ptr<EventHub> events_;
  QueryPool queries_;
  Replays replays_;
  Dispatch dispatch_;
  Server server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    limit();
    REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
  }
  explicit Client(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    path.copy(to.sun_path, sizeof to.sun_path - 1);
    limit();
    REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool send(std::string_view text) {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  /// Everything up to the end of the connection, or until `enough` is in it.
  std::string read(std::string_view enough = "\n\n\n\n") {
    std::string out;
    char part[65536];
    while (out.find(enough) == std::string::npos) {
      const auto got = ::recv(fd_, part, sizeof part, 0);
      if (got <= 0) {
        ended_ = got == 0 || errno == ECONNRESET;
        break;
      }
      out.append(part, static_cast<std::size_t>(got));
    }
    return out;
  }
  /// The server, not our patience, ended the last read.
  bool ended() const { return ended_; }

 private:
  void limit() const {
    const timeval patience{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  int fd_;
  bool ended_ = false;
};

std::string get(const std::string& target, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more + "\r\n";
}

std::string post(const std::string& body, const std::string& more = "") {
  return "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n" +
         more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("requests on one connection are answered in order, from TCP and from a Unix socket",
          "[daemon][api]") {
  Bench bench;
  Client client(bench.port());
  REQUIRE(client.send(get("/hello?name=a%20b") + get("/brands") +
                      get("/hello?name=last", "Connection: close\r\n")));
  const auto all = client.read();
  const auto first = all.find("hello a b"), second = all.find("[]"), third = all.find("hello last");
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third != std::string::npos);
  CHECK(contains(all, "Content-Security-Policy: default-src 'none'; script-src 'self'"));
  CHECK(contains(all, "X-Content-Type-Options: nosniff"));
  Client local(bench.socket());
  // Who may open the socket needs no name of ours.
  REQUIRE(local.send("GET /hello HTTP/1.1\r\nHost: anything\r\nConnection: close\r\n\r\n"));
  CHECK(contains(local.read(), "hello "));
}

TEST_CASE("an answer that is known already is not sent again", "[daemon][api]") {
  Bench bench;
  Client client(bench.port());
  REQUIRE(client.send(get("/hello")));
  const auto first = client.read("hello ");
  const auto at = first.find("ETag: ") + 6;
  const auto tag = first.substr(at, first.find("\r\n", at) - at);
  REQUIRE(client.send(get("/hello", "If-None-Match: W/\"x\", " + tag + "\r\nConnection: close\r\n")));
  const auto again = client.read();
  CHECK(contains(again, "304 Not Modified"));
  CHECK_FALSE(contains(again, "hello "));
  Client other(bench.port());
  REQUIRE(other.send(get("/hello", "If-None-Match: *\r\nConnection: close\r\n")));
  CHECK(contains(other.read(), "304 Not Modified"));
}

TEST_CASE("HEAD is GET without its body, and other methods are named", "[daemon][api]") {
  Bench bench;
  Client head(bench.port());
  REQUIRE(head.send("HEAD /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"));
  const auto answer = head.read();
  CHECK(contains(answer, "200 OK"));
  CHECK(contains(answer, "Content-Length: 6"));
  CHECK_FALSE(contains(answer, "hello"));
  Client other(bench.port());
  REQUIRE(other.send(post("{}").replace(5, 5, "/hello")));
  const auto refused = other.read();
  CHECK(contains(refused, "405 Method Not Allowed"));
  CHECK(contains(refused, "Allow: GET"));
}

TEST_CASE("what is no request, or too large a one, gets a reason and the door", "[daemon][api]") {
  Bench bench;
  const auto answer_to = [&](const std::string& bytes) {
    Client client(bench.port());
    static_cast<void>(client.send(bytes));
    return client.read();
  };
  CHECK(contains(answer_to("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls\r\n\r\n"), "400 Bad Request"));
  CHECK(contains(answer_to("GET\r\n\r\n"), "400 Bad Request"));
  CHECK(contains(answer_to(get("/hello", "X-Long: " + std::string(5000, 'a') + "\r\n")),
                 "431 Request Header Fields Too Large"));
  CHECK(contains(answer_to(post(std::string(5000, 'a'))), "413 Content Too Large"));
  const std::string chunked =
      "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n";
  CHECK(contains(answer_to(chunked + "1388\r\n" + std::string(5000, 'a') + "\r\n0\r\n\r\n"),
                 "413 Content Too Large"));
  // Two lengths that differ are how requests are smuggled.
  CHECK(contains(answer_to(post("abc", "Content-Length: 30\r\n")), "400 Bad Request"));
  CHECK(contains(answer_to(get("/nowhere", "Connection: close\r\n")), "404 Not Found"));
  CHECK(contains(answer_to(get("/%2e%2e/%2e%2e/etc/passwd", "Connection: close\r\n")), "404 Not Found"));
  CHECK(contains(answer_to("GET /hello HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
                 "421 Misdirected Request"));
  CHECK(contains(answer_to(post("{\"a\":1}")), "{\"a\":1}"));
}

TEST_CASE("a request that could mean two things is refused, one by way of a proxy is understood",
          "[daemon][api]") {
  Bench bench;
  const auto answer_to = [&](const std::string& bytes) {
    Client client(bench.port());
    REQUIRE(client.send(bytes));
    return client.read();
  };
  CHECK(contains(answer_to("GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n"),
                 "400 Bad Request"));
  CHECK(contains(answer_to(post("abc", "Content-Encoding: gzip\r\n")), "415 Unsupported Media Type"));
  CHECK(contains(answer_to(post("abc", "Content-Encoding: identity\r\n")), "200 OK"));
  const std::string close = "Host: evil.example\r\nConnection: close\r\n\r\n";
  CHECK(contains(answer_to("GET http://127.0.0.1/hello?name=proxy HTTP/1.1\r\n" + close), "hello proxy"));
  CHECK(contains(answer_to("GET HTTP://evil.example/hello HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: "
                           "close\r\n\r\n"),
                 "421 Misdirected Request"));
}

TEST_CASE("a client that waits for leave to send gets it", "[daemon][api]") {
  Bench bench;
  Client client(bench.port());
  REQUIRE(client.send(
      "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
      "Connection: close\r\nContent-Length: 4\r\n\r\n"));
  CHECK(contains(client.read("\r\n\r\n"), "100 Continue"));
  REQUIRE(client.send("null"));
  CHECK(contains(client.read(), "null"));
}

TEST_CASE("who sends slowly, or does not take the answer, is put out; others are served meanwhile",
          "[daemon][api]") {
  Bench bench;
  Client slow(bench.port());
  REQUIRE(slow.send("GET /hello HTTP/1.1\r\nHost: 1"));
  Client deaf(bench.port());
  REQUIRE(deaf.send(get("/big")));
  Client quick(bench.port());
  REQUIRE(quick.send(get("/hello?name=quick", "Connection: close\r\n")));
  CHECK(contains(quick.read(), "hello quick"));
  CHECK(slow.read().empty());
  CHECK(slow.ended());
  std::this_thread::sleep_for(short_limits.answer + 500ms);
  const auto part = deaf.read("\xff");
  CHECK(deaf.ended());
  CHECK(part.size() < (64U << 20));
}

TEST_CASE("who only holds connections shuts nobody out: the longest idle gives way", "[daemon][api]") {
  Bench bench;
  std::vector<std::unique_ptr<Client>> held;
  for (std::size_t i = 0; i < short_limits.connections_max; ++i)
    held.push_back(std::make_unique<Client>(bench.port()));
  for (auto& client : held) {
    REQUIRE(client->send(get("/hello?name=held")));
    CHECK(contains(client->read("held"), "held"));
  }
  Client one_more(bench.port());
  REQUIRE(one_more.send(get("/hello?name=more")));
  CHECK(contains(one_more.read("more"), "hello more"));
  CHECK(held.front()->read().empty());
  CHECK(held.front()->ended());
  REQUIRE(held.back()->send(get("/hello?name=still")));
  CHECK(contains(held.back()->read("still"), "hello still"));
}

TEST_CASE("requests under way keep their connections, and who finds no place is told", "[daemon][api]") {
  auto limits = short_limits;
  limits.request = 20s;
  Bench bench(limits);
  std::vector<std::unique_ptr<Client>> held;
  for (std::size_t i = 0; i < limits.connections_max; ++i) {
    held.push_back(std::make_unique<Client>(bench.port()));
    REQUIRE(held.back()->send("GET /hello?name=held HTTP/1.1\r\nHost: 127.0"));
    bench.settle();
  }
  {
    Client one_more(bench.port());
    REQUIRE(one_more.send(get("/hello")));
    const auto answer = one_more.read();
    CHECK(contains(answer, "503 Service Unavailable"));
    CHECK(contains(answer, "Retry-After: 5"));
  }
  Client local(bench.socket());
  REQUIRE(local.send(get("/hello?name=local")));
  CHECK(contains(local.read("local"), "hello local"));
  for (auto& client : held) {
    REQUIRE(client->send(".0.1\r\n\r\n"));
    CHECK(contains(client->read("held"), "hello held"));
  }
}

TEST_CASE("who goes while a question is being answered takes it along", "[daemon][api]") {
  Bench bench;
  {
    Client client(bench.port());
    REQUIRE(client.send(get("/endless")));
    bench.wait_until_waiting(1);
  }
  bench.wait_until_waiting(0);
}

TEST_CASE("streams of events leave places to questions", "[daemon][api]") {
  Bench bench;
  std::vector<std::unique_ptr<Client>> listening;
  for (std::size_t i = 0; i < short_limits.streams_max; ++i) {
    listening.push_back(std::make_unique<Client>(bench.port()));
    REQUIRE(listening.back()->send(get("/events")));
    CHECK(contains(listening.back()->read("retry: 3000\n\n"), "text/event-stream"));
  }
  Client one_more(bench.port());
  REQUIRE(one_more.send(get("/events", "Connection: close\r\n")));
  CHECK(contains(one_more.read(), "503 Service Unavailable"));
  listening.clear();
}

TEST_CASE("events reach who listens, and what a slow listener misses is said", "[daemon][api]") {
  Bench bench;
  Client client(bench.port());
  REQUIRE(client.send(get("/events")));
  CHECK(contains(client.read("retry: 3000\n\n"), "text/event-stream"));
  bench.on_loop([&] { bench.events().publish("findings", "{\"brand\":\"Acme\"}"); });
  CHECK(contains(client.read("Acme\"}\n\n"), "event: findings\ndata: {\"brand\":\"Acme\"}\n\n"));
  bench.on_loop([&] {
    for (int i = 0; i < 2000; ++i) bench.events().publish("findings", "{\"brand\":\"Acme\"}");
  });
  CHECK(contains(client.read("event: missed"), "event: missed\ndata: {}"));
  bench.on_loop([&] {
    bench.events().stored("news", 2);
    bench.events().stored("news", 3);
  });
  CHECK(contains(client.read("\"mentions\":5}\n\n"),
                 "event: stored\ndata: {\"source\":\"news\",\"mentions\":5}"));
}

TEST_CASE("a socket file that nobody listens on is replaced, one in use is not", "[daemon][api]") {
  Bench bench;
  boost::asio::io_context io;
  Router router;
  SystemClock clock;
  Access access({}, clock);
  Metrics metrics;
  test::TempDir folder;
  QueryPool queries(folder.file("none.db"));
  const auto store = *store::open_store(folder.file("none.db"));
  Replays replays(*store, io.get_executor(), clock);
  Dispatch dispatch(router, access, queries, metrics, replays);
  Server second(io.get_executor(), dispatch, std::make_shared<EventHub>(io.get_executor()));
  const auto taken = second.listen_unix(bench.socket());
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::busy);
  const auto port_taken = second.listen({.host = "127.0.0.1", .port = bench.port(), .loopback = true});
  REQUIRE_FALSE(port_taken);
  CHECK(port_taken.error().kind == ErrorKind::busy);
  const auto stale = folder.file("stale.sock");
  {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    stale.copy(to.sun_path, sizeof to.sun_path - 1);
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
    ::close(fd);
  }
  CHECK(second.listen_unix(stale));
  second.stop();
}
