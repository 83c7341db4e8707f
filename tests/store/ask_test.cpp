// A user's own SELECT: it reads the documented views, and can do nothing else.
#include <catch2/catch.hpp>
#include <stop_token>
#include <thread>

#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using namespace std::chrono_literals;

namespace {

std::optional<double> value(store::Reader& reader, const std::string& sql, const std::string& brand = {}) {
  const auto answer = reader.ask(sql, brand, 1s);
  INFO((answer ? std::string() : answer.error().message));
  REQUIRE(answer);
  return *answer;
}

}  // namespace

TEST_CASE("a SELECT over the views gives its number", "[store][ask]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  f.write({scored(mention("a", 5), f.brand), scored(mention("b", 6), f.brand, Polarity::positive)});
  auto reader = *f.store->reader();
  CHECK(value(*reader, "SELECT count(*) FROM v_mention WHERE brand=:brand;", "Fernwave").value() == 2);
  CHECK(value(*reader, "SELECT count(*) FROM v_mention WHERE brand=:brand", "Nobody").value() == 0);
  CHECK(value(*reader, "WITH d AS (SELECT mentions FROM v_day) SELECT sum(mentions) / 4.0 FROM d").value() ==
        0.5);
  CHECK(value(*reader, "SELECT sum(d.mentions) FROM v_day AS d").value() == 2);
  CHECK_FALSE(value(*reader, "SELECT sum(mentions) FROM v_day WHERE day='1999-01-01'").has_value());
  CHECK_FALSE(value(*reader, "SELECT mentions FROM v_day WHERE day='1999-01-01'").has_value());
}

TEST_CASE("anything else is refused with what to do", "[store][ask]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  f.write({scored(mention("a", 5), f.brand)});
  auto reader = *f.store->reader();
  const auto other = dir.file("other.db");
  for (const auto& sql :
       {std::string(""),
        std::string("-- nothing"),
        std::string("SELECT"),
        std::string("DELETE FROM mention"),
        std::string("SELECT max(mention_id) FROM mention"),
        std::string("SELECT count(name) FROM sqlite_schema"),
        std::string("SELECT text FROM v_mention"),
        std::string("SELECT 1, 2"),
        std::string("SELECT 1; SELECT 2"),
        std::string("SELECT (SELECT count(*) FROM author)"),
        std::string("PRAGMA user_version"),
        std::string("SELECT user_version FROM pragma_user_version"),
        std::string("ATTACH '" + other + "' AS o"),
        std::string("VACUUM INTO '" + other + "'"),
        std::string("SELECT load_extension('x')"),
        std::string("SELECT ?"),
        std::string("SELECT :other"),
        std::string("CREATE TEMP TABLE t AS SELECT 1"),
        std::string("WITH v_x AS (SELECT mention_id AS n FROM mention) SELECT n FROM v_x"),
        std::string("WITH v_day(n) AS NOT MATERIALIZED (SELECT mention_id FROM mention) SELECT n FROM v_day"),
        std::string("WITH \"v_x\"\n\tAS(SELECT mention_id AS n FROM mention) SELECT n FROM v_x"),
        std::string("WITH v_x/**/AS(SELECT mention_id AS n FROM mention) SELECT n FROM v_x"),
        std::string("EXPLAIN SELECT count(*) FROM v_day")}) {
    const auto answer = reader->ask(sql, "Fernwave", 1s);
    INFO(sql);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::invalid);
    CHECK(answer.error().message.find("SELECT") != std::string::npos);
  }
  // The reader itself is as free as before.
  CHECK(reader->mentions({.brand = f.brand})->size() == 1);
}

TEST_CASE("a SELECT that does not end is ended, and the reader goes on", "[store][ask]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto reader = *f.store->reader();
  const auto endless = reader->ask(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n", "", 50ms);
  REQUIRE_FALSE(endless);
  INFO(endless.error().message);
  CHECK(endless.error().kind == ErrorKind::timed_out);
  CHECK(value(*reader, "SELECT 1").value() == 1);
  CHECK(reader->brands());
}

TEST_CASE("a stop breaks off what is read, and whatever is asked after it", "[store][ask]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto reader = *f.store->reader();
  std::stop_source stop;
  reader->stop_when(stop.get_token());
  CHECK(value(*reader, "SELECT 1").value() == 1);
  const std::jthread other([&] {
    std::this_thread::sleep_for(20ms);
    stop.request_stop();
  });
  const std::string endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n";
  // Without the stop it would run for an hour.
  for (int i = 0; i < 2; ++i) {
    const auto asked = reader->ask(endless, {}, 1h);
    REQUIRE_FALSE(asked);
    CHECK(asked.error().kind == ErrorKind::timed_out);
  }
}

TEST_CASE("accuracy is that of the labels", "[store][ask]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  f.write(
      {scored(mention("a", 5), f.brand), scored(mention("b", 6), f.brand), scored(mention("c", 7), f.brand)});
  auto reader = *f.store->reader();
  CHECK(reader->accuracy(f.brand)->empty());
  const auto rows = *reader->mentions({.brand = f.brand});
  REQUIRE(
      f.store->label(store::Label{.mention = rows[0].id, .brand = f.brand, .polarity = Polarity::negative}));
  REQUIRE(
      f.store->label(store::Label{.mention = rows[1].id, .brand = f.brand, .polarity = Polarity::positive}));
  const auto found = *reader->accuracy(f.brand);
  REQUIRE_FALSE(found.empty());
  for (const auto& row : found) {
    CHECK(row.labels == 2);
    CHECK(row.agreed == 1);
    if (row.polarity == "negative") CHECK(row.hits == 1);
  }
}
