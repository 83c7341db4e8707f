// Letting go of old mentions: what is kept, what never comes back, and that the rest is as if nothing had
// been.
#include "store/sqlite/database.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr int day = 24 * 60;

std::vector<store::ScoredMention> posts(BrandId brand, int from, int count) {
  std::vector<store::ScoredMention> out;
  for (int i = 0; i < count; ++i)
    out.push_back(
        scored(mention(std::to_string(from) + "-" + std::to_string(i), from + i, "canaryword post"), brand));
  return out;
}

}  // namespace

TEST_CASE("old mentions go in batches, their numbers stay, and they do not come back", "[store][retention]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write(posts(f.brand, 0, 100));
  f.write(posts(f.brand, day, 50));
  f.index();
  const auto hours = *(*f.store->reader())->hours(f.brand, from_ms(0), from_ms(monday_ms * 2));
  CHECK(*f.store->oldest() == from_ms(monday_ms));

  // Within an hour nothing goes: the hour's numbers would no longer be those of its mentions.
  const auto before = from_ms(monday_ms + day * 60'000 + 59 * 60'000);
  std::int64_t gone = 0;
  for (int batch = 0;; ++batch) {
    const auto purged = f.store->purge(before, 30);
    REQUIRE(purged);
    CHECK(purged->mentions <= 30);
    gone += purged->mentions;
    f.rollups_agree();
    if (!purged->more) break;
    REQUIRE(batch < 10);
  }
  CHECK(gone == 100);
  CHECK(*f.store->oldest() == from_ms(monday_ms + day * 60'000));
  auto reader = *f.store->reader();
  CHECK(reader->mentions({.limit = 1'000})->size() == 50);
  CHECK(*reader->hours(f.brand, from_ms(0), from_ms(monday_ms * 2)) == hours);
  f.index();
  CHECK(reader->mentions({.search = "canaryword", .limit = 1'000})->size() == 50);

  const auto again = f.write(posts(f.brand, 0, 100));
  CHECK(again.unmatched == 100);
  CHECK(again.stored == 0);
  CHECK(*reader->hours(f.brand, from_ms(0), from_ms(monday_ms * 2)) == hours);
  f.rollups_agree();
}

TEST_CASE("while an hour is half gone, its numbers stay and its words can still be taken back",
          "[store][retention]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write(posts(f.brand, 0, 60));
  const auto hours = *(*f.store->reader())->hours(f.brand, from_ms(0), from_ms(monday_ms * 2));
  REQUIRE(f.store->purge(from_ms(monday_ms + 3'600'000), 20)->more);
  auto reader = *f.store->reader();
  // An edit comes too late, a deletion does not.
  auto edited = posts(f.brand, 0, 60);
  edited[50].mention.edited_at = edited[50].mention.fetched_at;
  edited[50].mention.text = "another word";
  CHECK(f.write({edited[50]}).unmatched == 1);
  auto gone = edited[51].mention;
  gone.deleted = true;
  CHECK(f.write({store::ScoredMention{.mention = gone}}).updated == 1);
  f.index();
  CHECK(reader->mentions({.search = "canaryword", .limit = 100})->size() == 39);
  // Nor does scoring again work out the hour from what is left of it.
  auto left = *reader->whole_hours({}, 1);
  CHECK(left.size() == 40);
  for (auto& mention : left)
    if (!mention.mention.deleted) mention.rescored = posts(f.brand, 0, 1)[0].verdicts;
  REQUIRE(f.store->rescore(left, 5, {}));
  CHECK(*reader->hours(f.brand, from_ms(0), from_ms(monday_ms * 2)) == hours);
  f.rollups_agree();
}

TEST_CASE("what was let go stays gone after a restart", "[store][retention]") {
  TempDir dir;
  {
    auto f = fresh(dir);
    f.write(posts(f.brand, 0, 10));
    REQUIRE(f.store->purge(from_ms(monday_ms + 2 * 3'600'000), 100));
  }
  auto f = fresh(dir);
  CHECK(f.write(posts(f.brand, 0, 10)).unmatched == 10);
  CHECK_FALSE(*f.store->oldest());
  f.rollups_agree();
}

TEST_CASE("pages that became free go back to the file system", "[store][retention]") {
  TempDir dir;
  auto f = fresh(dir);
  for (int batch = 0; batch < 90; ++batch) f.write(posts(f.brand, batch * 60, 60));
  const auto before = *f.store->used_bytes();
  while (f.store->purge(from_ms(monday_ms + 4 * day * 60'000), 200)->more) {
  }
  REQUIRE(f.store->checkpoint());
  CHECK(*f.store->used_bytes() < before / 2);
  auto database = *store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
  CHECK(*database.integer("PRAGMA freelist_count") == 0);
}
