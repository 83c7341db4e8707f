// Reviews, whose only time is that of their last edit.
#include "store/sqlite/database.hpp"
#include "tests/store/older_schema.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

Mention review(std::int64_t minute, const std::string& text, double rating) {
  auto out = mention("r1", minute, text);
  out.platform = "google_play";
  out.native_id = "r1";
  out.kind = MentionKind::review;
  out.rating = rating;
  return out;
}

std::int64_t count(const std::string& file, const std::string& sql) {
  auto database = store::sqlite::Database::open(file, store::sqlite::Access::read_only);
  return *database->integer(sql.c_str());
}

}  // namespace

TEST_CASE("a review that comes with a later time is the same one, edited", "[store][review]") {
  TempDir dir;
  Fixture f{*store::open_store(dir.file("earshot.db"))};
  REQUIRE(f.write({scored(review(5, "Fernwave is great", 5), f.brand)}).stored == 1);
  CHECK(f.write({scored(review(5, "Fernwave is great", 5), f.brand)}).duplicate == 1);
  const auto edited = f.write({scored(review(3'000, "Fernwave is awful now", 1), f.brand)});
  CHECK(edited.stored == 0);
  CHECK(edited.updated == 1);
  CHECK(count(dir.file("earshot.db"), "SELECT count(*) FROM mention") == 1);
  CHECK(count(dir.file("earshot.db"), "SELECT count(*) FROM mention WHERE rating=1") == 1);
  CHECK(count(dir.file("earshot.db"), "SELECT sum(mentions) FROM rollup_hour") == 1);
  f.rollups_agree();

  auto gone = review(9'000, "", 1);
  gone.deleted = true;
  CHECK(f.write({scored(gone, f.brand)}).updated == 1);
  CHECK(count(dir.file("earshot.db"), "SELECT count(*) FROM mention WHERE deleted_at IS NULL") == 0);
  CHECK(f.write({scored(review(9'001, "Fernwave is awful now", 1), f.brand)}).stored == 0);
  CHECK(count(dir.file("earshot.db"), "SELECT count(*) FROM mention") == 1);
}

TEST_CASE("a review of a database from before is known again by its id", "[store][review][migration]") {
  TempDir dir;
  const auto path = dir.file("old.db");
  {
    Fixture f{*store::open_store(dir.file("earshot.db"))};
    f.write({scored(review(5, "Fernwave is great", 5), f.brand)});
    f.store.reset();
    auto database = store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_write);
    undo_to_schema_6(*database);
    REQUIRE(database->execute("DELETE FROM mention_alias"));
    REQUIRE(database->execute(("VACUUM INTO '" + path + "'").c_str()));
  }
  Fixture again(*store::open_store(path));
  again.epoch = again.store->stream(again.source, "tag:fernwave")->epoch;
  CHECK(again.write({scored(review(3'000, "Fernwave is awful now", 1), again.brand)}).updated == 1);
  CHECK(count(path, "SELECT count(*) FROM mention") == 1);
}
