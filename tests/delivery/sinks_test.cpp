#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "delivery/sink.hpp"
#include "delivery/template.hpp"
#include "net/auth/webhook_signature.hpp"
#include "tests/delivery/items.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http_client.hpp"
#include "tests/support/run_coro.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::delivery;

namespace {

class FakeSecrets final : public net::SecretSource {
 public:
  std::map<std::string, std::string> all = {{"hook", "https://chat.example/hook/s3cret"}};
  async::Awaitable<Result<Secret>> secret(std::string name) override {
    if (!all.contains(name))
      co_return unexpected(ErrorKind::unauthorized, "there is no credential '" + name + "'");
    co_return Secret(all[name]);
  }
};

class FakeMail final : public net::MailSender {
 public:
  std::vector<net::OutgoingMail> sent;
  async::Awaitable<Status> send(net::OutgoingMail mail) override {
    sent.push_back(std::move(mail));
    co_return Done{};
  }
};

struct Bench {
  Result<SinkPlan> plan(const std::string& kind, const std::string& toml) {
    auto root = parse_toml(toml, "t.toml");
    REQUIRE(root);
    TomlMistakes mistakes("t.toml");
    TomlReader reader(*root, "destination", mistakes);
    auto plan = find_sink(kind)->read(reader);
    reader.finish();
    if (!mistakes.empty()) return unexpected(ErrorKind::invalid, mistakes.text());
    return plan;
  }
  Result<Receipt> deliver(const std::string& kind, const std::string& toml, Item item) {
    boost::asio::io_context io;
    SinkServices services{.http = http,
                          .mail = mail,
                          .secrets = secrets,
                          .clock = clock,
                          .home = io.get_executor(),
                          .blocking = io.get_executor()};
    auto made = plan(kind, toml);
    REQUIRE(made);
    const auto sink = made->make(services);
    Result<Receipt> out;
    boost::asio::co_spawn(io, sink->deliver(std::move(item)),
                          [&](std::exception_ptr failure, Result<Receipt> got) {
                            REQUIRE_FALSE(failure);
                            out = std::move(got);
                          });
    io.run();
    return out;
  }
  const std::string& body() { return http.last().body; }

  test::FakeHttpClient http;
  FakeMail mail;
  FakeSecrets secrets;
  test::FakeClock clock{from_ms(1'614'265'330'000)};
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("the signature is that of the specification's example", "[delivery][webhook]") {
  const auto key = net::auth::signing_key(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
  REQUIRE(key);
  CHECK(net::auth::sign(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", from_ms(1'614'265'330'000),
                        R"({"test": 2432232314})") == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  CHECK_FALSE(net::auth::signing_key(Secret("whsec_!!!")));
  CHECK_FALSE(net::auth::signing_key(Secret("whsec_AAAA")));
  CHECK_FALSE(net::auth::signing_key(Secret("short")));
  CHECK(net::auth::signing_key(Secret("a plain text of some length")));
}

TEST_CASE("a webhook is signed with every key, and has the same id on every attempt", "[delivery][webhook]") {
  Bench b;
  b.secrets.all["old"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  b.secrets.all["new"] = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
  b.http.respond_with([](const net::HttpRequest&) { return test::make_reply(204, ""); });
  const std::string toml =
      "url = \"https://hooks.example/x\"\nsigning = [\"old\", \"new\"]\nheaders = [\"X-Team: care\"]";
  const auto item = test::incident("down", 7);
  REQUIRE(b.deliver("webhook", toml, item));
  const auto& request = b.http.last();
  CHECK(*request.headers.find("webhook-id") == item.id);
  CHECK(*request.headers.find("webhook-timestamp") == "1614265330");
  CHECK(*request.headers.find("X-Team") == "care");
  const auto key = net::auth::signing_key(Secret(b.secrets.all["new"]));
  const std::string signatures(*request.headers.find("webhook-signature"));
  CHECK(signatures.ends_with(" " + net::auth::sign(*key, item.id, b.clock.now(), request.body)));
  CHECK(json_value(request.body, "/type") == "incident_opened");
  CHECK(json_value(request.body, "/data/title") == "down");
  b.secrets.all["new"] = "whsec_";
  const auto refused = b.deliver("webhook", toml, item);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::unauthorized);
}

TEST_CASE("what a receiver answers is judged", "[delivery][webhook]") {
  Bench b;
  const std::string toml = "url = \"https://hooks.example/x\"";
  const std::vector<std::pair<int, ErrorKind>> cases = {
      {500, ErrorKind::unreachable},  {503, ErrorKind::unreachable},  {429, ErrorKind::rate_limited},
      {410, ErrorKind::gone},         {404, ErrorKind::gone},         {400, ErrorKind::bad_request},
      {401, ErrorKind::unauthorized}, {403, ErrorKind::rate_limited}, {302, ErrorKind::unreachable},
      {304, ErrorKind::bad_request},  {413, ErrorKind::bad_request}};
  for (const auto& [status, kind] : cases) {
    INFO(status);
    b.http.reply(status, "no\x1b[31m room", {{"retry-after", "120"}});
    const auto outcome = b.deliver("webhook", toml, test::incident("x", 1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == kind);
    CHECK(outcome.error().message.find('\x1b') == std::string::npos);
    if (status == 429 || status == 503) CHECK(outcome.error().retry_after == std::chrono::seconds(120));
  }
}

TEST_CASE("chat systems get what people wrote without its effects", "[delivery][sinks]") {
  Bench b;
  b.http.respond_with(
      [](const net::HttpRequest&) { return test::make_reply(200, R"({"id":"991","event_id":"$e1"})"); });
  const auto item = test::incident(test::hostile, 9);
  REQUIRE(b.deliver("slack", "credential = \"hook\"", item));
  CHECK(b.http.last().url == "https://chat.example/hook/s3cret");
  CHECK(is_json(b.body()));
  CHECK(b.body().find("<!channel>") != std::string::npos);  // in a plain_text block, where it is four words
  CHECK(json_value(b.body(), "/text").find('<') == std::string::npos);
  CHECK(json_value(b.body(), "/blocks/0/text/type") == "plain_text");
  CHECK(json_value(b.body(), "/blocks/1/text/type") == "plain_text");

  REQUIRE(b.deliver("teams", "credential = \"hook\"", item));
  CHECK(is_json(b.body()));
  CHECK(json_value(b.body(), "/attachments/0/content/body/0/type") == "RichTextBlock");

  const auto discord = b.deliver("discord", "credential = \"hook\"", item);
  REQUIRE(discord);
  CHECK(discord->external_id == "991");
  CHECK(b.http.last().url == "https://chat.example/hook/s3cret?wait=true");
  CHECK(b.body().find(R"("allowed_mentions":{"parse":[]})") != std::string::npos);
  CHECK(b.body().find("@everyone") == std::string::npos);

  const std::string room = "base = \"https://m.example/\"\nroom = \"!a:m.example\"\ncredential = \"hook\"";
  auto follows = item;
  follows.thread_external_id = "$e0";
  const auto matrix = b.deliver("matrix", room, follows);
  REQUIRE(matrix);
  CHECK(matrix->external_id == "$e1");
  CHECK(b.http.last().method == "PUT");
  CHECK(b.http.last().url ==
        "https://m.example/_matrix/client/v3/rooms/%21a%3Am.example/send/m.room.message/" + item.id);
  CHECK(b.http.last().credential == "hook");
  CHECK(json_value(b.body(), "/m.relates_to/event_id") == "$e0");
  CHECK(json_value(b.body(), "/formatted_body").find("&lt;script&gt;") != std::string::npos);

  const auto ntfy = b.deliver("ntfy", "topic = \"acme\"", item);
  REQUIRE(ntfy);
  CHECK(b.http.last().url == "https://ntfy.sh");
  CHECK(json_value(b.body(), "/priority") == "5");
  CHECK(json_value(b.body(), "/click").empty());
}

TEST_CASE("an address of an incoming webhook is a secret and must be https", "[delivery][sinks]") {
  Bench b;
  for (const char* address : {"http://chat.example/x", "no address", "ftp://chat.example/"}) {
    b.secrets.all["hook"] = address;
    for (const char* kind : {"slack", "teams", "discord"}) {
      const auto outcome = b.deliver(kind, "credential = \"hook\"", test::incident("x", 1));
      REQUIRE_FALSE(outcome);
      CHECK(outcome.error().message.find(address) == std::string::npos);
    }
  }
  CHECK(b.http.requests().empty());
}

TEST_CASE("huge digests stay within what each medium takes", "[delivery][sinks]") {
  Bench b;
  b.http.respond_with([](const net::HttpRequest&) { return test::make_reply(200, "{}"); });
  Item digest{.id = "msg_1", .kind = "digest", .created_at = b.clock.now()};
  for (int i = 0; i < 100; ++i) digest.parts.push_back(test::incident(std::string(3'000, 'x'), i % 10));
  REQUIRE(b.deliver("slack", "credential = \"hook\"", digest));
  CHECK(json_value(b.body(), "/blocks/49/type").empty());
  CHECK_FALSE(json_value(b.body(), "/blocks/30/type").empty());
  REQUIRE(b.deliver("teams", "credential = \"hook\"", digest));
  CHECK(b.body().size() < 28'000);
  REQUIRE(b.deliver("discord", "credential = \"hook\"", digest));
  CHECK(b.body().size() < 6'000);
  REQUIRE(b.deliver("ntfy", "topic = \"acme\"", digest));
  CHECK(b.body().size() < 4'096);
  REQUIRE(
      b.deliver("matrix", "base = \"https://m.example\"\nroom = \"!a:b\"\ncredential = \"hook\"", digest));
  CHECK(b.body().size() < 60'000);
}

TEST_CASE("a mail has both forms, follows its thread, and no header of others", "[delivery][email]") {
  Bench b;
  b.secrets.all["mail"] = "pass word";
  const std::string toml =
      "host = \"mail.example\"\nuser = \"earshot\"\ncredential = \"mail\"\nfrom = \"Ears ä "
      "<e@acme.example>\"\n"
      "to = [\"care@acme.example\", \"Bob <bob@acme.example>\"]";
  auto item = test::incident(test::hostile, 9);
  item.thread_external_id = "msg_0@acme.example";
  const auto receipt = b.deliver("email", toml, item);
  REQUIRE(receipt);
  CHECK(receipt->external_id == item.id + "@acme.example");
  REQUIRE(b.mail.sent.size() == 1);
  const auto& mail = b.mail.sent[0];
  CHECK(mail.port == 587);
  CHECK(mail.tls == net::OutgoingMail::Tls::starttls);
  CHECK(mail.from == "e@acme.example");
  CHECK(mail.to == std::vector<std::string>{"care@acme.example", "bob@acme.example"});
  CHECK(mail.secret.reveal() == "pass word");
  CHECK(mail.message.find("\r\nBcc:") == std::string::npos);
  CHECK(mail.message.find("In-Reply-To: <msg_0@acme.example>\r\n") != std::string::npos);
  CHECK(mail.message.find("multipart/alternative") != std::string::npos);
  for (std::size_t at = mail.message.find('\n'); at != std::string::npos;
       at = mail.message.find('\n', at + 1))
    REQUIRE(mail.message[at - 1] == '\r');
  CHECK(std::ranges::all_of(mail.message, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

TEST_CASE("a file grows by whole lines, whatever broke off before", "[delivery][file]") {
  Bench b;
  test::TempDir dir;
  const auto path = dir.file("out.ndjson");
  const auto toml = "path = \"" + path + "\"";
  REQUIRE(b.deliver("file", toml, test::incident("one", 1)));
  std::ofstream(path, std::ios::app) << "{\"broken";
  REQUIRE(b.deliver("file", toml, test::incident("two", 1)));
  std::istringstream lines(read_file(path));
  std::string first, second, third;
  std::getline(lines, first);
  std::getline(lines, second);
  std::getline(lines, third);
  CHECK(json_value(first, "/data/title") == "one");
  CHECK(second == "{\"broken");
  CHECK(json_value(third, "/data/title") == "two");
  const auto refused = b.deliver("file", "path = \"/nowhere/at/all\"", test::incident("x", 1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::unreachable);
  const auto full = b.deliver("file", "path = \"/dev/full\"", test::incident("x", 1));
  REQUIRE_FALSE(full);
  CHECK(full.error().kind == ErrorKind::disk_full);
}

TEST_CASE("a program gets the item and says by its end whether it has it", "[delivery][exec]") {
  Bench b;
  test::TempDir dir;
  b.secrets.all["pager-key"] = "k3y";
  const auto out = dir.file("got");
  const auto run = [&](const std::string& script, const std::string& more = "") {
    return b.deliver("exec", "command = [\"/bin/sh\", \"-c\", '" + script + "']\n" + more,
                     test::incident("down", 7));
  };
  auto receipt =
      run("cat > " + out + "; echo page-17; echo \"$EARSHOT_KIND $EARSHOT_CREDENTIAL_PAGER_KEY\" >> " + out,
          "grant = [\"pager-key\"]");
  REQUIRE(receipt);
  CHECK(receipt->external_id == "page-17");
  const auto got = read_file(out);
  CHECK(json_value(got.substr(0, got.find('\n')), "/data/title") == "down");
  CHECK(got.ends_with("incident_opened k3y\n"));
  const auto kind_of = [](const Result<Receipt>& outcome) {
    REQUIRE_FALSE(outcome);
    return outcome.error().kind;
  };
  CHECK(kind_of(run("exit 75")) == ErrorKind::unreachable);
  const auto refused = run("echo \"no such team\" >&2; exit 3");
  CHECK(kind_of(refused) == ErrorKind::bad_request);
  CHECK(refused.error().message == "the program ended with 3, and says: no such team");
  CHECK(kind_of(run("sleep 60", "timeout = \"1s\"")) == ErrorKind::timed_out);
  CHECK(kind_of(b.deliver("exec", "command = [\"/no/such/program\"]", test::incident("x", 1))) ==
        ErrorKind::invalid);
}

TEST_CASE("mistakes in a destination are found before anything is sent", "[delivery][sinks]") {
  Bench b;
  const std::vector<std::tuple<const char*, const char*, const char*>> cases = {
      {"webhook", "", "`url` is missing"},
      {"webhook", "url = \"ftp://x\"", "must be an http(s) address"},
      {"webhook", "url = \"https://user:pw@x.example/\"", "without a user"},
      {"webhook", "url = \"http://x.example/\"\ncredential = \"t\"", "must begin with https://"},
      {"webhook", "url = \"https://x.example/\"\ntemplate = '{\"a\": {{title}}}'",
       "is no JSON once filled in"},
      {"webhook", "url = \"https://x.example/\"\ntemplate = '{\"a\": \"{{titel}}\"}'",
       "did you mean `title`"},
      {"webhook", "url = \"https://x.example/\"\nheaders = [\"X: a\\nY: b\"]", "must be lines such as"},
      {"webhook", "url = \"https://x.example/\"\nsinging = [\"a\"]", "unknown key `singing`"},
      {"slack", "", "`credential` is missing"},
      {"slack", "credential = \"https://hooks.slack.com/services/T0/B0/x\"", "not the secret itself"},
      {"matrix", "base = \"https://m.example\"\nroom = \"#a:b\"\ncredential = \"t\"", "not an alias"},
      {"ntfy", "topic = \"a b\"", "must be letters"},
      {"email", "host = \"h\"\nfrom = \"nobody\"\nto = [\"a@b.c\"]", "must be an address such as"},
      {"email", "host = \"h\"\nfrom = \"a@b.c\"\nto = [\"a@b.c, d@e.f\"]", "what is no address"},
      {"email", "host = \"h\"\nfrom = \"a@b.c\"\nto = [\"a@b.c\\nBcc: d@e.f\"]", "what is no address"},
      {"email", "host = \"h\"\nfrom = \"a@b.c\"\nto = [\"a@b.c\"]\nuser = \"u\"", "go together"},
      {"file", "path = \"relative\"", "must begin with /"},
      {"exec", "command = []", "must be a program"}};
  for (const auto& [kind, toml, what] : cases) {
    const auto plan = b.plan(kind, toml);
    INFO(kind << " " << toml);
    REQUIRE_FALSE(plan);
    INFO(plan.error().message);
    CHECK(plan.error().message.find(what) != std::string::npos);
    CHECK(plan.error().message.find("services/T0") == std::string::npos);
  }
}

TEST_CASE("a help desk gets one case per original, looked for before it is opened again",
          "[delivery][help_desk]") {
  struct Case {
    const char *kind, *more, *created, *id, *listed, *find, *open, *add;
  };
  const Case cases[] = {
      {"zendesk", "", R"({"ticket":{"id":35436}})", "35436",
       R"({"tickets":[{"id":9},{"id":35436,"external_id":"MARK"}]})", "/api/v2/tickets.json?external_id=MARK",
       "/api/v2/tickets.json", "/api/v2/tickets/35436.json"},
      {"freshdesk", "requester = \"ears@acme.example\"\n", R"({"id":1})", "1",
       R"([{"id":2},{"id":1,"subject":"x, MARK"}])",
       "/api/v2/tickets?order_by=created_at&order_type=desc&per_page=100", "/api/v2/tickets",
       "/api/v2/tickets/1/notes"},
      {"zammad", "group = \"Users\"\ncustomer = \"ears@acme.example\"\n", R"({"id":81})", "81",
       R"([{"id":81,"title":"x, MARK"}])", "/api/v1/tickets/search?query=MARK&limit=10&expand=true",
       "/api/v1/tickets", "/api/v1/ticket_articles"},
      {"github_issues", "owner = \"acme\"\nrepository = \"app\"\n", R"({"id":99,"number":1347})", "1347",
       R"([{"number":1347,"body":"x\n<!-- MARK -->"}])",
       "/repos/acme/app/issues?labels=earshot&state=all&per_page=100", "/repos/acme/app/issues",
       "/repos/acme/app/issues/1347/comments"},
      {"chatwoot", "account = \"3\"\ninbox = \"5\"\ncontact = \"8\"\n", R"({"id":77,"inbox_id":5})", "77",
       R"({"meta":{"all_count":1},"payload":[{"id":76},{"id":77,"custom_attributes":{"earshot":"MARK"}}]})",
       "/api/v1/accounts/3/conversations/search?q=MARK", "/api/v1/accounts/3/conversations",
       "/api/v1/accounts/3/conversations/77/messages"}};
  const std::string base = "https://desk.example";
  for (const auto& one : cases) {
    INFO(one.kind);
    Bench b;
    const auto toml = "base = \"" + base + "\"\ncredential = \"hook\"\n" + std::string(one.more);
    auto item = test::incident(test::hostile, 9);
    const auto marker = "earshot-" + item.id.substr(4, 16);
    const auto marked = [&](std::string text) {
      if (const auto at = text.find("MARK"); at != std::string::npos) text.replace(at, 4, marker);
      return text;
    };
    b.http.reply(201, one.created);
    auto receipt = b.deliver(one.kind, toml, item);
    REQUIRE(receipt);
    CHECK(receipt->external_id == one.id);
    REQUIRE(b.http.requests().size() == 1);
    CHECK(b.http.last().url == base + one.open);
    CHECK(b.http.last().credential == "hook");
    CHECK(is_json(b.body()));
    CHECK(b.body().find(marker) != std::string::npos);

    // The answer to the first attempt was lost: the case is there, and no other is opened.
    item.attempt = 2;
    b.http.reply(200, marked(one.listed));
    receipt = b.deliver(one.kind, toml, item);
    REQUIRE(receipt);
    CHECK(receipt->external_id == one.id);
    REQUIRE(b.http.requests().size() == 2);
    CHECK(b.http.last().method == "GET");
    CHECK(b.http.last().url == base + marked(one.find));

    // It is not there: opened now.
    b.http.reply(200, R"({"tickets":[]})");
    b.http.reply(201, one.created);
    REQUIRE(b.deliver(one.kind, toml, item));
    CHECK(b.http.requests().size() == 4);

    // It cannot be looked for: nothing is opened blindly.
    b.http.reply(500, "");
    CHECK_FALSE(b.deliver(one.kind, toml, item));
    CHECK(b.http.requests().size() == 5);

    // What follows is added to the case.
    auto follows = test::incident("over", 2, "incident_closed");
    follows.thread_external_id = one.id;
    b.http.reply(200, "{}");
    receipt = b.deliver(one.kind, toml, follows);
    REQUIRE(receipt);
    CHECK(b.http.last().url == base + one.add);
    CHECK(is_json(b.body()));
    CHECK(b.http.requests().size() == 6);
  }
}

TEST_CASE("the catalogue is sorted and whole", "[delivery][sinks]") {
  CHECK(sinks().size() == 14);
  CHECK(std::ranges::is_sorted(sinks(), {}, &SinkSpec::name));
  for (const auto* spec : sinks()) CHECK(find_sink(spec->name) == spec);
  CHECK(find_sink("pigeon") == nullptr);
}
