#include "embedded/migrations.hpp"
#include "store/sqlite/database.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

store::ScoredMention pressing(std::string id, std::int64_t minute, float urgency, float severity) {
  auto out = scored(mention(std::move(id), minute), BrandId{1});
  out.verdicts[0].verdict.urgency = urgency;
  out.verdicts[0].verdict.severity = severity;
  return out;
}

}  // namespace

TEST_CASE("urgency and severity come back from the store, to a thousandth", "[store][urgency]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  f.write({pressing("1", 1, 0.7514f, 0.25f), pressing("2", 2, 0, 1)});
  auto reader = *f.store->reader();
  auto rows = *reader->mentions({.brand = f.brand});
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].verdict.urgency == Approx(0.751));
  CHECK(rows[1].verdict.severity == Approx(0.25));
  CHECK(rows[0].verdict.urgency == 0);
  CHECK(rows[0].verdict.severity == 1);

  // An edit brings those of the new words.
  auto edit = pressing("1", 1, 0.1f, 0.2f);
  edit.mention.text = "all is well again";
  edit.mention.edited_at = edit.mention.created_at + std::chrono::minutes(5);
  f.write({edit});
  rows = *reader->mention(rows[1].id);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].verdict.urgency == Approx(0.1));
  CHECK(rows[0].verdict.severity == Approx(0.2));

  auto database = store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
  CHECK(*database->integer("SELECT count(*) FROM v_mention WHERE urgency=0.1 AND severity=0.2") == 1);
}

TEST_CASE("verdicts older than urgency keep what they say and have none", "[store][urgency][migration]") {
  TempDir dir;
  const auto path = dir.file("earshot.db");
  {
    auto database = store::sqlite::Database::open(path, store::sqlite::Access::read_write);
    REQUIRE(database);
    const std::string first(embedded::migrations().front().bytes);
    REQUIRE(database->execute(first.c_str()));
    REQUIRE(database->execute(
        "PRAGMA user_version=1;PRAGMA application_id=1164014195;"
        "INSERT INTO brand VALUES(1,'Fernwave');INSERT INTO platform VALUES(1,'mastodon');"
        "INSERT INTO source(source_id,name,connector) VALUES(1,'social','mastodon');"
        "INSERT INTO "
        "mention(mention_id,native_hash,platform_id,source_id,kind,created_at,fetched_at,content_hash,"
        "text) VALUES(77,1,1,1,0,1000,1000,5,'it is down');"
        "INSERT INTO verdict VALUES(77,1,0,-1,-500,600,100,1,0,0,0,0,1,'en',9)"));
  }
  const auto early = store::open_reader(path);
  REQUIRE_FALSE(early);
  CHECK(early.error().message.find("schema 1") != std::string::npos);

  Fixture f(*store::open_store(path));
  auto rows = *(*f.store->reader())->mention(MentionId{77});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].text == "it is down");
  CHECK(rows[0].verdict.score == Approx(-0.5));
  CHECK(rows[0].verdict.complaint);
  CHECK(rows[0].verdict.urgency == 0);
  f.write({pressing("1", 1, 0.5f, 0.75f)});
  rows = *(*f.store->reader())->mentions({.brand = f.brand});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].verdict.severity == Approx(0.75));
  auto database = store::sqlite::Database::open(path, store::sqlite::Access::read_only);
  CHECK(*database->integer("SELECT count(*) FROM v_mention WHERE urgency IS NULL AND severity IS NULL") == 1);
}
