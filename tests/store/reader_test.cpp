// A reader that is held at one moment, and statements that are used again.
#include <catch2/catch.hpp>

#include "store/sqlite/database.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using store::sqlite::Access;
using store::sqlite::Database;
using store::sqlite::Statement;

namespace {

std::size_t count(store::Reader& reader, const std::string& search = {}) {
  const auto rows = reader.mentions({.search = search});
  INFO((rows ? std::string() : rows.error().message));
  REQUIRE(rows);
  return rows->size();
}

std::int64_t answer(Database& database, const std::string& sql, std::int64_t bound) {
  auto statement = Statement::prepare(database, sql);
  REQUIRE(statement);
  Statement::Use use(*statement);
  use.bind(bound);
  REQUIRE(use.step());
  return use.integer(0);
}

}  // namespace

TEST_CASE("a reader that is held sees one moment", "[store][reader]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  f.write({scored(mention("a", 5), f.brand)});
  auto reader = *f.store->reader();
  {
    const store::OneMoment moment(*reader);
    CHECK(count(*reader) == 1);
    f.write({scored(mention("b", 6), f.brand)});
    CHECK(count(*reader) == 1);
    auto other = *f.store->reader();
    CHECK(count(*other) == 2);
  }
  CHECK(count(*reader) == 2);
  {
    const store::OneMoment moment(*reader);
    CHECK(count(*reader) == 2);
  }
}

TEST_CASE("a reader that is held searches, too, the first time and later", "[store][reader]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  f.write({scored(mention("a", 5), f.brand)});
  auto indexer = *f.store->indexer();
  while (*indexer->advance()) {
  }
  auto reader = *f.store->reader();
  for (int round = 0; round < 2; ++round) {
    const store::OneMoment moment(*reader);
    CHECK(count(*reader) == 1);
    CHECK(count(*reader, "nobodysaysthis") == 0);
  }
}

TEST_CASE("what ends a question leaves a held reader usable", "[store][reader]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  f.write({scored(mention("a", 5), f.brand)});
  auto reader = *f.store->reader();
  {
    const store::OneMoment moment(*reader);
    CHECK_FALSE(reader->mention(MentionId{12345}));
    CHECK_FALSE(reader->mentions({.search = "\"no end"}));
  }
  f.write({scored(mention("b", 6), f.brand)});
  CHECK(count(*reader) == 2);
}

TEST_CASE("a statement that is used again forgets what it was bound to", "[store][reader]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto database = *Database::open(dir.file("earshot.db"), Access::read_only);
  const std::string sql = "SELECT coalesce(?1,-1)";
  CHECK(answer(database, sql, 7) == 7);
  auto statement = Statement::prepare(database, sql);
  REQUIRE(statement);
  {
    Statement::Use use(*statement);
    REQUIRE(use.step());
    CHECK(use.integer(0) == -1);
    // The same text while the first is in the midst of its rows is another statement.
    CHECK(answer(database, sql, 8) == 8);
    CHECK(use.integer(0) == -1);
  }
  // More of them than are kept, twice.
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 200; ++i) CHECK(answer(database, "SELECT ?1+" + std::to_string(i), 1000) == 1000 + i);
}

TEST_CASE("statements that are kept see a schema that changed", "[store][reader]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto writer = *Database::open(dir.file("earshot.db"), Access::read_write);
  auto reader = *Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(writer.execute("CREATE TABLE t(a INTEGER); INSERT INTO t VALUES(1)"));
  CHECK(answer(reader, "SELECT a FROM t WHERE a>=?1", 0) == 1);
  REQUIRE(writer.execute("DROP TABLE t; CREATE TABLE t(b INTEGER, a INTEGER); INSERT INTO t VALUES(5,2)"));
  CHECK(answer(reader, "SELECT a FROM t WHERE a>=?1", 0) == 2);
}
