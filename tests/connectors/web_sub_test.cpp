// A hub and a source that listens to it: what is asked, what is believed, and what happens when either is
// away.
#include "connectors/feed/web_sub.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "core/base/url.hpp"
#include "net/auth/digest.hpp"
#include "net/secret_source.hpp"
#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::connectors;
using namespace earshot::connectors::feed;
using namespace std::chrono_literals;

namespace {

const auto noon = from_ms(1'776'083'057'000);
const std::string topic = "https://blog.example/feed";
const std::string hub = "https://hub.example/";
const std::string document =
    R"(<feed xmlns="http://www.w3.org/2005/Atom"><title>b</title><link rel="hub" href="https://hub.example/"/>)"
    R"(<link rel="self" href="https://blog.example/feed"/><entry><id>urn:e:1</id><title>Fernwave hums</title>)"
    R"(<updated>2026-04-13T10:00:00Z</updated><content>It hums</content></entry></feed>)";

struct FakeSecrets final : net::SecretSource {
  std::string text = "a secret of the source";
  async::Awaitable<Result<Secret>> secret(std::string) override { co_return Secret(text); }
};

std::string form_value(const std::string& body, const std::string& name) {
  return query_value("https://x.example/?" + body, name).value_or("");
}

struct Bench {
  boost::asio::io_context io;
  test::FakeHttpClient http;
  test::FakeClock clock{noon};
  FakeSecrets secrets;
  Context context{.http = http, .clock = clock, .secrets = &secrets};
  std::vector<std::string> urls = {topic};
  std::unique_ptr<Connector> connector;
  std::optional<Cursor> cursor;
  std::vector<Mention> stored;
  int hub_status = 202;

  Bench() {
    http.respond_with([this](const net::HttpRequest& request) -> net::HttpReply {
      if (request.method == "POST") return test::make_reply(hub_status, "");
      return test::make_reply(200, document, {{"Content-Type", "application/atom+xml"}});
    });
    restart();
  }
  void restart() {
    ConnectorInput input{
        .source = "blogs",
        .settings = test::settings_of({{"urls", {urls, ""}}, {"websub_secret", {std::string("hub"), ""}}}),
        .brands = {},
        .callback = "https://ears.example/hooks/blogs"};
    auto made = find_connector("feed")->make(input);
    REQUIRE(made);
    connector = std::move(*made);
  }
  Stream live() const { return connector->streams().back(); }
  /// What the live stream brings next, what was sent meanwhile being taken in.
  Result<Page> next() {
    std::optional<Result<Page>> out;
    const auto stream = live();
    boost::asio::co_spawn(io, connector->fetch(context, stream, cursor),
                          [&](std::exception_ptr failure, Result<Page> page) {
                            if (failure) std::rethrow_exception(failure);
                            out = std::move(page);
                          });
    io.restart();
    while (!out && io.run_one() > 0) {
    }
    REQUIRE(out);
    if (*out) {
      cursor = (*out)->cursor;
      for (const auto& mention : (*out)->mentions) stored.push_back(mention);
    }
    return std::move(*out);
  }
  void poll() {
    const auto stream = connector->streams().front();
    REQUIRE(test::run_coro(connector->fetch(context, stream, std::nullopt)));
  }
  PushReply receive(PushRequest request) {
    return test::run_coro(connector->receiver()->receive(std::move(request), clock.now()));
  }
  net::HttpRequest last_ask() const {
    for (auto one = http.requests().rbegin(); one != http.requests().rend(); ++one)
      if (one->method == "POST") return *one;
    return {};
  }
  std::size_t asks() const {
    return static_cast<std::size_t>(std::ranges::count(http.requests(), "POST", &net::HttpRequest::method));
  }
  std::string feed_key() const {
    return query_value(form_value(last_ask().body, "hub.callback"), "feed").value_or("");
  }
  PushReply verify(const std::string& mode = "subscribe", const std::string& about = topic,
                   const std::string& lease = "1000") {
    return receive({.method = "GET",
                    .query = {{"feed", feed_key()},
                              {"hub.mode", mode},
                              {"hub.topic", about},
                              {"hub.challenge", "c-h-a-l-l"},
                              {"hub.lease_seconds", lease}}});
  }
  PushRequest push(const std::string& body, const std::string& method = "sha256") {
    const auto digest = method == "sha1"     ? net::auth::Digest::sha1
                        : method == "sha384" ? net::auth::Digest::sha384
                        : method == "sha512" ? net::auth::Digest::sha512
                                             : net::auth::Digest::sha256;
    const auto secret = form_value(last_ask().body, "hub.secret");
    return {
        .query = {{"feed", feed_key()}},
        .headers = {{"X-Hub-Signature", method + "=" + net::auth::hex(net::auth::hmac(digest, secret, body))},
                    {"Content-Type", "application/atom+xml"}},
        .body = body};
  }
  void subscribe() {
    REQUIRE(next());
    poll();
    REQUIRE(next());
    REQUIRE(verify().status == 200);
  }
};

}  // namespace

TEST_CASE("a feed's hub is asked with a secret of its own, and answered when it asks back",
          "[connectors][websub]") {
  Bench bench;
  REQUIRE(bench.next());
  CHECK(bench.asks() == 0);
  bench.poll();
  REQUIRE(bench.next());
  REQUIRE(bench.asks() == 1);
  const auto ask = bench.last_ask();
  CHECK(ask.url == hub);
  CHECK(ask.carries_secret);
  CHECK(form_value(ask.body, "hub.mode") == "subscribe");
  CHECK(form_value(ask.body, "hub.topic") == topic);
  CHECK(form_value(ask.body, "hub.callback").starts_with("https://ears.example/hooks/blogs?feed="));
  const auto secret = form_value(ask.body, "hub.secret");
  CHECK(secret.size() == 64);
  CHECK(secret.find(bench.secrets.text) == std::string::npos);
  CHECK(bench.cursor->json.find(secret) == std::string::npos);

  CHECK(bench.verify("unsubscribe").status == 404);
  CHECK(bench.verify("subscribe", "https://evil.example/").status == 404);
  CHECK(bench.receive({.method = "GET", .query = {{"feed", "nobody"}, {"hub.mode", "subscribe"}}}).status ==
        404);
  const auto answer = bench.verify();
  CHECK(answer.status == 200);
  CHECK(answer.body == "c-h-a-l-l");
}

TEST_CASE("what a hub pushes is stored once, and only when its signature is right", "[connectors][websub]") {
  Bench bench;
  bench.subscribe();
  REQUIRE(bench.next());
  for (const auto* method : {"sha256", "sha1", "sha384", "sha512"}) {
    auto wrong = bench.push(document, method);
    CHECK(check_signature(wrong.headers[0].second, Secret(form_value(bench.last_ask().body, "hub.secret")),
                          document));
    wrong.body += " ";
    CHECK(bench.receive(wrong).status == 401);
  }
  auto unsigned_one = bench.push(document);
  unsigned_one.headers.clear();
  CHECK(bench.receive(unsigned_one).status == 401);
  auto odd = bench.push(document);
  odd.headers[0].second = "md5=abc";
  CHECK(bench.receive(odd).status == 401);
  auto stranger = bench.push(document);
  stranger.query = {{"feed", "nobody"}};
  CHECK(bench.receive(stranger).status == 410);
  CHECK(bench.receive(bench.push("<html><body>an error</body></html>")).status == 400);
  CHECK(bench.stored.empty());

  std::optional<PushReply> heard;
  boost::asio::co_spawn(bench.io,
                        bench.connector->receiver()->receive(bench.push(document), bench.clock.now()),
                        [&](std::exception_ptr, PushReply reply) { heard = std::move(reply); });
  REQUIRE(bench.next());
  CHECK_FALSE(heard);  // not before it is durable
  bench.clock.advance(1s);
  bench.connector->stop();
}

TEST_CASE("a stream's checkpoint tells when a hub sent something last", "[connectors][websub]") {
  const auto last_at = [](const std::optional<Cursor>& cursor) {
    return find_connector("feed")->pushes.last_at(cursor.value_or(Cursor{}));
  };
  Bench bench;
  bench.subscribe();
  REQUIRE(bench.next());
  CHECK_FALSE(last_at(bench.cursor));
  bench.clock.advance(1h);
  boost::asio::co_spawn(bench.io,
                        bench.connector->receiver()->receive(bench.push(document), bench.clock.now()),
                        [](std::exception_ptr, PushReply) {});
  REQUIRE(bench.next());
  CHECK(last_at(bench.cursor) == noon + 1h);
  CHECK_FALSE(last_at(Cursor{.schema = 1, .json = "nonsense"}));
  CHECK_FALSE(last_at(std::nullopt));
  bench.connector->stop();
}

TEST_CASE("a hub is found however its link is written", "[connectors][websub]") {
  const auto link =
      GENERATE(as<std::string>{}, R"(<link rel="hub" href="https://hub.example/"/>)",
               R"(<link rel="HUB self" href="https://hub.example/">x</link>)",
               R"(<a:link xmlns:a="http://www.w3.org/2005/Atom" rel=" via  hub " href="//hub.example/"/>)");
  CAPTURE(link);
  Bench bench;
  bench.http.respond_with([&](const net::HttpRequest& request) {
    if (request.method == "POST") return test::make_reply(202, "");
    return test::make_reply(
        200, R"(<rss version="2.0"><channel><title>b</title><link>https://blog.example/</link>)" + link +
                 "<item><guid>1</guid><title>hums</title></item></channel></rss>");
  });
  REQUIRE(bench.next());
  bench.poll();
  REQUIRE(bench.next());
  CHECK(bench.last_ask().url == hub);
  bench.connector->stop();
}

TEST_CASE("a lease is renewed before it ends, by the same secret", "[connectors][websub]") {
  Bench bench;
  bench.subscribe();
  REQUIRE(bench.next());
  CHECK(bench.asks() == 1);
  const auto secret = form_value(bench.last_ask().body, "hub.secret");
  bench.clock.advance(801s);
  REQUIRE(bench.next());
  CHECK(bench.asks() == 2);
  CHECK(form_value(bench.last_ask().body, "hub.secret") == secret);
  CHECK(bench.verify().status == 200);
  // Known to the next process as well: it asks for nothing.
  REQUIRE(bench.next());
  bench.restart();
  REQUIRE(bench.next());
  CHECK(bench.asks() == 2);
  CHECK(bench.receive(bench.push("<html><body>x</body></html>")).status == 400);
}

TEST_CASE("a hub that is away or refuses is asked rarely", "[connectors][websub]") {
  Bench bench;
  bench.hub_status = 503;
  REQUIRE(bench.next());
  bench.poll();
  REQUIRE(bench.next());
  CHECK(bench.asks() == 1);
  bench.clock.advance(30s);
  bench.restart();  // a start is no reason to hurry
  REQUIRE(bench.next());
  CHECK(bench.asks() == 1);
  bench.clock.advance(31s);
  bench.restart();
  REQUIRE(bench.next());
  CHECK(bench.asks() == 2);
  CHECK(bench
            .receive({.method = "GET",
                      .query = {{"feed", bench.feed_key()}, {"hub.mode", "denied"}, {"hub.topic", topic}}})
            .status == 200);
  REQUIRE(bench.next());
  bench.clock.advance(2h);
  bench.restart();
  REQUIRE(bench.next());
  CHECK(bench.asks() == 2);
}

TEST_CASE("a feed that goes is unsubscribed from", "[connectors][websub]") {
  Bench bench;
  bench.subscribe();
  REQUIRE(bench.next());
  bench.urls = {"https://other.example/feed"};
  bench.restart();
  REQUIRE(bench.next());
  CHECK(bench.asks() == 2);
  CHECK(form_value(bench.last_ask().body, "hub.mode") == "unsubscribe");
  CHECK(form_value(bench.last_ask().body, "hub.secret").empty());
  CHECK(bench.receive({.query = {{"feed", bench.feed_key()}}, .body = document}).status == 410);
  CHECK(bench.verify("unsubscribe").body == "c-h-a-l-l");
  REQUIRE(bench.next());
  CHECK(bench.cursor->json.find(topic) == std::string::npos);
}

TEST_CASE("a source that is removed takes leave of its hubs, and is done", "[connectors][websub]") {
  Bench bench;
  const auto& leaving = find_connector("feed")->leaving;
  REQUIRE(leaving.stream == bench.live().name);
  const auto leave = [&](const std::string& callback) {
    const ConnectorInput input{.source = "blogs", .settings = {}, .brands = {}, .callback = callback};
    return leaving.make(input, *bench.cursor);
  };
  const std::string callback = "https://ears.example/hooks/blogs";
  REQUIRE(bench.next());
  CHECK(leave(callback) == nullptr);  // no hub knows us
  bench.cursor.reset();
  bench.subscribe();
  REQUIRE(bench.next());
  const auto late = bench.push(document);
  CHECK(leave("") == nullptr);  // hubs could not ask back
  bench.connector = leave(callback);
  REQUIRE(bench.connector);
  // Nobody needs the secret for that: it may be gone with the source.
  bench.context.secrets = nullptr;

  bench.hub_status = 503;
  REQUIRE(bench.next());
  REQUIRE(bench.asks() == 2);
  CHECK(form_value(bench.last_ask().body, "hub.mode") == "unsubscribe");
  CHECK(form_value(bench.last_ask().body, "hub.secret").empty());
  bench.hub_status = 202;
  // The next start goes on from what is durable.
  bench.connector = leave(callback);
  REQUIRE(bench.connector);
  bench.clock.advance(2min);
  REQUIRE(bench.next());
  CHECK(bench.asks() == 3);
  CHECK(bench.connector->streams().size() == 1);
  CHECK(bench.receive(late).status == 410);
  CHECK(bench.verify("subscribe").status == 404);
  REQUIRE(bench.verify("unsubscribe").status == 200);
  REQUIRE(bench.next());
  CHECK(bench.connector->streams().empty());
  CHECK(leave(callback) == nullptr);
}

TEST_CASE("hubs stand in Link headers, in documents and in JSON feeds", "[connectors][websub]") {
  Subscriptions all;
  CHECK_FALSE(all.note(topic, "", topic));
  CHECK_FALSE(all.note(topic, "no address", topic));
  CHECK(all.note(topic, hub, topic));
  CHECK_FALSE(all.note(topic, hub, topic));
  CHECK(all.note(topic, "https://second.example/", topic));
  REQUIRE(all.all.size() == 2);
  CHECK(all.all[0].state == Subscription::State::leaving);
  JsonWriter out;
  all.write(out);
  const auto json = parse_json(out.str());
  REQUIRE(json);
  CHECK(Subscriptions::read(json->root()).all == all.all);
  const auto broken =
      parse_json(R"([{"url":1},{"url":"a","topic":"b","hub":"https://h.example/","state":"odd"},7])");
  CHECK(Subscriptions::read(broken->root()).all.empty());
}

TEST_CASE("a hub is learned from an answer that says nothing else", "[connectors][websub]") {
  Bench bench;
  std::string links;
  bench.http.respond_with([&](const net::HttpRequest& request) -> net::HttpReply {
    if (request.method == "POST") return test::make_reply(202, "");
    return test::make_reply(304, "", {{"Link", links}});
  });
  REQUIRE(bench.next());
  for (const auto* none :
       {"", R"(<https://hub.example/>; rel="hub")", R"(<https://blog.example/feed>; rel="self")"}) {
    links = none;
    bench.poll();
    bench.cursor.reset();  // so that nothing is waited for
    REQUIRE(bench.next());
    CHECK(bench.asks() == 0);
  }
  links = R"(</hub>; rel="hub", </feed>; rel="self")";
  bench.poll();
  REQUIRE(bench.next());
  REQUIRE(bench.asks() == 1);
  CHECK(bench.last_ask().url == "https://blog.example/hub");
  CHECK(form_value(bench.last_ask().body, "hub.topic") == topic);
  REQUIRE(bench.verify().status == 200);
  // One that names none this time leaves everything as it was.
  links.clear();
  bench.poll();
  bench.cursor.reset();
  REQUIRE(bench.next());
  CHECK(bench.asks() == 1);
}

TEST_CASE("settings of hubs are checked", "[connectors][websub]") {
  const auto mistakes = [](const char* secret, const char* callback) {
    const auto made = find_connector("feed")->make(
        {.source = "b",
         .settings = test::settings_of(
             {{"urls", {std::vector<std::string>{topic}, ""}}, {"websub_secret", {std::string(secret), ""}}}),
         .brands = {},
         .callback = callback});
    return made ? std::string() : made.error().message;
  };
  CHECK(mistakes("hub", "https://ears.example/hooks/b").empty());
  CHECK(mistakes("hub", "").find("needs `public` in [http]") != std::string::npos);
  CHECK(mistakes("a secret", "https://e.example/").find("never hold a secret") != std::string::npos);
}
