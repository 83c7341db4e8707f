#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "net/classify.hpp"
#include "net/direct_live_client.hpp"
#include "tests/support/local_server.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tls_server.hpp"
#include "tests/support/web_socket_wire.hpp"

using namespace earshot;
using namespace earshot::net;
using namespace std::chrono_literals;
using test::hold;
using test::LocalServer;
using test::ws_accept;
using test::ws_close;
using test::ws_frame;
using test::ws_text;
using Pieces = std::vector<LocalServer::Piece>;

namespace {

struct Bench {
  boost::asio::io_context io{1};
  std::unique_ptr<DirectLiveClient> client;
  /// What one conversation brought: its opening, its messages, and how it ended.
  struct Heard {
    Result<LiveReply> opened;
    std::vector<std::string> messages;
    std::optional<Error> end;
    int empty_reads = 0;
    std::string all() const {
      std::string text;
      for (const auto& message : messages) text += message;
      return text;
    }
  };

  explicit Bench(const std::vector<std::string>& allow = {"127.0.0.1"}) {
    AddressGuard guard;
    REQUIRE(guard.allow(allow).empty());
    client = std::make_unique<DirectLiveClient>(io.get_executor(), "earshot-test/1", guard);
  }

  async::Awaitable<void> listen(LiveRequest request, Heard& heard, std::size_t messages_max) {
    auto opened = co_await client->open(std::move(request));
    heard.opened = std::move(opened);
    while (heard.opened && heard.opened->connection && heard.messages.size() < messages_max) {
      auto messages = co_await heard.opened->connection->read(50ms);
      if (!messages) {
        heard.end = messages.error();
        break;
      }
      if (messages->empty()) ++heard.empty_reads;
      for (auto& message : *messages) heard.messages.push_back(std::move(message));
    }
  }

  void start(LiveRequest request, Heard& heard, std::size_t messages_max = SIZE_MAX) {
    boost::asio::co_spawn(io, listen(std::move(request), heard, messages_max),
                          [this](std::exception_ptr failure) {
                            if (failure) std::rethrow_exception(failure);
                            io.stop();
                          });
  }
  Heard hear(LiveRequest request, std::size_t messages_max = SIZE_MAX) {
    Heard heard;
    start(std::move(request), heard, messages_max);
    io.restart();
    io.run_for(20s);
    return heard;
  }
};

LiveRequest web_socket(const LocalServer& server, const std::string& path = "/subscribe?x=1") {
  LiveRequest request{.transport = LiveTransport::web_socket};
  request.http.url = server.url(path);
  return request;
}
LiveRequest response(const LocalServer& server) {
  LiveRequest request;
  request.http.url = server.url("/stream");
  return request;
}

const std::string stream_head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

}  // namespace

TEST_CASE("messages of a WebSocket come whole, wherever the network cuts them", "[net][live]") {
  const auto big = std::string(70'000, 'x');
  const std::string wire = ws_text("one") + ws_frame(0x01, "tw") + ws_frame(0x89, "ping") +
                           ws_frame(0x80, "o") + ws_frame(0x82, "three") + ws_text(big) +
                           ws_close(1001, "bye");
  const auto cut = GENERATE(0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 11u, 13u, 17u, 20u, 25u, 4000u);
  LocalServer server([&](const std::string& request) {
    return Pieces{{.bytes = ws_accept(request)},
                  {.bytes = wire.substr(0, cut)},
                  {.bytes = wire.substr(cut), .before = 20ms},
                  {.bytes = "", .before = 200ms}};
  });
  Bench bench;
  auto request = web_socket(server);
  request.http.headers.add("X-Extra", "7");
  const auto heard = bench.hear(request);
  REQUIRE(heard.opened);
  CHECK(heard.opened->reply.status == 101);
  CHECK(heard.messages == std::vector<std::string>{"one", "two", "three", big});
  REQUIRE(heard.end);
  CHECK(heard.end->kind == ErrorKind::unreachable);
  CHECK(heard.end->message == "the server closed the connection, code 1001 (bye)");
  const auto head = server.requests().at(0);
  CHECK(head.starts_with("GET /subscribe?x=1 HTTP/1.1\r\n"));
  CHECK(head.find("User-Agent: earshot-test/1") != std::string::npos);
  CHECK(head.find("X-Extra: 7") != std::string::npos);
  CHECK(head.find("permessage-deflate") == std::string::npos);
}

TEST_CASE("a WebSocket that breaks its rules or ends without a word is an error, not a hang", "[net][live]") {
  const auto [name, wire, kind] = GENERATE(table<std::string, std::string, std::optional<ErrorKind>>({
      {"end without a close", ws_text("a"), ErrorKind::unreachable},
      {"garbage", ws_text("a") + "\xFF\xFF\xFF\xFF\xFF", ErrorKind::unreachable},
      {"a masked frame", ws_text("a") + std::string("\x81\x81\x01\x02\x03\x04\x05", 7),
       ErrorKind::unreachable},
      {"not UTF-8", ws_text("a") + ws_text("\xC3\x28"), ErrorKind::unreachable},
      {"too large", ws_text("a") + ws_text(std::string(2'000'000, 'x')), ErrorKind::too_large},
      {"a size of 2^62", ws_text("a") + std::string("\x81\x7F\x40\0\0\0\0\0\0\0", 10),
       std::nullopt},  // broken or too large
  }));
  CAPTURE(name);
  LocalServer server([bytes = wire](const std::string& request) {
    return Pieces{{.bytes = ws_accept(request) + bytes}, {.bytes = "", .before = 200ms}};
  });
  Bench bench;
  const auto heard = bench.hear(web_socket(server));
  REQUIRE(heard.opened);
  CHECK(heard.messages == std::vector<std::string>{"a"});
  REQUIRE(heard.end);
  if (kind) CHECK(heard.end->kind == *kind);
}

TEST_CASE("an answer without a stream comes as what it is", "[net][live]") {
  const auto transport = GENERATE(LiveTransport::web_socket, LiveTransport::response);
  const auto [status, kind] = GENERATE(table<int, ErrorKind>({{401, ErrorKind::unauthorized},
                                                              {404, ErrorKind::gone},
                                                              {420, ErrorKind::rate_limited},
                                                              {429, ErrorKind::rate_limited},
                                                              {503, ErrorKind::unreachable},
                                                              {301, ErrorKind::unreachable},
                                                              {200, ErrorKind::unreachable}}));
  CAPTURE(status);
  LocalServer server([code = status](const std::string&) {
    return Pieces{{.bytes = test::http_reply(code, "<html>no</html>",
                                             "Content-Type: text/html\r\nRetry-After: 7\r\n")}};
  });
  Bench bench;
  LiveRequest request{.transport = transport};
  request.http.url = server.url();
  const auto heard = bench.hear(request);
  REQUIRE(heard.opened);
  CHECK(heard.opened->reply.status == status);
  const auto failure = classify_live(*heard.opened, SystemClock().now());
  REQUIRE(failure);
  CHECK(failure->kind == kind);
  if (status == 429) CHECK(failure->retry_after == 7s);
}

TEST_CASE("garbage in place of an answer is refused", "[net][live]") {
  const auto transport = GENERATE(LiveTransport::web_socket, LiveTransport::response);
  LocalServer server([](const std::string&) { return Pieces{{.bytes = "SSH-2.0-nonsense\r\n\r\n\r\n"}}; });
  Bench bench;
  LiveRequest request{.transport = transport};
  request.http.url = server.url();
  const auto heard = bench.hear(request);
  CHECK_FALSE(heard.opened);
}

TEST_CASE("private addresses are refused for live connections, as numbers and as names", "[net][live]") {
  const auto transport = GENERATE(LiveTransport::web_socket, LiveTransport::response);
  const auto host = GENERATE("127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]");
  LocalServer server([](const std::string& request) { return Pieces{{.bytes = ws_accept(request)}}; });
  Bench bench(std::vector<std::string>{});
  LiveRequest request{.transport = transport};
  request.http.url = "http://" + std::string(host) + ":" + std::to_string(server.port()) + "/";
  const auto heard = bench.hear(request);
  REQUIRE_FALSE(heard.opened);
  CHECK(heard.opened.error().kind == ErrorKind::blocked);
  CHECK(server.requests().empty());
}

TEST_CASE("nobody there and no answer are told apart", "[net][live]") {
  const auto transport = GENERATE(LiveTransport::web_socket, LiveTransport::response);
  Bench bench;
  LiveRequest request{.transport = transport, .connect_timeout = 200ms};
  {
    LocalServer gone([](const std::string&) { return Pieces{}; });
    request.http.url = gone.url();
  }
  CHECK(bench.hear(request).opened.error().kind == ErrorKind::unreachable);
  LocalServer mute([](const std::string&) { return Pieces{hold()}; });
  request.http.url = mute.url();
  CHECK(bench.hear(request).opened.error().kind == ErrorKind::timed_out);
}

TEST_CASE("a WebSocket that answers no ping is dead after its silence, one that does is not", "[net][live]") {
  LocalServer server([](const std::string& request) {
    return Pieces{{.bytes = ws_accept(request) + ws_text("a")}, hold()};
  });
  Bench bench;
  auto request = web_socket(server);
  request.silence_max = 200ms;
  const auto heard = bench.hear(request);
  REQUIRE(heard.end);
  CHECK(heard.end->kind == ErrorKind::timed_out);
  CHECK(heard.empty_reads > 0);

  // Longer than the silence, and each pause far shorter than it.
  request.silence_max = 1'500ms;
  LocalServer alive([](const std::string& request_) {
    Pieces pieces{{.bytes = ws_accept(request_)}};
    for (int i = 0; i < 20; ++i) pieces.push_back({.bytes = ws_frame(0x8A, ""), .before = 100ms});
    pieces.push_back({.bytes = ws_text("late")});
    pieces.push_back({.bytes = "", .before = 100ms});
    return pieces;
  });
  request.http.url = alive.url();
  const auto late = bench.hear(request);
  CHECK(late.messages == std::vector<std::string>{"late"});
}

TEST_CASE("a response is read as it arrives, and its silence has a limit", "[net][live]") {
  LocalServer server([](const std::string&) {
    return Pieces{{.bytes = stream_head},
                  {.bytes = "data: 1\n", .before = 100ms},
                  {.bytes = "\n:thump\n", .before = 100ms},
                  hold()};
  });
  Bench bench;
  auto request = response(server);
  request.silence_max = 300ms;
  const auto heard = bench.hear(request);
  REQUIRE(heard.opened);
  CHECK(heard.opened->reply.status == 200);
  CHECK(heard.opened->reply.headers.find("content-type") == "text/event-stream");
  CHECK(heard.all() == "data: 1\n\n:thump\n");
  REQUIRE(heard.end);
  CHECK(heard.end->kind == ErrorKind::timed_out);
}

TEST_CASE("the end of a response comes after what arrived before it", "[net][live]") {
  LocalServer server([](const std::string&) { return Pieces{{.bytes = stream_head + "last words"}}; });
  Bench bench;
  const auto heard = bench.hear(response(server));
  CHECK(heard.all() == "last words");
  REQUIRE(heard.end);
  CHECK(heard.end->kind == ErrorKind::unreachable);
}

TEST_CASE("while nobody reads, nothing is taken from the socket, and nothing is lost", "[net][live]") {
  const auto transport = GENERATE(LiveTransport::web_socket, LiveTransport::response);
  constexpr std::size_t pieces_count = 600, piece_size = 64 << 10;
  LocalServer server([&](const std::string& request) {
    const bool socket = request.find("Upgrade") != std::string::npos;
    Pieces pieces{{.bytes = socket ? ws_accept(request) : stream_head}};
    for (std::size_t i = 0; i < pieces_count; ++i) {
      const std::string payload(piece_size, static_cast<char>('a' + i % 26));
      pieces.push_back({.bytes = socket ? ws_text(payload) : payload});
    }
    return pieces;
  });
  Bench bench;
  LiveRequest request{.transport = transport};
  request.http.url = server.url();
  Bench::Heard heard;
  bench.start(request, heard, 1);  // one read, then no more
  bench.io.run_for(5s);
  REQUIRE(heard.opened);
  bench.io.restart();
  std::size_t before = 0;
  // The server goes on until every buffer between us is full, which is far before all was sent.
  for (int calm = 0; calm < 10;) {
    bench.io.restart();
    bench.io.run_for(20ms);
    const auto sent = server.bytes_sent();
    calm = sent == before ? calm + 1 : 0;
    before = sent;
  }
  CHECK(before < pieces_count * piece_size / 2);
  std::size_t total = 0;
  for (const auto& message : heard.messages) total += message.size();
  heard.messages.clear();
  // Reading on takes up where it stopped.
  struct Rest {
    static async::Awaitable<void> read(LiveConnection& connection, std::size_t& sum, bool& done) {
      for (;;) {
        auto messages = co_await connection.read(std::chrono::seconds(5));
        if (!messages) break;
        for (const auto& message : *messages) sum += message.size();
      }
      done = true;
    }
  };
  bool done = false;
  boost::asio::co_spawn(bench.io, Rest::read(*heard.opened->connection, total, done),
                        [](std::exception_ptr) {});
  while (!done) {
    bench.io.restart();
    bench.io.run_for(20ms);
  }
  CHECK(total == pieces_count * piece_size);
}

TEST_CASE("a stop ends open and opening connections at once", "[net][live]") {
  const auto transport = GENERATE(LiveTransport::web_socket, LiveTransport::response);
  const bool answers = GENERATE(true, false);
  LocalServer server([&](const std::string& request) {
    if (!answers) return Pieces{hold()};
    return Pieces{{.bytes = transport == LiveTransport::web_socket ? ws_accept(request) : stream_head},
                  hold()};
  });
  Bench bench;
  LiveRequest request{.transport = transport};
  request.http.url = server.url();
  Bench::Heard heard;
  bench.start(request, heard);
  bench.io.run_for(200ms);
  bench.client->stop();
  bench.io.restart();
  bench.io.run_for(5s);
  if (answers) {
    REQUIRE(heard.end);
    CHECK(heard.end->kind == ErrorKind::cancelled);
  } else {
    REQUIRE_FALSE(heard.opened);
    CHECK(heard.opened.error().kind == ErrorKind::cancelled);
  }
  CHECK(bench.hear(request).opened.error().kind == ErrorKind::cancelled);
}

TEST_CASE("a WebSocket behind TLS needs a certificate that is trusted and names the host",
          "[net][live][tls]") {
  test::TempDir folder;
  test::TlsServer server(folder.file("certificate.pem"), [](const std::string& request) {
    return ws_accept(request) + ws_text("secret") + ws_close(1000, "");
  });
  LiveRequest request{.transport = LiveTransport::web_socket};
  const auto hear = [&](const std::string& host) {
    Bench bench({"127.0.0.1", "::1"});
    request.http.url = server.url(host);
    auto heard = bench.hear(request);
    if (heard.opened) heard.opened->connection.reset();  // before the executor goes
    return heard;
  };
  const auto stranger = hear("localhost");
  REQUIRE_FALSE(stranger.opened);
  CHECK(stranger.opened.error().kind == ErrorKind::unreachable);
  CHECK(stranger.opened.error().message.find("no secure connection") != std::string::npos);
  REQUIRE(::setenv("SSL_CERT_FILE", folder.file("certificate.pem").c_str(), 1) == 0);
  const auto trusted = hear("localhost");
  const auto misnamed = hear("127.0.0.1");
  ::unsetenv("SSL_CERT_FILE");
  REQUIRE(trusted.opened);
  CHECK(trusted.messages == std::vector<std::string>{"secret"});
  REQUIRE_FALSE(misnamed.opened);
  CHECK(misnamed.opened.error().message.find("no secure connection") != std::string::npos);
  CHECK(server.requests() == 1);
}
