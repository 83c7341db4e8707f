// Pushed mentions: every scheme's proof, what a body becomes, and when a sender hears that it is stored.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <functional>

#include "connectors/push.hpp"
#include "connectors/webhook/body_map.hpp"
#include "connectors/webhook/inbox.hpp"
#include "connectors/webhook/signature.hpp"
#include "net/auth/webhook_signature.hpp"
#include "net/secret_source.hpp"
#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::connectors;
using namespace earshot::connectors::webhook;
using net::auth::Digest;

namespace {

constexpr std::string_view hook_secret = "a secret of the hook";
const auto noon = from_ms(1'731'705'121'000);

struct FakeSecrets final : net::SecretSource {
  std::map<std::string, std::string> all = {{"hook", std::string(hook_secret)}};
  async::Awaitable<Result<Secret>> secret(std::string name) override {
    const auto found = all.find(name);
    if (found == all.end()) co_return unexpected(ErrorKind::unauthorized, "there is no credential " + name);
    co_return Secret(found->second);
  }
};

std::vector<Secret> keys(Scheme scheme, std::initializer_list<std::string_view> secrets) {
  std::vector<Secret> out;
  for (const auto text : secrets) {
    auto key = key_of(scheme, Secret(std::string(text)));
    REQUIRE(key);
    out.push_back(std::move(*key));
  }
  return out;
}

PushRequest github(std::string body, std::string event = "issues", std::string_view secret = hook_secret) {
  PushRequest out;
  const auto code = net::auth::hmac_sha256_hex(secret, body);
  out.headers = {{"x-hub-signature-256", "sha256=" + code}, {"X-GitHub-Event", std::move(event)}};
  out.body = std::move(body);
  return out;
}

std::string issue(int number, const std::string& action = "opened") {
  const auto n = std::to_string(number);
  return R"({"action":")" + action + R"(","issue":{"url":"https://api.github.com/repos/a/b/issues/)" + n +
         R"(","html_url":"https://github.com/a/b/issues/)" + n +
         R"(","title":"It breaks","body":"The export breaks.","created_at":"2024-11-15T20:00:00Z",)"
         R"("user":{"id":7,"login":"ann","type":"User"},"state":"open","comments":0}})";
}

Settings settings_of(const std::string& text) {
  const auto root = parse_toml(text, "test.toml");
  REQUIRE(root);
  Settings out;
  for (const auto& [key, node] : root->members) {
    Setting setting{.value = node, .where = "test.toml:1:1"};
    if (node.is(TomlNode::Kind::text)) setting.value = node.text;
    if (node.is(TomlNode::Kind::integer)) setting.value = node.integer;
    std::vector<std::string> texts;
    for (const auto& element : node.elements)
      if (element.is(TomlNode::Kind::text)) texts.push_back(element.text);
    if (!texts.empty()) setting.value = std::move(texts);
    out.set(key, std::move(setting));
  }
  return out;
}

/// A source with a store that commits each page, unless it is told not to.
class Bench {
 public:
  explicit Bench(const std::string& text) : connector_(test::make_connector("webhook", settings_of(text))) {
    fetch();
  }
  ~Bench() {
    connector_->stop();
    io_.run();
  }

  /// What the sender hears, the store working meanwhile.
  PushReply push(PushRequest request) {
    io_.restart();
    auto waiting = send(std::move(request));
    while (!*waiting && io_.run_one() > 0) {
    }
    return waiting->value();
  }

  /// Sent; the answer comes when it comes.
  std::shared_ptr<std::optional<PushReply>> send(PushRequest request) {
    auto out = std::make_shared<std::optional<PushReply>>();
    auto receiver = connector_->receiver();
    boost::asio::co_spawn(io_, receiver->receive(std::move(request), noon),
                          [out, receiver](std::exception_ptr failure, PushReply reply) {
                            if (failure) std::rethrow_exception(failure);
                            *out = std::move(reply);
                          });
    return out;
  }

  void work() {
    while (io_.poll() > 0) {
    }
  }
  void stop() { connector_->stop(); }

  FakeSecrets secrets;
  bool store_works = true;
  std::vector<Mention> stored;
  std::size_t malformed = 0;
  std::optional<Error> trouble;
  std::optional<Cursor> cursor;

 private:
  void fetch() {
    boost::asio::co_spawn(io_, connector_->fetch(context_, stream_, cursor),
                          [this](std::exception_ptr failure, Result<Page> page) {
                            if (failure) std::rethrow_exception(failure);
                            take(std::move(page));
                          });
  }

  void take(Result<Page> page) {
    if (!page) {
      trouble = page.error();
      return;
    }
    if (store_works) {
      cursor = page->cursor;
      malformed += page->bad_items.size();
      for (auto& mention : page->mentions) stored.push_back(std::move(mention));
    }
    fetch();
  }

  boost::asio::io_context io_;
  test::FakeHttpClient http_;
  test::FakeClock clock_{noon};
  std::unique_ptr<Connector> connector_;
  Stream stream_{.name = "push", .live = true};
  Context context_{.http = http_, .clock = clock_, .secrets = &secrets};
};

const std::string github_source = "scheme = \"github\"\nsecret = \"hook\"\n";
const std::string own_source =
    "scheme = \"hmac\"\nsecret = \"hook\"\nheader = \"X-Sig\"\nencoding = \"base64\"\nplatform = \"shop\"\n";

PushRequest own(std::string body) {
  PushRequest out;
  out.headers = {{"X-Sig", net::auth::base64(net::auth::hmac(Digest::sha256, hook_secret, body))}};
  out.body = std::move(body);
  return out;
}

}  // namespace

TEST_CASE("the published examples of every scheme are right", "[connectors][webhook]") {
  PushRequest request;
  SECTION("Standard Webhooks") {
    const auto trusted = keys(Scheme::standard, {"whsec_plJ3nmyCDGBKInavdOK15jsl"});
    request.body = R"({"event_type":"ping","data":{"success":true}})";
    request.headers = {{"webhook-id", "msg_loFOjxBNrRLzqYUf"},
                       {"webhook-timestamp", "1731705121"},
                       {"webhook-signature", "v1,bad v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="}};
    CHECK(verify({.scheme = Scheme::standard}, trusted, request, noon));
    CHECK(verify({.scheme = Scheme::standard}, trusted, request, noon + std::chrono::minutes(5)));
    CHECK_FALSE(verify({.scheme = Scheme::standard}, trusted, request, noon + std::chrono::seconds(301)));
    CHECK_FALSE(verify({.scheme = Scheme::standard}, trusted, request, noon - std::chrono::seconds(301)));
    request.headers[0].second = "msg_another";
    CHECK_FALSE(verify({.scheme = Scheme::standard}, trusted, request, noon));
  }
  SECTION("GitHub") {
    const auto trusted = keys(Scheme::github, {"It's a Secret to Everybody"});
    request.body = "Hello, World!";
    request.headers = {
        {"X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}};
    CHECK(verify({.scheme = Scheme::github}, trusted, request, noon));
    request.body += " ";
    CHECK_FALSE(verify({.scheme = Scheme::github}, trusted, request, noon));
  }
  SECTION("Slack") {
    const auto trusted = keys(Scheme::slack, {"8f742231b10e8888abcd99yyyzzz85a5"});
    request.body =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
        "channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
        "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
        "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    request.headers = {
        {"X-Slack-Request-Timestamp", "1531420618"},
        {"X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"}};
    CHECK(verify({.scheme = Scheme::slack}, trusted, request, from_ms(1'531'420'618'000)));
    CHECK_FALSE(verify({.scheme = Scheme::slack}, trusted, request, noon));
    request.headers[0].second = "1531420619";
    CHECK_FALSE(verify({.scheme = Scheme::slack}, trusted, request, from_ms(1'531'420'618'000)));
  }
}

TEST_CASE("codes are those of RFC 4231 and RFC 2202", "[connectors][webhook]") {
  const std::string_view key = "Jefe", text = "what do ya want for nothing?";
  CHECK(net::auth::hex(net::auth::hmac(Digest::sha1, key, text)) ==
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  CHECK(net::auth::hex(net::auth::hmac(Digest::sha256, key, text)) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(net::auth::hex(net::auth::hmac(Digest::sha512, key, text)).substr(0, 32) ==
        "164b7a7bfcf819e2e395fbe73b56e0a3");
}

TEST_CASE("wrong, missing, cut and doubled proofs are refused, and leave nothing", "[connectors][webhook]") {
  Bench b(github_source);
  auto request = github(issue(1));
  const auto& good = request.headers[0].second;
  SECTION("missing") { request.headers.erase(request.headers.begin()); }
  SECTION("empty") { request.headers[0].second.clear(); }
  SECTION("cut") { request.headers[0].second = good.substr(0, good.size() - 1); }
  SECTION("the prefix alone") { request.headers[0].second = "sha256="; }
  SECTION("without its prefix") { request.headers[0].second = good.substr(7); }
  SECTION("with something behind it") { request.headers[0].second += "0"; }
  SECTION("doubled") { request.headers.emplace_back("X-HUB-SIGNATURE-256", good); }
  SECTION("of another body") { request.body += "\n"; }
  SECTION("with another key") { request = github(issue(1), "issues", "another secret of somebody"); }
  SECTION("zero bytes") { request.headers[0].second = std::string(71, '\0'); }
  const auto reply = b.push(request);
  CHECK(reply.status == 401);
  CHECK(reply.body.find("sha256=") == std::string::npos);
  CHECK(b.stored.empty());
}

TEST_CASE("timestamps that are none are refused", "[connectors][webhook]") {
  const auto trusted = keys(Scheme::standard, {hook_secret});
  for (const auto* text :
       {"", "now", "1731705121.0", "-1", "99999999999999999999", "1731705121 ", "0x67378e61"}) {
    PushRequest request;
    request.headers = {{"webhook-id", "a"},
                       {"webhook-timestamp", text},
                       {"webhook-signature", net::auth::sign(trusted[0], "a", noon, "")}};
    CHECK_FALSE(verify({.scheme = Scheme::standard}, trusted, request, noon));
  }
}

TEST_CASE("a sender hears of success only after the commit", "[connectors][webhook]") {
  Bench b(github_source);
  b.work();
  const auto reply = b.push(github(issue(1)));
  CHECK(reply.status == 200);
  CHECK(reply.body == R"({"accepted":1,"malformed":0,"repeated":false})");
  REQUIRE(b.stored.size() == 1);
  CHECK(b.stored[0].platform == "github");
  CHECK(b.stored[0].native_id == "https://api.github.com/repos/a/b/issues/1");
  CHECK(b.stored[0].author.handle == "ann");
  SECTION("a repeat changes nothing") {
    CHECK(b.push(github(issue(1))).body == R"({"accepted":0,"malformed":0,"repeated":true})");
    CHECK(b.stored.size() == 1);
  }
  SECTION("a page that the store did not take is asked for again") {
    b.store_works = false;
    CHECK(b.push(github(issue(2))).status == 503);
    CHECK(b.stored.size() == 1);
    b.store_works = true;
    CHECK(b.push(github(issue(2))).status == 200);
    CHECK(b.stored.size() == 2);
  }
  SECTION("those who wait at the end are told to come again") {
    const auto waiting = b.send(github(issue(3)));
    b.stop();
    b.work();
    REQUIRE(*waiting);
    CHECK((*waiting)->status == 503);
  }
  SECTION("too many at once are told so") {
    std::vector<std::shared_ptr<std::optional<PushReply>>> all;
    for (int i = 10; i < 110; ++i) all.push_back(b.send(github(issue(i))));
    b.work();
    int taken = 0, refused = 0;
    for (const auto& one : all) {
      REQUIRE(*one);
      taken += (*one)->status == 200;
      refused += (*one)->status == 503;
    }
    CHECK(taken + refused == 100);
    CHECK(taken >= 64);
    CHECK(b.stored.size() == 1 + static_cast<std::size_t>(taken));
  }
}

TEST_CASE("what was delivered is known to another process by the cursor", "[connectors][webhook]") {
  Place place;
  place.count = 3;
  place.last_at = noon;
  place.deliveries = {"a", "b"};
  const auto again = Place::read(place.write());
  REQUIRE(again);
  CHECK(again->knows("b"));
  CHECK_FALSE(again->knows("c"));
  CHECK(again->count == 3);
  CHECK(again->last_at == noon);
  CHECK_FALSE(Place::read({.schema = 1, .json = "nonsense"}));
  CHECK_FALSE(Place::read({.schema = 9, .json = "{}"}));
}

TEST_CASE("bodies in the interchange format, and hostile ones", "[connectors][webhook]") {
  Bench b(own_source);
  const std::string one = R"({"id":"1","text":"Acme is down","created_at":"2024-11-15T20:00:00Z"})";
  const std::string two = R"({"id":"2","text":"Acme is up","created_at":"2024-11-15T20:01:00Z"})";
  SECTION("one object, a list, lines") {
    CHECK(b.push(own(one)).status == 200);
    CHECK(b.push(own("[" + one + "," + two + "]")).body.find("\"accepted\":2") != std::string::npos);
    CHECK(b.push(own(one + "\n" + two + "\n")).body.find("\"accepted\":2") != std::string::npos);
    CHECK(b.stored.size() == 5);
    CHECK(b.stored[0].platform == "shop");
  }
  SECTION("the good part of a list stays") {
    CHECK(b.push(own("[" + one + ",{\"id\":\"3\"},7]")).body ==
          R"({"accepted":1,"malformed":2,"repeated":false})");
    CHECK(b.malformed == 2);
  }
  SECTION("what is nothing at all is counted and refused") {
    for (const std::string& body :
         {std::string(), std::string("{"), one.substr(0, 30), std::string("null"), std::string("\xff\xfe"),
          std::string(5000, '['), std::string("{\"a\":") + std::string(300, '{')})
      CHECK(b.push(own(body)).status == 400);
    CHECK(b.malformed == 7);
    CHECK(b.stored.empty());
  }
  SECTION("wrong UTF-8 is repaired") {
    CHECK(b.push(own("{\"id\":\"1\",\"text\":\"Acme \xff down\",\"created_at\":\"2024-11-15T20:00:00Z\"}"))
              .status == 200);
    REQUIRE(b.stored.size() == 1);
    CHECK(b.stored[0].text.find('\xff') == std::string::npos);
  }
}

TEST_CASE("handshakes are answered as each sender wants it", "[connectors][webhook]") {
  SECTION("GitHub's ping") {
    Bench b(github_source);
    CHECK(b.push(github(R"({"zen":"x"})", "ping")).status == 200);
  }
  SECTION("Slack's challenge, when it is signed") {
    Bench b("scheme = \"slack\"\nsecret = \"hook\"\n");
    const auto ask = [&](const std::string& challenge) {
      PushRequest out;
      out.body = R"({"type":"url_verification","challenge":")" + challenge + "\"}";
      const auto text = "v0:1731705121:" + out.body;
      out.headers = {{"X-Slack-Request-Timestamp", "1731705121"},
                     {"X-Slack-Signature", "v0=" + net::auth::hmac_sha256_hex(hook_secret, text)}};
      return out;
    };
    const auto reply = b.push(ask("3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"));
    CHECK(reply.status == 200);
    CHECK(reply.body == "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P");
    CHECK(reply.content_type == "text/plain; charset=utf-8");
    CHECK(b.push(ask("a b")).status == 400);
    auto forged = ask("x");
    forged.headers[1].second.back() ^= 1;
    CHECK(b.push(forged).status == 401);
  }
  SECTION("Meta's question") {
    Bench b("scheme = \"meta\"\nsecret = \"hook\"\nverify_token = \"verify\"\n");
    b.work();
    const PushRequest asked{.method = "GET",
                            .query = {{"hub.mode", "subscribe"},
                                      {"hub.challenge", "1158201444"},
                                      {"hub.verify_token", "the token that we chose"}}};
    CHECK(b.push(asked).status == 503);  // no such credential yet
    CHECK(b.trouble);
  }
}

TEST_CASE("Meta's question is answered to who knows the token", "[connectors][webhook]") {
  Bench b("scheme = \"meta\"\nsecret = \"hook\"\nverify_token = \"hook\"\n");
  b.work();
  PushRequest asked{.method = "GET",
                    .query = {{"hub.mode", "subscribe"},
                              {"hub.challenge", "1158201444"},
                              {"hub.verify_token", std::string(hook_secret)}}};
  CHECK(b.push(asked).body == "1158201444");
  asked.query[1].second = "<script>";
  CHECK(b.push(asked).status == 200);  // plain text, never a page
  asked.query[1].second = "a\r\nb";
  CHECK(b.push(asked).status == 400);
  asked.query[2].second = "wrong";
  CHECK(b.push(asked).status == 401);
}

TEST_CASE("shipped maps read what the platforms push", "[connectors][webhook]") {
  CHECK(shipped_maps() == std::vector<std::string>{"github", "meta", "slack"});
  const auto read = [](std::string_view map, std::string_view event, std::string_view body) {
    auto known = shipped_map(map);
    REQUIRE(known);
    const auto json = parse_json(body);
    REQUIRE(json);
    auto page = known->take(event, json->root(), noon);
    CAPTURE(page.bad_items.empty() ? std::string() : page.bad_items.front().reason);
    CHECK(page.bad_items.empty());
    return page.mentions;
  };
  SECTION("GitHub") {
    const auto comment = read("github", "issue_comment", R"({"action":"created","issue":{},"comment":{
      "url":"https://api.github.com/repos/a/b/issues/comments/5","html_url":"https://github.com/a/b/issues/1#5",
      "issue_url":"https://api.github.com/repos/a/b/issues/1","body":"Same here","created_at":"2024-11-15T20:00:00Z",
      "user":{"id":8,"login":"bob"}}})");
    REQUIRE(comment.size() == 1);
    CHECK(comment[0].kind == MentionKind::comment);
    CHECK(comment[0].in_reply_to == "https://api.github.com/repos/a/b/issues/1");
    CHECK(read("github", "issues", issue(4, "deleted")).at(0).deleted);
    CHECK(read("github", "star", R"({"action":"created"})").empty());
    const auto talk =
        read("github", "discussion_comment", R"({"discussion":{"html_url":"https://github.com/a/b/d/1"},
      "comment":{"html_url":"https://github.com/a/b/d/1#2","body":"How?","created_at":"2024-11-15T20:00:00Z","user":{"id":1,"login":"c"}}})");
    CHECK(talk.at(0).conversation == "https://github.com/a/b/d/1");
  }
  SECTION("Slack") {
    const std::string head = R"({"type":"event_callback","event":{"type":"message","channel":"C1",)";
    const auto said =
        read("slack", "",
             head + R"("user":"U1","text":"a &amp; <https://b.example|b>","ts":"1731700000.000100"}})");
    REQUIRE(said.size() == 1);
    CHECK(said[0].native_id == "C1:1731700000.000100");
    CHECK(said[0].text == "a & b");
    const auto edit = read("slack", "", head + R"("subtype":"message_changed","ts":"1731700009.0","message":
      {"user":"U1","text":"new","ts":"1731700000.000100","edited":{"ts":"1731700008.0"}}}})");
    REQUIRE(edit.size() == 1);
    CHECK(edit[0].native_id == said[0].native_id);
    CHECK(edit[0].edited_at);
    const auto gone =
        read("slack", "",
             head + R"("subtype":"message_deleted","ts":"1731700010.0","deleted_ts":"1731700000.000100"}})");
    REQUIRE(gone.size() == 1);
    CHECK(gone[0].deleted);
    CHECK(gone[0].native_id == said[0].native_id);
    CHECK(read("slack", "", R"({"type":"event_callback","event":{"type":"reaction_added"}})").empty());
  }
  SECTION("Meta") {
    const auto comment = read("meta", "", R"({"object":"page","entry":[{"id":"1","time":1731700000,"changes":[
      {"field":"feed","value":{"item":"comment","verb":"add","comment_id":"1_3","post_id":"1_2","parent_id":"1_2",
      "created_time":1731699990,"message":"Where is my parcel?","from":{"id":"9","name":"Eve"}}},
      {"field":"feed","value":{"item":"reaction","verb":"add","post_id":"1_2","from":{"id":"9"}}}]}]})");
    REQUIRE(comment.size() == 1);
    CHECK(comment[0].platform == "facebook");
    CHECK(comment[0].native_id == "1_3");
    CHECK(comment[0].in_reply_to == "1_2");
    const auto picture =
        read("meta", "", R"({"object":"instagram","entry":[{"id":"1","time":1731700000,"changes":[
      {"field":"comments","value":{"id":"17","text":"Lovely","media":{"id":"4"},"from":{"id":"5","username":"zoe"}}}]}]})");
    REQUIRE(picture.size() == 1);
    CHECK(picture[0].platform == "instagram");
    CHECK(picture[0].author.handle == "zoe");
  }
}

TEST_CASE("mistakes in a webhook's settings are all named, with suggestions", "[connectors][webhook]") {
  const auto mistakes = [](const std::string& text) {
    const auto made = find_connector("webhook")->make({"test", settings_of(text), {}});
    return made ? std::string() : made.error().message;
  };
  CHECK(mistakes("").find("`scheme` is missing") != std::string::npos);
  CHECK(mistakes("").find("`secret` is missing") != std::string::npos);
  CHECK(mistakes("scheme = \"githup\"\nsecret = \"hook\"").find("did you mean `github`?") !=
        std::string::npos);
  CHECK(mistakes("scheme = \"hmac\"\nsecret = \"hook\"").find("`header` is missing") != std::string::npos);
  CHECK(mistakes("scheme = \"github\"\nsecret = \"a b\"").find("never hold a secret") != std::string::npos);
  CHECK(mistakes("scheme = \"github\"\nsecret = \"a\"\nheader = \"X\"").find("`header` is said") !=
        std::string::npos);
  CHECK(mistakes("scheme = \"meta\"\nsecret = \"a\"").find("`verify_token` is missing") != std::string::npos);
  CHECK(mistakes("scheme = \"slack\"\nsecret = \"a\"\nformat = \"slak\"").find("did you mean `slack`?") !=
        std::string::npos);
  CHECK(mistakes("scheme = \"slack\"\nsecret = \"a\"\nsecrt = \"a\"").find("unknown key `secrt`") !=
        std::string::npos);
  CHECK(mistakes("scheme = \"hmac\"\nsecret = \"a\"\nheader = \"X\"\n[[map]]\ntext = \"/t\"")
            .find("native_id") != std::string::npos);
  // As precise as those of declared platforms: file, line, column, and what was meant.
  const auto map = mistakes(
      "scheme = \"hmac\"\nsecret = \"a\"\nheader = \"X\"\n[[map]]\nnative_id = \"/id\"\ntxt = \"/t\"\n"
      "created_at = \"pge:/at\"\nauthor = { handl = \"/h\" }");
  INFO(map);
  for (const auto* wanted :
       {"test.toml:6:7: map: unknown key `txt`; did you mean `text`?",
        "test.toml:7:14: map: `pge:/at` starts from `pge`, which is not there; did you mean `page`?",
        "test.toml:8:20: map.author: unknown key `handl`; did you mean `handle`?", "map: `text` is missing"})
    CHECK(map.find(wanted) != std::string::npos);
}

TEST_CASE("a secret that is too short is none", "[connectors][webhook]") {
  CHECK_FALSE(key_of(Scheme::github, Secret("short")));
  CHECK_FALSE(key_of(Scheme::standard, Secret("whsec_AAAA")));
}

TEST_CASE("a checkpoint of deliveries tells when the last one came", "[connectors][webhook]") {
  const auto* spec = find_connector("webhook");
  Place place;
  CHECK_FALSE(spec->pushes.last_at(place.write()));
  place.last_at = noon;
  CHECK(spec->pushes.last_at(place.write()) == noon);
  CHECK_FALSE(spec->pushes.last_at(Cursor{.schema = 1, .json = "{"}));
}
