// Rows that a statement reads from us: values as they were put in, and none left over.
#include "store/sqlite/row_feed.hpp"

#include <catch2/catch.hpp>

#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using store::sqlite::Access;
using store::sqlite::Database;
using store::sqlite::RowFeed;
using store::sqlite::Statement;

TEST_CASE("what is put into a row comes out of the statement, value by value", "[store]") {
  TempDir dir;
  auto database = *Database::open(dir.file("rows.db"), Access::read_write);
  REQUIRE(database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY,b REAL,c TEXT,d BLOB) STRICT"));
  auto feed = *RowFeed::create(database, "new_row", 4);
  auto insert = *Statement::prepare(database, "INSERT INTO t SELECT * FROM new_row");
  CHECK(feed.run(insert));  // nothing to do
  const std::string word = "nine ½";
  feed.bind(7).bind(0.25).bind(word).bind_blob(std::string_view("\0x", 2));
  feed.bind(8).bind(std::optional<double>()).bind_text_or_null("").bind_null();
  feed.bind(9).bind_null().bind(std::string_view()).bind_blob({});
  CHECK_FALSE(feed.empty());
  REQUIRE(feed.run(insert));
  CHECK(feed.empty());
  CHECK(*database.integer("SELECT count(*) FROM t") == 3);
  CHECK(*database.integer("SELECT b=0.25 AND c='nine ½' AND d=x'0078' FROM t WHERE a=7") == 1);
  CHECK(*database.integer("SELECT b IS NULL AND c IS NULL AND d IS NULL FROM t WHERE a=8") == 1);
  CHECK(*database.integer("SELECT b IS NULL AND c='' AND d=x'' FROM t WHERE a=9") == 1);
}

TEST_CASE("rows that a statement refuses are none of the next one's", "[store][faults]") {
  TempDir dir;
  auto database = *Database::open(dir.file("rows.db"), Access::read_write);
  REQUIRE(database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY) STRICT"));
  auto feed = *RowFeed::create(database, "new_row", 1);
  auto insert = *Statement::prepare(database, "INSERT INTO t SELECT * FROM new_row");
  feed.bind(1).bind(2).bind(1);
  CHECK_FALSE(feed.run(insert));
  CHECK(feed.empty());
  CHECK(*database.integer("SELECT count(*) FROM t") == 0);
  feed.bind(3);
  feed.discard();
  feed.bind(4);
  REQUIRE(feed.run(insert));
  CHECK(*database.integer("SELECT sum(a) FROM t") == 4);
}

TEST_CASE("a page that holds versions of a post is as if they had come one by one", "[store]") {
  const auto state_after = [](bool one_page) {
    TempDir dir;
    Fixture f(*store::open_store(dir.file("earshot.db")));
    std::vector<store::ScoredMention> items;
    for (int i = 0; i < 6; ++i) items.push_back(scored(mention(std::to_string(i), i), f.brand));
    auto edit = scored(mention("3", 3, "Fernwave is up again"), f.brand, Polarity::positive);
    edit.mention.edited_at = from_ms(monday_ms + 3'600'000);
    auto gone = scored(mention("4", 4), f.brand);
    gone.mention.deleted = true;
    gone.mention.fetched_at += std::chrono::hours(1);
    items.push_back(edit);
    items.push_back(gone);
    items.push_back(items[5]);
    store::Receipt total;
    const auto write = [&](std::vector<store::ScoredMention> page) {
      const auto receipt = f.write(std::move(page));
      total.stored += receipt.stored;
      total.duplicate += receipt.duplicate;
      total.updated += receipt.updated;
    };
    if (one_page)
      write(items);
    else
      for (const auto& item : items) write({item});
    CHECK(total.stored == 6);
    CHECK(total.duplicate == 1);
    CHECK(total.updated == 2);
    CHECK(f.store->verify_rollups()->empty());
    return f.state();
  };
  CHECK(state_after(true) == state_after(false));
}
