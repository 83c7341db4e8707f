#include "store/upgrade.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "store/lock.hpp"
#include "tests/store/older_schema.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using store::KeepBackup;
using store::sqlite::Access;
using store::sqlite::Database;

namespace {

const store::UpgradeProgress silently = [](std::string_view) {};

/// A database of schema 6 with `mentions` mentions.
std::string older(const TempDir& dir, int mentions = 3) {
  const auto path = dir.file("earshot.db");
  {
    auto opened = store::open_store(path);
    REQUIRE(opened);
    Fixture f(std::move(*opened));
    std::vector<store::ScoredMention> items;
    for (int i = 0; i < mentions; ++i) items.push_back(scored(mention(std::to_string(i), i), f.brand));
    f.write(std::move(items));
  }
  auto database = *Database::open(path, Access::read_write);
  undo_to_schema_6(database);
  return path;
}

std::int64_t ask(const std::string& path, const char* sql) {
  auto database = Database::open(path, Access::read_only);
  REQUIRE(database);
  auto value = database->integer(sql);
  REQUIRE(value);
  return *value;
}

std::int64_t schema(const std::string& path) { return ask(path, "PRAGMA user_version"); }

/// Upgrades in a process of its own, which is killed when it says that it begins with `line`.
void upgrade_and_die(const std::string& path, const std::string& line) {
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto done = store::upgrade(path, KeepBackup::yes, [&](std::string_view said) {
      if (said.substr(0, line.size()) == line) ::raise(SIGKILL);
    });
    ::_exit(done ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGKILL);
}

}  // namespace

TEST_CASE("views are made where they are not those of this program, and else left alone",
          "[store][migration]") {
  TempDir dir;
  const auto path = dir.file("earshot.db");
  REQUIRE(store::open_store(path));
  // SQLite counts every change of a schema, for which readers prepare their statements again.
  const auto changes = ask(path, "PRAGMA schema_version");
  REQUIRE(store::open_store(path));
  CHECK(ask(path, "PRAGMA schema_version") == changes);
  const std::string damage =
      GENERATE("DROP VIEW v_mention", "DROP VIEW v_source;CREATE VIEW v_source AS SELECT 1 AS one");
  {
    auto database = *Database::open(path, Access::read_write);
    REQUIRE(database.execute((damage + ";CREATE VIEW of_a_user AS SELECT 2 AS two").c_str()));
  }
  REQUIRE(store::open_store(path));
  CHECK(ask(path, "SELECT count(text) FROM v_mention") == 0);
  CHECK(ask(path, "SELECT count(source) FROM v_source") == 0);
  CHECK(ask(path, "SELECT two FROM of_a_user") == 2);
}

TEST_CASE("a plan says what an upgrade would do and does none of it", "[store][migration]") {
  TempDir dir;
  const auto path = older(dir);
  const auto plan = store::plan_upgrade(path);
  REQUIRE(plan);
  CHECK(plan->from == 6);
  REQUIRE(plan->steps.size() == static_cast<std::size_t>(plan->to - 6));
  CHECK(plan->steps.front() == "0007_decisions");
  CHECK(plan->needed_bytes > 2 * plan->database_bytes);
  CHECK(plan->free_bytes > 0);
  CHECK(schema(path) == 6);
  CHECK_FALSE(std::filesystem::exists(plan->backup));
  CHECK(store::plan_upgrade(dir.file("not-there.db"))->nothing_to_do());
}

TEST_CASE("an upgrade leaves a copy of how it was", "[store][migration]") {
  TempDir dir;
  const auto path = older(dir);
  std::vector<std::string> lines;
  const auto done = store::upgrade(path, KeepBackup::yes, [&](std::string_view l) { lines.emplace_back(l); });
  REQUIRE(done);
  CHECK(schema(path) == done->to);
  CHECK(done->backup == path + ".schema-6");
  CHECK(schema(done->backup) == 6);
  CHECK(ask(done->backup, "SELECT count(*) FROM mention") == 3);
  CHECK(ask(path, "SELECT count(*) FROM mention") == 3);
  REQUIRE(lines.size() == 3 + done->steps.size());
  CHECK(lines[2] == "migration 0007_decisions");
  CHECK(store::plan_upgrade(path)->nothing_to_do());
  // The way back: the copy in the database's place is that of before.
  for (const auto* end : {"-wal", "-shm"}) std::filesystem::remove(path + end);
  std::filesystem::rename(done->backup, path);
  CHECK(store::plan_upgrade(path)->from == 6);
}

TEST_CASE("whoever opens an older database makes the copy too", "[store][migration]") {
  TempDir dir;
  const auto path = older(dir);
  REQUIRE(store::open_store(path));
  CHECK(schema(path + ".schema-6") == 6);
}

TEST_CASE("an upgrade without a copy makes none", "[store][migration]") {
  TempDir dir;
  const auto path = older(dir);
  const auto done = store::upgrade(path, KeepBackup::no, silently);
  REQUIRE(done);
  CHECK(done->backup.empty());
  CHECK_FALSE(std::filesystem::exists(path + ".schema-6"));
  CHECK(schema(path) == done->to);
}

TEST_CASE("an upgrade killed before any of its steps is ended by the next", "[store][migration][faults]") {
  TempDir names;
  const auto steps = store::plan_upgrade(older(names))->steps;
  std::vector<std::string> moments = {"looking", "copying", "looking it through again"};
  for (const auto& step : steps) moments.push_back("migration " + step);
  for (const auto& moment : moments) {
    INFO(moment);
    TempDir dir;
    const auto path = older(dir);
    upgrade_and_die(path, moment);
    const auto reached = schema(path);
    const auto done = store::upgrade(path, KeepBackup::yes, silently);
    REQUIRE(done);
    CHECK(done->from == reached);
    CHECK(schema(path) == done->to);
    CHECK(ask(path, "SELECT count(*) FROM mention") == 3);
    CHECK(ask(path, "SELECT count(*) FROM verdict") == 3);
    if (moment.starts_with("migration")) CHECK(schema(path + ".schema-6") == 6);
    auto opened = store::open_store(path);
    REQUIRE(opened);
    CHECK((*opened)->verify_rollups()->empty());
  }
}

TEST_CASE("half a copy is no copy, and an older one is replaced", "[store][migration][faults]") {
  TempDir dir;
  const auto path = older(dir);
  std::ofstream(path + ".schema-6.part") << "half";
  std::ofstream(path + ".schema-6") << "what another upgrade left";
  REQUIRE(store::upgrade(path, KeepBackup::yes, silently));
  CHECK(schema(path + ".schema-6") == 6);
  CHECK_FALSE(std::filesystem::exists(path + ".schema-6.part"));
}

TEST_CASE("an upgrade is refused while the database is written, newer or damaged", "[store][migration]") {
  TempDir dir;
  const auto path = older(dir, 100);
  {
    auto other = store::WriterLock::acquire(path);
    REQUIRE(other);
    const auto refused = store::upgrade(path, KeepBackup::yes, silently);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::busy);
  }
  const auto page_size = ask(path, "PRAGMA page_size");
  const auto root = ask(path, "SELECT rootpage FROM sqlite_schema WHERE name='verdict'");
  {
    auto database = *Database::open(path, Access::read_write);
    REQUIRE(database.truncate_log());
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((root - 1) * page_size);
    file << std::string(static_cast<std::size_t>(page_size), '\x5a');
  }
  const auto damaged = store::upgrade(path, KeepBackup::yes, silently);
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().kind == ErrorKind::corrupt);
  CHECK(schema(path) == 6);
  CHECK_FALSE(std::filesystem::exists(path + ".schema-6"));
  {
    auto database = *Database::open(path, Access::read_write);
    REQUIRE(database.execute("PRAGMA user_version=999"));
  }
  const auto newer = store::plan_upgrade(path);
  REQUIRE_FALSE(newer);
  CHECK(newer.error().message.find("schema 999") != std::string::npos);
}
