#include "store/answers.hpp"

#include <catch2/catch.hpp>

#include "store/sqlite/database.hpp"
#include "store/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::store;

namespace {

KeptAnswer kept_answer(std::string body) {
  return {.request_hash = "abc", .status = 200, .content_type = "application/json", .body = std::move(body)};
}

const Timestamp monday = from_ms(test::monday_ms);

}  // namespace

TEST_CASE("an answer is found again under its caller and key, for a day and after a restart",
          "[store][answers]") {
  test::TempDir folder;
  {
    const auto store = *open_store(folder.file("t.db"));
    REQUIRE(store->answers().keep("ann", "k1", kept_answer("{\"id\":\"1\"}"), monday));
    CHECK_FALSE(*store->answers().find("bob", "k1", monday));
    CHECK_FALSE(*store->answers().find("ann", "k2", monday));
  }
  const auto store = *open_store(folder.file("t.db"));
  const auto kept = *store->answers().find("ann", "k1", monday + std::chrono::hours(23));
  REQUIRE(kept);
  CHECK(*kept == kept_answer("{\"id\":\"1\"}"));
  CHECK_FALSE(*store->answers().find("ann", "k1", monday + Answers::life));
  REQUIRE(store->answers().forget_old(monday + Answers::life));
  CHECK_FALSE(*store->answers().find("ann", "k1", monday));
}

TEST_CASE("old answers go when new ones come, and the oldest when there are too many", "[store][answers]") {
  test::TempDir folder;
  const auto path = folder.file("t.db");
  const auto store = *open_store(path);
  auto other = *sqlite::Database::open(path, sqlite::Access::read_write);
  const auto count = [&] { return *other.integer("SELECT count(*) FROM answer"); };
  REQUIRE(store->answers().keep("ann", "old", kept_answer("{}"), monday));
  REQUIRE(store->answers().keep("ann", "new", kept_answer("{}"), monday + Answers::life));
  CHECK(count() == 1);
  const auto first = std::to_string(to_ms(monday + Answers::life));
  REQUIRE(other.execute(("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<" +
                         std::to_string(Answers::kept_max) +
                         ") INSERT INTO answer SELECT 'bob',i,'','200','','', " + first + "+i FROM n")
                            .c_str()));
  const auto later = monday + Answers::life + std::chrono::hours(1);
  REQUIRE(store->answers().keep("ann", "last", kept_answer("{}"), later));
  CHECK(count() == Answers::kept_max);
  CHECK_FALSE(*store->answers().find("ann", "new", later));
  CHECK(*store->answers().find("ann", "last", later));
}

TEST_CASE("an erasure takes answers along, which may quote whom it erases", "[store][answers]") {
  test::TempDir folder;
  const auto store = *open_store(folder.file("t.db"));
  REQUIRE(store->answers().keep("ann", "k1", kept_answer("{\"text\":\"said by her\"}"), monday));
  REQUIRE(store->erase(AuthorTrace{}, "asked", monday));
  CHECK_FALSE(*store->answers().find("ann", "k1", monday));
}
