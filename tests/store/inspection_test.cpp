#include "store/inspection.hpp"

#include <unistd.h>

#include <fstream>

#include "store/lock.hpp"
#include "tests/store/older_schema.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using namespace std::chrono_literals;
using store::Soundness;
using store::sqlite::Access;
using store::sqlite::Database;

TEST_CASE("a database is looked at from outside", "[store][inspection]") {
  TempDir dir;
  const auto path = dir.file("earshot.db");
  {
    auto f = fresh(dir);
    f.write({scored(mention("1", 1), f.brand)});
    CHECK(store::writer_of(path) == ::getpid());
    const auto seen = store::inspect(path, 5s);
    REQUIRE(seen);
    CHECK(seen->current());
    CHECK(seen->soundness == Soundness::sound);
    CHECK(seen->search_waiting == 1);
    CHECK_FALSE(seen->search_there);
    CHECK(seen->erasures_unsettled == 0);
    CHECK(store::inspect(path, 0ms)->soundness == Soundness::not_looked_through);
  }
  CHECK_FALSE(store::writer_of(path));
  CHECK_FALSE(store::inspect(dir.file("not-there.db"), 5s));
}

TEST_CASE("an older, a newer, a foreign and a damaged database are told apart", "[store][inspection]") {
  TempDir dir;
  const auto path = dir.file("earshot.db");
  { auto f = fresh(dir); }
  {
    auto database = *Database::open(path, Access::read_write);
    undo_to_schema_6(database);
  }
  const auto older = store::inspect(path, 5s);
  REQUIRE(older);
  CHECK(older->schema == 6);
  CHECK_FALSE(older->current());
  CHECK(older->soundness == Soundness::sound);
  {
    auto database = *Database::open(path, Access::read_write);
    REQUIRE(database.execute("PRAGMA user_version=999"));
    REQUIRE(database.truncate_log());
  }
  CHECK(store::inspect(path, 5s).error().kind == ErrorKind::forbidden);
  std::ofstream(dir.file("text.db")) << std::string(8192, 'x');
  CHECK(store::inspect(dir.file("text.db"), 5s).error().kind == ErrorKind::corrupt);
}

TEST_CASE("a page that was written over is found", "[store][inspection][faults]") {
  TempDir dir;
  const auto path = dir.file("earshot.db");
  std::int64_t root = 0, size = 0;
  {
    auto f = fresh(dir);
    f.write({scored(mention("1", 1), f.brand)});
  }
  {
    auto database = *Database::open(path, Access::read_write);
    root = *database.integer("SELECT rootpage FROM sqlite_schema WHERE name='verdict'");
    size = *database.integer("PRAGMA page_size");
    REQUIRE(database.truncate_log());
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((root - 1) * size);
    file << std::string(static_cast<std::size_t>(size), '\x5a');
  }
  const auto seen = store::inspect(path, 5s);
  REQUIRE(seen);
  CHECK(seen->soundness == Soundness::damaged);
  CHECK_FALSE(seen->damage.empty());
}

TEST_CASE("an erasure counts as unsettled until the index has been rewritten", "[store][inspection]") {
  TempDir dir;
  const auto path = dir.file("earshot.db");
  auto f = fresh(dir);
  f.write({scored(mention("1", 1), f.brand)});
  const auto trace = (*f.store->reader())->author("mastodon", "ann");
  REQUIRE(trace);
  REQUIRE(f.store->erase(*trace, "asked", from_ms(monday_ms)));
  auto seen = store::inspect(path, 5s);
  REQUIRE(seen);
  CHECK(seen->erasures_unsettled == 1);
  CHECK(seen->erased_at == from_ms(monday_ms));
  auto indexer = *f.store->indexer();
  for (int i = 0; i < 50 && !*f.store->settle_erasure(); ++i) REQUIRE(indexer->advance());
  CHECK(store::inspect(path, 5s)->erasures_unsettled == 0);
}

TEST_CASE("posts that nobody has looked at again are counted", "[store][inspection]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write({scored(mention("1", 1), f.brand), scored(mention("2", 60), f.brand)});
  auto gone = mention("3", 2);
  f.write({scored(gone, f.brand)});
  gone.deleted = true;
  gone.fetched_at += 1h;
  f.write({scored(gone, f.brand)});
  const auto count = [&](std::string_view platform, int minute) {
    return store::unseen_since(dir.file("earshot.db"), platform, from_ms(monday_ms + minute * 60'000), 100,
                               5s)
        .value_or(-1);
  };
  CHECK(count("mastodon", 30) == 1);
  CHECK(count("mastodon", 100) == 2);
  CHECK(count("mastodon", 0) == 0);
  CHECK(count("reddit", 100) == 0);
}
