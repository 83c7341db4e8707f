#include "daemon/doctor/checks.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "core/base/time_format.hpp"
#include "daemon/doctor/doctor.hpp"
#include "store/store.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tls_server.hpp"

using namespace earshot;
using namespace earshot::daemon;
using namespace earshot::daemon::doctor;
using namespace std::chrono_literals;
using earshot::test::TempDir;

namespace {

const auto noon = from_ms(1'795'780'800'000);

/// The one finding that speaks of `word`; every finding but harmless ones must say what to do.
Finding about(const Findings& findings, const std::string& word) {
  for (const auto& finding : findings) {
    INFO(finding.what);
    CHECK((finding.level == Level::ok || !finding.advice.empty()));
    CHECK(finding.advice.find('\n') == std::string::npos);
  }
  const auto found = std::ranges::find_if(
      findings, [&](const Finding& finding) { return finding.what.find(word) != std::string::npos; });
  return found == findings.end() ? Finding{.what = "nothing about " + word} : *found;
}

std::string write(const TempDir& dir, const std::string& name, const std::string& text, mode_t mode = 0600) {
  const auto path = dir.file(name);
  std::ofstream(path) << text;
  REQUIRE(::chmod(path.c_str(), mode) == 0);
  return path;
}

store::SourceStatus source(const std::string& name, const std::string& state) {
  return {.id = SourceId{1}, .name = name, .connector = "feed", .state = state, .last_ok_at = noon - 1min};
}

Config listening_to(const std::vector<std::string>& names) {
  Config config;
  for (const auto& name : names) config.sources.push_back({.name = name, .connector = "feed"});
  return config;
}

Reached seen_at(Milliseconds offset) {
  return {.place = "https://a.example",
          .users = {"source a"},
          .probed = net::Probed{.date = noon, .answered_at = noon + offset}};
}

}  // namespace

TEST_CASE("doctor lists every mistake of a configuration", "[daemon][doctor]") {
  TempDir dir;
  const auto path = write(dir, "earshot.toml", "workers = 900\ndatabse = \"x\"\n");
  const auto findings = check_configuration(path, load_config(path));
  CHECK(about(findings, "workers").level == Level::bad);
  CHECK(about(findings, "databse").level == Level::bad);
  const auto empty = write(dir, "empty.toml", "[[brand]]\nname = \"Acme\"\n");
  CHECK(about(check_configuration(empty, load_config(empty)), "no source is on").level == Level::warn);
}

TEST_CASE("doctor sees folders and files that are open to others", "[daemon][doctor]") {
  TempDir dir;
  const auto database = write(dir, "earshot.db", "", 0640);
  REQUIRE(::chmod(dir.path().c_str(), 0750) == 0);
  CHECK(about(check_state_folder(database, std::nullopt), "mode 0750").level == Level::ok);
  write(dir, "earshot.db.schema-9", "");
  CHECK(about(check_state_folder(database, std::nullopt), "schema-9").level == Level::note);
  REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
  CHECK(about(check_state_folder(database, std::nullopt), "mode 0755").level == Level::warn);
  REQUIRE(::chmod(dir.path().c_str(), 0777) == 0);
  CHECK(about(check_state_folder(database, std::nullopt), "mode 0777").level == Level::bad);
  REQUIRE(::chmod(database.c_str(), 0666) == 0);
  CHECK(about(check_state_folder(database, std::nullopt), "mode 0666").level == Level::bad);
  CHECK(about(check_state_folder(dir.file("no/earshot.db"), std::nullopt), "No such").level == Level::bad);
  if (::geteuid() == 0) {
    REQUIRE(::chown(database.c_str(), 12345, 12345) == 0);
    CHECK(about(check_state_folder(database, std::nullopt), "belongs to user 12345").level == Level::bad);
  }
}

TEST_CASE("doctor reckons how long the disk lasts", "[daemon][doctor]") {
  TempDir dir;
  const auto database = write(dir, "earshot.db", "");
  const auto free = static_cast<std::int64_t>(std::filesystem::space(dir.path()).available);
  // As many bytes a week as leave that many days.
  const auto with_days = [&](std::int64_t days) {
    const store::StorageUse use{
        .database_bytes = free / days * 7, .mentions = 1'000'000, .week_mentions = 1'000'000};
    return about(check_state_folder(database, use), "the disk has").level;
  };
  if (free < 1'000'000'000) return;
  CHECK(with_days(3) == Level::bad);
  CHECK(with_days(20) == Level::warn);
  CHECK(with_days(300) == Level::ok);
}

TEST_CASE("doctor judges a database by what it is", "[daemon][doctor]") {
  TempDir dir;
  const auto path = dir.file("earshot.db");
  CHECK(about(check_database(path, store::inspect(path, 1s), std::nullopt), "not there yet").level ==
        Level::note);
  { REQUIRE(store::open_store(path)); }
  auto seen = store::inspect(path, 5s);
  REQUIRE(seen);
  CHECK(worst(check_database(path, seen, 1)) == Level::ok);
  CHECK(about(check_database(path, seen, std::nullopt), "no daemon").level == Level::note);
  seen->schema = 6;
  CHECK(about(check_database(path, seen, 1), "schema 6").level == Level::warn);
  seen->log_bytes = 2'000'000'000;
  CHECK(about(check_database(path, seen, 1), "write-ahead log").level == Level::warn);
  seen->search_waiting = 5000;
  CHECK(about(check_database(path, seen, 1), "5000 transactions behind").level == Level::warn);
  seen->soundness = store::Soundness::damaged;
  seen->damage = "page 7 is never used";
  CHECK(about(check_database(path, seen, 1), "page 7").level == Level::bad);
  std::ofstream(path) << std::string(8192, 'x');
  CHECK(worst(check_database(path, store::inspect(path, 1s), 1)) == Level::bad);
}

TEST_CASE("doctor says where secrets are, and never what", "[daemon][doctor]") {
  TempDir dir;
  const std::string canary = "c4n4ry-0123456789";
  Config config;
  config.database = dir.file("earshot.db");
  config.credentials_folder = dir.path().string();
  write(dir, "good", canary);
  write(dir, "open", canary, 0644);
  for (const auto* name : {"good", "open", "missing"})
    config.credentials.push_back({.name = name, .secret = name});
  const auto findings = check_credentials(config, noon);
  CHECK(about(findings, "good: good found").level == Level::ok);
  CHECK(about(findings, "open: ").level == Level::bad);
  CHECK(about(findings, "missing: ").level == Level::bad);
  for (const auto& finding : findings)
    CHECK((finding.what + finding.why + finding.advice).find(canary) == std::string::npos);
}

TEST_CASE("doctor sees tokens that are not renewed", "[daemon][doctor]") {
  TempDir dir;
  Config config;
  config.database = dir.file("earshot.db");
  config.credentials_folder = "";
  config.credentials.push_back({.name = "x",
                                .kind = net::auth::CredentialKind::oauth2_refresh,
                                .client_auth = net::auth::ClientAuth::none});
  std::filesystem::create_directory(dir.file("tokens"));
  const auto tokens = [&](Timestamp ends, mode_t mode) {
    write(dir, "tokens/x.json",
          R"({"version":1,"belongs_to":"b","seed":"s","refresh_token":"c4n4ry","access_token":"c4n4ry",)"
          R"("refresh_at":1,"expires_at":)" +
              std::to_string(to_ms(ends)) + "}",
          mode);
    return check_credentials(config, noon);
  };
  CHECK(worst(tokens(noon - 1h, 0600)) == Level::ok);
  CHECK(about(tokens(noon - 72h, 0600), "its token ended").level == Level::warn);
  CHECK(about(tokens(noon, 0644), "can be read by others").level == Level::bad);
  for (const auto& finding : tokens(noon - 72h, 0600))
    CHECK((finding.what + finding.why).find("c4n4ry") == std::string::npos);
  CHECK_FALSE(std::filesystem::exists(dir.file("tokens/x.lock")));
}

TEST_CASE("doctor tells why a server cannot be reached", "[daemon][doctor]") {
  TempDir dir;
  net::AddressGuard guard;
  guard.allow({"127.0.0.0/8", "::1"});
  const auto reached = [&](const std::string& url, const net::AddressGuard& by) {
    return check_network({{.place = url, .users = {"source a"}, .probed = net::probe({.url = url}, by)}});
  };
  test::TlsServer server(dir.file("ca.pem"),
                         [](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"; });
  const auto url = server.url("localhost");
  ::unsetenv("SSL_CERT_FILE");
  CHECK(about(reached(url, guard), "certificate").level == Level::bad);
  ::setenv("SSL_CERT_FILE", dir.file("ca.pem").c_str(), 1);
  const auto ends_soon = reached(url, guard);
  test::TlsServer late(
      dir.file("old.pem"), [](const std::string&) { return std::string(); }, -60s);
  ::setenv("SSL_CERT_FILE", dir.file("old.pem").c_str(), 1);
  CHECK(about(reached(late.url("localhost"), guard), "certificate has expired").level == Level::bad);
  ::unsetenv("SSL_CERT_FILE");
  CHECK(about(ends_soon, "certificate for 0 days").level == Level::warn);
  CHECK(about(reached("http://127.0.0.1:1/", net::AddressGuard{}), "private address").level == Level::bad);
  CHECK(about(reached("http://127.0.0.1:1/", guard), "127.0.0.1").level == Level::bad);
  CHECK(about(reached("https://nothing.invalid/", guard), "nothing.invalid").level == Level::bad);
}

TEST_CASE("doctor sees a clock that is wrong or went back", "[daemon][doctor]") {
  CHECK(worst(check_clock({seen_at(2s)}, noon, noon)) == Level::ok);
  CHECK(about(check_clock({seen_at(90s)}, noon, noon), "90 s ahead of").level == Level::warn);
  CHECK(about(check_clock({seen_at(-1h)}, noon, noon), "3600 s behind").level == Level::bad);
  // One server's wrong clock is outvoted.
  CHECK(worst(check_clock({seen_at(0s), seen_at(1s), seen_at(9h)}, noon, noon)) == Level::ok);
  CHECK(about(check_clock({}, noon + 1h, noon), "went back").level == Level::bad);
}

TEST_CASE("doctor judges sources by their state, silence, budget and items", "[daemon][doctor]") {
  const auto config = listening_to({"a"});
  const auto judge = [&](const store::SourceStatus& row, std::vector<store::GapRow> gaps = {}) {
    return check_sources(config, {row}, gaps, true, noon);
  };
  CHECK(worst(judge(source("a", "ok"))) == Level::ok);
  auto row = source("a", "failing");
  row.last_error = "503";
  CHECK(about(judge(row), "a is failing: 503").level == Level::warn);
  row.state = "paused";
  CHECK(about(judge(row), "a is paused").level == Level::bad);
  row = source("a", "ok");
  row.last_ok_at = noon - 10h;
  CHECK(about(judge(row), "a last answered").level == Level::warn);
  row = source("a", "ok");
  row.quota = Quota{.limit = 300, .remaining = 3, .resets_at = noon + 1h};
  CHECK(about(judge(row), "3 of 300").level == Level::warn);
  row.quota->resets_at = noon - 1s;
  CHECK(worst(judge(row)) == Level::ok);
  row.received = 100;
  row.malformed = 40;
  CHECK(about(judge(row), "40 of 100 items").level == Level::warn);
  const store::GapRow gap{.source = SourceId{1},
                          .gap = {.from = noon - 2h, .to = noon - 1h, .reason = "unreachable"}};
  CHECK(about(judge(source("a", "ok"), {gap}), "60 minutes").level == Level::note);
  CHECK(about(check_sources(config, {}, {}, true, noon), "never asked").level == Level::note);
}

TEST_CASE("doctor sees deliveries that are late or given up", "[daemon][doctor]") {
  store::DestinationState row{.name = "care", .last_error = "410"};
  CHECK(worst(check_deliveries({row}, noon)) == Level::ok);
  row.oldest_due_at = noon - 31min;
  row.waiting = 4;
  CHECK(about(check_deliveries({row}, noon), "care is behind: 4 wait").level == Level::warn);
  row.dead = 2;
  CHECK(about(check_deliveries({row}, noon), "2 messages for care").level == Level::bad);
}

TEST_CASE("doctor minds people's data", "[daemon][doctor]") {
  store::Inspection seen;
  CHECK(check_erasures(seen, noon).empty());
  seen.erasures_unsettled = 1;
  seen.erased_at = noon - 10min;
  CHECK(check_erasures(seen, noon).empty());
  seen.erased_at = noon - 3h;
  CHECK(about(check_erasures(seen, noon), "1 erasures are not settled").level == Level::bad);
  const auto& duty = deletion_duties().front();
  CHECK(worst(check_deletions(duty, 0)) == Level::ok);
  CHECK(about(check_deletions(duty, 12), "12 posts").level == Level::warn);
  CHECK(about(check_deletions(duty, unexpected(ErrorKind::timed_out, "too long")), "could not be counted")
            .level == Level::note);
}

TEST_CASE("doctor looks at the process and its unit", "[daemon][doctor]") {
  const auto limits = [](const char* core, const char* files) {
    return std::string("Limit                     Soft Limit           Hard Limit           Units\n") +
           "Max core file size        " + core + "   0   bytes\nMax open files            " + files +
           "   65536   files\n";
  };
  const std::string user = "Name:\tearshotd\nUid:\t998\t998\t998\t998\n", root = "Uid:\t0\t0\t0\t0\n";
  CHECK(worst(check_process({.pid = 7, .status = user, .limits = limits("0", "65536")})) == Level::ok);
  CHECK(about(check_process({7, root, limits("0", "65536")}), "runs as root").level == Level::warn);
  CHECK(about(check_process({7, user, limits("unlimited", "65536")}), "core dumps").level == Level::bad);
  CHECK(about(check_process({7, user, limits("0", "256")}), "256 files").level == Level::warn);
  CHECK(about(check_process({7, {}, {}}), "cannot be looked at").level == Level::note);
  // Of ourselves the kernel says what it says of a daemon.
  CHECK_FALSE(look_at_process(::getpid()).limits.empty());
  CHECK(about(check_unit("", Result<double>()), "no unit").level == Level::note);
  CHECK(about(check_unit("u", 9.2), "exposure 9.2").level == Level::warn);
  CHECK(worst(check_unit("u", 1.1)) == Level::ok);
  const auto shipped = exposure_of(EARSHOT_SOURCE_DIR "/systemd/earshotd.service");
  if (!shipped && shipped.error().kind == ErrorKind::invalid)
    WARN("there is no systemd-analyze");
  else {
    INFO((shipped ? std::string() : shipped.error().message));
    CHECK(shipped.value_or(10) <= 1.1);
  }
}

TEST_CASE("doctor goes on where the configuration is broken", "[daemon][doctor]") {
  TempDir dir;
  REQUIRE(::chmod(dir.path().c_str(), 0750) == 0);
  { REQUIRE(store::open_store(dir.file("data.db"))); }
  const auto path =
      write(dir, "earshot.toml", "database = \"" + dir.file("data.db") + "\"\nworkers = \"many\"\n");
  const auto findings = examine({.config_path = path, .offline = true}, SystemClock().now());
  CHECK(worst(findings) == Level::bad);
  CHECK(about(findings, "workers").group == "configuration");
  CHECK(about(findings, "the newest").group == "database");
}
