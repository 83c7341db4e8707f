// Scoring again: verdicts replaced, rollups right at every step, a run that was broken off is remembered.
#include "store/sqlite/database.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

/// Every verdict turned to positive.
void turn(std::vector<store::StoredMention>& mentions) {
  for (auto& mention : mentions) {
    if (mention.mention.deleted) continue;
    for (const auto& old : mention.verdicts) {
      BrandVerdict now{.brand = old.brand, .match = old.match};
      now.verdict.sentiment = {.polarity = Polarity::positive, .score = 0.5F, .positive = 0.7F};
      now.verdict.lang = "en";
      now.verdict.lexicon_version = 77;
      mention.rescored.push_back(std::move(now));
    }
  }
}

}  // namespace

TEST_CASE("whole hours are read, scored again and written, with rollups right at every step",
          "[store][rescore]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto other = *f.store->ensure_brand("Globex");
  std::vector<store::ScoredMention> items;
  for (int i = 0; i < 150; ++i) {
    items.push_back(
        scored(mention(std::to_string(i), i * 2, "it is down", "author" + std::to_string(i % 9)), f.brand));
    if (i % 3 == 0)
      items.back().verdicts.push_back({.brand = other, .verdict = items.back().verdicts[0].verdict});
  }
  f.write(std::move(items));
  auto gone = mention("7", 14);
  gone.deleted = true;
  f.write({store::ScoredMention{.mention = gone}});

  auto reader = *f.store->reader();
  MentionId next;
  std::size_t read = 0;
  for (int step = 0; step < 20; ++step) {
    auto group = *reader->whole_hours(next, 40);
    if (group.empty()) break;
    CHECK(group.size() >= std::min<std::size_t>(40, 150 - read));
    CHECK(group.size() % 30 == 0);  // thirty an hour
    read += group.size();
    turn(group);
    next = identity::make_id(identity::hour_of(group.back().id) + std::chrono::hours(1), 0);
    REQUIRE(f.store->rescore(group, 77, next));
    f.rollups_agree();
    CHECK(*f.store->rescored_to(77) == next);
    CHECK_FALSE(*f.store->rescored_to(78));
  }
  CHECK(read == 150);
  REQUIRE(f.store->rescore({}, 77, {}));
  CHECK_FALSE(*f.store->rescored_to(77));
  for (const auto brand : {f.brand, other}) {
    const auto rows = *reader->mentions({.brand = brand, .limit = 1'000});
    CHECK(rows.size() == (brand == f.brand ? 150 : 50));
    for (const auto& row : rows)  // whose words are gone keeps what was thought of it
      CHECK(row.verdict.polarity == (row.deleted ? Polarity::negative : Polarity::positive));
  }
}
