// The exec connector with a real program: tests/support/tap.py, which fails in every way a tap can.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "connectors/json_fields.hpp"
#include "net/secret_source.hpp"
#include "tests/support/connector_driver.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::connectors;

namespace {

constexpr const char* secret_text = "s3cret/\"quoted\"+token";

/// A python3 of a version manager is a shell script with variables of its own.
std::string python() { return std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3"; }

struct FakeSecrets final : net::SecretSource {
  async::Awaitable<Result<Secret>> secret(std::string name) override {
    if (name == "tap_token") co_return Secret(secret_text);
    co_return unexpected(ErrorKind::unauthorized, "there is no credential '" + name + "'");
  }
};

/// One source, its program and the executor they live on.
class Bench {
 public:
  explicit Bench(const std::string& config, const std::string& more = "",
                 const std::string& map = default_map) {
    mark_ = folder_.file("mark");
    const std::string text = "command = [\"" + python() +
                             "\", \"" EARSHOT_SOURCE_DIR "/tests/support/tap.py\", \"--mark\", \"" + mark_ +
                             "\"]\nplatform = \"tickets\"\n" + more + "\n[config]\n" + config + "\n" + map;
    settings_ = read(text);
    renew();
  }

  static Settings read(const std::string& text) {
    const auto root = parse_toml(text, "test.toml");
    REQUIRE(root);
    Settings out;
    for (const auto& [key, node] : root->members) {
      Setting setting{.value = {}, .where = "test.toml:1:1"};
      if (node.is(TomlNode::Kind::text)) setting.value = node.text;
      if (node.is(TomlNode::Kind::integer)) setting.value = node.integer;
      if (node.is(TomlNode::Kind::table)) setting.value = node;
      if (node.is(TomlNode::Kind::array)) {
        std::vector<std::string> texts;
        for (const auto& element : node.elements)
          if (element.is(TomlNode::Kind::text)) texts.push_back(element.text);
        setting.value = node;
        if (texts.size() == node.elements.size()) setting.value = std::move(texts);
      }
      out.set(key, std::move(setting));
    }
    return out;
  }

  /// Another process takes over.
  void renew() { connector_ = test::make_connector("exec", settings_); }

  Result<Page> fetch() {
    Result<Page> out;
    bool done = false;
    Context context{.http = http_, .clock = clock_, .secrets = &secrets_};
    boost::asio::co_spawn(io_, connector_->fetch(context, stream_, cursor_),
                          [&](std::exception_ptr failure, Result<Page> page) {
                            if (failure) std::rethrow_exception(failure);
                            out = std::move(page);
                            done = true;
                          });
    io_.restart();
    while (!done) {
      io_.run_one();
      if (meanwhile) std::exchange(meanwhile, {})();
    }
    return out;
  }

  void commit(const Page& page) {
    for (const auto& mention : page.mentions) ids.insert(mention.native_id);
    bad += page.bad_items.size();
    moved = page.cursor != cursor_;
    if (page.cursor) cursor_ = page.cursor;
  }

  /// Polls until there is no more, or something fails.
  std::optional<Error> poll() {
    for (int pages = 0; pages < 10'000; ++pages) {
      auto page = fetch();
      if (!page) return page.error();
      commit(*page);
      if (!page->more) return std::nullopt;
      REQUIRE(moved);
    }
    FAIL("never ended");
    return std::nullopt;
  }

  std::vector<JsonDocument> runs() const {
    std::vector<JsonDocument> out;
    std::ifstream in(mark_);
    for (std::string line; std::getline(in, line);) out.push_back(*parse_json(line));
    return out;
  }

  void stop() { connector_->stop(); }
  void drop() { connector_.reset(); }
  Connector& connector() { return *connector_; }
  const std::optional<Cursor>& cursor() const { return cursor_; }
  std::string file(const std::string& name) const { return folder_.file(name); }

  std::set<std::string> ids;
  std::size_t bad = 0;
  bool moved = false;
  std::function<void()> meanwhile;

  static constexpr const char* default_map = R"(
[[map]]
stream = "tickets"
native_id = "ticket:{/id}"
kind = "ticket"
title = "/subject"
text = {at = "/description", as = "html"}
created_at = "/created"
author = {id = "/requester/id", name = "/requester/name"}
)";

 private:
  test::TempDir folder_;
  std::string mark_;
  Settings settings_;
  boost::asio::io_context io_;
  test::FakeClock clock_{from_ms(1'776'083'057'000)};
  test::FakeHttpClient http_;
  FakeSecrets secrets_;
  Stream stream_{"output"};
  std::optional<Cursor> cursor_;
  std::unique_ptr<Connector> connector_;
};

bool alive(std::int64_t pid) { return pid > 0 && ::kill(static_cast<pid_t>(pid), 0) == 0; }

}  // namespace

TEST_CASE("a tap's records become mentions and its state the cursor", "[connectors][exec]") {
  Bench bench("tickets = 25\nstate_every = 10");
  auto page = bench.fetch();
  REQUIRE(page);
  REQUIRE_FALSE(page->mentions.empty());
  const auto& first = page->mentions.front();
  CHECK(first.platform == "tickets");
  CHECK(first.native_id == "ticket:1");
  CHECK(first.kind == MentionKind::ticket);
  CHECK(first.title == "Acme ticket 1");
  CHECK(first.text == "The Acme app is broken & slow");
  CHECK(first.author.name == "Mona");
  CHECK(first.extra == R"({"channel":"mail","custom":{"plan": "gold"}})");
  bench.commit(*page);
  if (page->more) REQUIRE_FALSE(bench.poll());
  CHECK(bench.ids.size() == 25);
  CHECK(bench.bad == 0);
  CHECK(bench.cursor()->json == R"({"state":{"last": 25}})");
  // Another look begins where the state says: nothing comes twice.
  bench.ids.clear();
  REQUIRE_FALSE(bench.poll());
  CHECK(bench.ids.empty());
  CHECK(bench.runs().at(1)["state"]["last"].integer() == 25);
}

TEST_CASE("a program gets an environment and a folder of its own, and what it was granted",
          "[connectors][exec]") {
  ::setenv("EARSHOT_TEST_LEAK", "leak", 1);
  Bench bench("tickets = 1\ntoken = \"Bearer {tap_token}\"\nlimits = {deep = [1, true, 2.5]}",
              "grant = [\"tap_token\"]\ncatalog = \"catalog.json\"");
  REQUIRE_FALSE(bench.poll());
  const auto runs = bench.runs();
  REQUIRE(runs.size() == 1);
  const auto run = runs[0].root();
  std::set<std::string> names;
  for (const auto variable : run["environment"]) names.emplace(variable.key());
  names.erase("LC_CTYPE");  // Python's own doing
  CHECK(names == std::set<std::string>{"EARSHOT_CREDENTIAL_TAP_TOKEN", "HOME", "LANG", "PATH", "TMPDIR"});
  CHECK(run["environment"]["EARSHOT_CREDENTIAL_TAP_TOKEN"].text() == secret_text);
  CHECK(run["environment"]["HOME"].text() == run["folder"].text());
  CHECK(run["config_text"]["token"].text() == std::string("Bearer ") + secret_text);
  CHECK(run["config_text"]["limits"]["deep"].size() == 3);
  CHECK(run["config_mode"].text() == "0o600");
  CHECK(run["folder_mode"].text() == "0o700");
  CHECK(run["stdin"].text().empty());
  CHECK(run["group"].is_true());
  CHECK_FALSE(std::filesystem::exists(std::string(run["folder"].text())));
  ::unsetenv("EARSHOT_TEST_LEAK");
}

TEST_CASE("a credential that is not there pauses the source", "[connectors][exec]") {
  Bench bench("tickets = 1", "grant = [\"other_token\"]");
  const auto error = bench.poll();
  REQUIRE(error);
  CHECK(error->kind == ErrorKind::unauthorized);
  CHECK(bench.runs().empty());
}

TEST_CASE("what came before a crash stays, and the next run makes up for the rest", "[connectors][exec]") {
  const auto* mode = GENERATE("mid_record", "before_state", "signal");
  CAPTURE(mode);
  Bench bench(std::string("tickets = 40\nstate_every = 10\nat = 26\nmode = \"") + mode + "\"");
  const auto error = bench.poll();
  REQUIRE(error);
  CHECK(error->kind == ErrorKind::unreachable);
  CHECK(bench.ids.size() == 25);
  CHECK(bench.cursor()->json.find(R"("state":{"last": 20})") != std::string::npos);
  CHECK(bench.bad == (std::string(mode) == "mid_record" ? 1 : 0));
  // The next run goes on from the state, and fails at the same place: no progress, ever longer waits.
  const auto second = bench.poll();
  const auto third = bench.poll();
  REQUIRE(second);
  REQUIRE(third);
  CHECK(bench.runs().at(1)["state"]["last"].integer() == 20);
  CHECK(second->retry_after > std::chrono::seconds(0));
  CHECK(third->retry_after > second->retry_after);
}

TEST_CASE("lines that are nothing are counted and the rest goes in", "[connectors][exec]") {
  Bench garbage("tickets = 30\nat = 12\nmode = \"garbage\"");
  REQUIRE_FALSE(garbage.poll());
  CHECK(garbage.ids.size() == 30);
  CHECK(garbage.bad == 6);
  Bench longer("tickets = 30\nat = 12\nmode = \"long\"");
  REQUIRE_FALSE(longer.poll());
  CHECK(longer.ids.size() == 30);
  CHECK(longer.bad == 1);
}

TEST_CASE("a program that hangs is ended, with all its children", "[connectors][exec]") {
  const auto* mode = GENERATE("hang", "deaf", "child", "closes_and_hangs");
  CAPTURE(mode);
  test::TempDir folder;
  Bench bench(std::string("tickets = 40\nat = 15\nmode = \"") + mode + "\"\nchild_file = \"" +
                  folder.file("child") + "\"",
              "timeout = \"1500ms\"");
  // On a busy machine the interpreter alone may take longer to start than it may be silent.
  auto error = bench.poll();
  for (int tries = 0; tries < 20 && bench.ids.empty(); ++tries) error = bench.poll();
  REQUIRE(error);
  CHECK(error->kind == ErrorKind::timed_out);
  CHECK(bench.ids.size() == 14);
  for (const auto& run : bench.runs()) CHECK_FALSE(alive(*run["pid"].integer()));
  if (std::string(mode) != "child") return;
  std::int64_t child = 0;
  std::ifstream(folder.file("child")) >> child;
  REQUIRE(child > 0);
  // KILL has been sent, and takes its time; an orphan is then a zombie until whoever adopts it reaps it.
  const auto gone = [&] {
    std::ifstream status("/proc/" + std::to_string(child) + "/stat");
    const std::string all((std::istreambuf_iterator<char>(status)), {});
    return all.empty() || all.find(") Z") != std::string::npos;
  };
  for (int tries = 0; tries < 500 && !gone(); ++tries) ::usleep(10'000);
  CHECK(gone());
}

TEST_CASE("a flood is read page by page, and a program without STATE moves on all the same",
          "[connectors][exec]") {
  Bench bench("tickets = 3000\nmode = \"never_state\"", "page_records = 100");
  auto page = bench.fetch();
  REQUIRE(page);
  CHECK(page->mentions.size() <= 100);
  bench.commit(*page);
  CHECK(bench.cursor()->json.find("state") == std::string::npos);
  REQUIRE_FALSE(bench.poll());
  CHECK(bench.ids.size() == 3000);
  CHECK(bench.runs().size() == 1);
  CHECK(bench.cursor()->json == "{}");
}

TEST_CASE("a state that never changes keeps nothing from moving", "[connectors][exec]") {
  Bench bench("tickets = 500\nstate_every = 10\nmode = \"same_state\"", "page_records = 40");
  REQUIRE_FALSE(bench.poll());
  CHECK(bench.ids.size() == 500);
}

TEST_CASE("a page that was lost is read again from the last state", "[connectors][exec]") {
  Bench bench("tickets = 300\nstate_every = 10", "page_records = 50");
  auto page = bench.fetch();
  REQUIRE(page);
  bench.commit(*page);
  REQUIRE(bench.fetch());  // lost
  SECTION("by the same process") {}
  SECTION("by another process") { bench.renew(); }
  REQUIRE_FALSE(bench.poll());
  CHECK(bench.ids.size() == 300);
  CHECK(bench.runs().size() == 2);
}

TEST_CASE("a secret on stderr is blackened, and control characters do not pass", "[connectors][exec]") {
  Bench bench("tickets = 5\nat = 3\nmode = \"secret\"", "grant = [\"tap_token\"]");
  const auto error = bench.poll();
  REQUIRE(error);
  CHECK(error->message.find("login with *** failed") != std::string::npos);
  CHECK(error->message.find("s3cret") == std::string::npos);
  CHECK(error->message.find('\x1b') == std::string::npos);
}

TEST_CASE("stderr never stops a program", "[connectors][exec]") {
  Bench bench("tickets = 20\nat = 5\nmode = \"stderr_flood\"");
  REQUIRE_FALSE(bench.poll());
  CHECK(bench.ids.size() == 20);
}

TEST_CASE("a state that no checkpoint holds is an error that says so", "[connectors][exec]") {
  Bench bench("tickets = 20\nat = 5\nmode = \"big_state\"");
  const auto error = bench.poll();
  REQUIRE(error);
  CHECK(error->kind == ErrorKind::too_large);
}

TEST_CASE("stop ends the program and the wait for it", "[connectors][exec]") {
  Bench bench("tickets = 40\nat = 1\nmode = \"hang\"");
  bench.meanwhile = [&] { bench.stop(); };
  const auto error = bench.poll();
  REQUIRE(error);
  CHECK(error->kind == ErrorKind::cancelled);
  for (const auto& run : bench.runs()) CHECK_FALSE(alive(*run["pid"].integer()));
}

TEST_CASE("a program that goes with its source leaves nothing behind", "[connectors][exec]") {
  Bench bench("tickets = 4000\nstate_every = 10", "page_records = 20");
  REQUIRE(bench.fetch());
  const auto runs = bench.runs();
  const auto folder = std::string(runs.at(0)["folder"].text());
  CHECK(alive(*runs[0]["pid"].integer()));
  CHECK(std::filesystem::exists(folder));
  bench.drop();
  CHECK_FALSE(alive(*runs[0]["pid"].integer()));
  CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE("folders of processes that were killed are removed", "[connectors][exec]") {
  // A process that has ended and was reaped: its number belongs to nobody.
  const pid_t gone = ::fork();
  if (gone == 0) ::_exit(0);
  REQUIRE(gone > 0);
  int status = 0;
  ::waitpid(gone, &status, 0);
  const auto parent = std::filesystem::temp_directory_path();
  const auto left = parent / ("earshot-exec-" + std::to_string(gone) + "-abcdef");
  std::filesystem::create_directory(left);
  std::ofstream(left / "config.json") << "{}";
  Bench bench("tickets = 1");
  REQUIRE_FALSE(bench.poll());
  CHECK_FALSE(std::filesystem::exists(left));
}

TEST_CASE("a script may print mentions, with or without states", "[connectors][exec]") {
  const std::string script =
      R"(print('{\"platform\":\"shop\",\"id\":\"1\",\"text\":\"Acme is great\",\"created_at\":1772445600,\"plan\":\"gold\"}'))"
      R"(\nprint('{\"id\":\"2\",\"text\":\"Acme is bad\",\"created_at\":1772445601}')\nprint('{\"type\":\"STATE\",\"value\":7}'))";
  const auto settings =
      Bench::read("command = [\"python3\", \"-c\", \"" + script + "\"]\nplatform = \"own\"");
  boost::asio::io_context io;
  auto connector = test::make_connector("exec", settings);
  test::FakeHttpClient http;
  test::FakeClock clock(from_ms(1'776'083'057'000));
  Context context{.http = http, .clock = clock};
  Result<Page> page;
  const Stream stream{"output"};
  boost::asio::co_spawn(io, connector->fetch(context, stream, std::nullopt),
                        [&](std::exception_ptr, Result<Page> got) { page = std::move(got); });
  io.run();
  REQUIRE(page);
  REQUIRE(page->mentions.size() == 2);
  CHECK(page->mentions[0].platform == "shop");
  CHECK(page->mentions[0].extra == R"({"plan":"gold"})");
  CHECK(page->mentions[1].platform == "own");
  CHECK(page->cursor->json == R"({"state":7})");
}

TEST_CASE("a program that is not there says so, and mistakes are found before it runs",
          "[connectors][exec]") {
  boost::asio::io_context io;  // outlives what runs on it
  auto connector = test::make_connector("exec", Bench::read("command = [\"/nowhere/tap\"]"));
  test::FakeHttpClient http;
  test::FakeClock clock(from_ms(1'776'083'057'000));
  Context context{.http = http, .clock = clock};
  const Stream stream{"output"};
  Result<Page> page;
  boost::asio::co_spawn(io, connector->fetch(context, stream, std::nullopt),
                        [&](std::exception_ptr, Result<Page> got) { page = std::move(got); });
  io.run();
  REQUIRE_FALSE(page);
  CHECK(page.error().message.find("/nowhere/tap") != std::string::npos);

  const auto mistakes = [](const std::string& text) {
    const ConnectorInput input{"test", Bench::read(text), {}};
    const auto made = find_connector("exec")->make(input);
    return made ? std::string() : made.error().message;
  };
  CHECK(mistakes("timeout = \"1m\"").find("`command` is missing") != std::string::npos);
  CHECK(mistakes("command = [\"x\"]\ntimeout = \"soon\"").find("`timeout` must be a time") !=
        std::string::npos);
  CHECK(mistakes("command = [\"x\"]\n[config]\nkey = \"{token}\"").find("`{token}` is no setting") !=
        std::string::npos);
  CHECK(
      mistakes("command = [\"x\"]\n[[map]]\nstream = \"a\"\ntext = \"/t\"").find("`native_id` is missing") !=
      std::string::npos);
  CHECK(mistakes("command = [\"x\"]\nmap = 3").find("must be a list of tables") != std::string::npos);
  CHECK(mistakes("command = [\"x\"]\ncommnd = 3").find("did you mean `command`") != std::string::npos);
  CHECK(mistakes("command = [\"x\"]\ngrant = [\"not a name\"]").find("`grant` must name") !=
        std::string::npos);
}
