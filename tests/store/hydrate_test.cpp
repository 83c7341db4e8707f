// Mentions that are asked for again, and those that may not be kept longer.
#include "store/sqlite/database.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
const auto monday = from_ms(monday_ms);

struct Kept {
  TempDir dir;
  Fixture f{*store::open_store(dir.file("earshot.db"))};

  MentionId id(std::int64_t minute) const {
    return identity::make_id(monday + std::chrono::minutes(minute), 0);
  }
  std::int64_t count(const char* sql) {
    auto database = store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
    return *database->integer(sql);
  }
  store::HydratePage due(std::int64_t after, std::int64_t up_to, Timestamp read_before,
                         std::size_t limit = 100) {
    auto reader = *f.store->reader();
    auto page = reader->to_hydrate({.source = f.source,
                                    .after = id(after),
                                    .up_to = id(up_to),
                                    .read_before = read_before,
                                    .limit = limit});
    REQUIRE(page);
    return *page;
  }
};

std::vector<std::string> names(const store::HydratePage& page) {
  std::vector<std::string> out;
  for (const auto& row : page.rows) out.push_back(row.native_id.substr(row.native_id.rfind('/') + 1));
  return out;
}

}  // namespace

TEST_CASE("who is due is found in order, page by page, without the dead, the fresh and those of others",
          "[store][hydrate]") {
  Kept kept;
  std::vector<store::ScoredMention> items;
  for (int i = 0; i < 6; ++i) items.push_back(scored(mention(std::to_string(i), i * 10), kept.f.brand));
  items[2].mention.deleted = true;
  items[3].mention.fetched_at = monday + std::chrono::hours(5);
  items[4].mention.in_reply_to = "https://social.example/1";
  items[4].mention.extra = R"({"local_id":"x"})";
  kept.f.write(items);
  const auto other = *kept.f.store->ensure_source("other", "mastodon");
  store::Batch batch{
      .source = other, .stream = "s", .mentions = {scored(mention("far", 15), kept.f.brand)}, .now = monday};
  REQUIRE(kept.f.store->write(std::span(&batch, 1)));

  const auto before = monday + std::chrono::hours(4);
  const auto all = kept.due(-60, 60, before);
  CHECK(names(all) == std::vector<std::string>{"0", "1", "4", "5"});
  CHECK(all.reached == kept.id(60));
  CHECK(all.rows[2].in_reply_to == "https://social.example/1");
  CHECK(all.rows[2].extra == R"({"local_id":"x"})");
  CHECK(all.rows[2].created_at == monday + std::chrono::minutes(40));
  const auto first = kept.due(-60, 60, before, 2);
  CHECK(names(first) == std::vector<std::string>{"0", "1"});
  auto reader = *kept.f.store->reader();
  const auto rest = reader->to_hydrate({.source = kept.f.source,
                                        .after = first.reached,
                                        .up_to = kept.id(60),
                                        .read_before = before,
                                        .limit = 100});
  CHECK(names(*rest) == std::vector<std::string>{"4", "5"});
  CHECK(kept.due(60, 120, before).rows.empty());
  const auto late = reader->hydrate_overdue(
      {.source = kept.f.source, .after = kept.id(-60), .up_to = kept.id(35), .read_before = before});
  REQUIRE(late);
  CHECK(late->overdue == 2);
  CHECK(late->oldest_at == monday + std::chrono::seconds(5));
}

TEST_CASE("a mention is withdrawn by its id: words go, counts stay, and it does not come back",
          "[store][hydrate]") {
  Kept kept;
  const auto post = scored(mention("1", 5), kept.f.brand);
  kept.f.write({post, scored(mention("2", 6), kept.f.brand)});
  const auto numbers = kept.count("SELECT sum(mentions) FROM rollup_hour");
  const auto row = kept.due(0, 60, monday + std::chrono::hours(4)).rows.front();
  store::Batch batch{.source = kept.f.source,
                     .stream = "hydrate",
                     .withdrawals = {Withdrawal{.at = monday + std::chrono::hours(1), .id = row.id},
                                     Withdrawal{.at = monday, .id = MentionId{12345}}},
                     .now = monday};
  const auto receipts = kept.f.store->write(std::span(&batch, 1));
  REQUIRE(receipts);
  CHECK(receipts->front().updated == 1);
  CHECK(kept.count("SELECT count(*) FROM mention WHERE text IS NULL AND native_id IS NULL AND raw IS NULL") ==
        1);
  CHECK(kept.count("SELECT count(*) FROM mention WHERE text IS NOT NULL") == 1);
  CHECK(kept.count("SELECT sum(mentions) FROM rollup_hour") == numbers);
  kept.f.write({post});
  CHECK(kept.count("SELECT count(*) FROM mention WHERE text IS NOT NULL") == 1);
  kept.f.rollups_agree();
}

TEST_CASE("what may be kept for a time only goes when it was not read again within it", "[store][hydrate]") {
  Kept kept;
  std::vector<store::ScoredMention> items;
  for (int i = 0; i < 30; ++i) items.push_back(scored(mention(std::to_string(i), i), kept.f.brand));
  items[7].mention.fetched_at = monday + std::chrono::hours(24 * 20);  // read again meanwhile
  kept.f.write(items);
  const auto numbers = kept.count("SELECT sum(mentions) FROM rollup_hour");
  auto& store = *kept.f.store;
  const auto now = monday + std::chrono::hours(24 * 31);
  const auto before = now - std::chrono::hours(24 * 30);
  CHECK(store.expire("nobody", before, 10, now)->mentions == 0);
  std::int64_t gone = 0;
  bool more = true;
  for (int rounds = 0; more && rounds < 10; ++rounds) {
    const auto part = store.expire("social", before, 10, now);
    REQUIRE(part);
    CHECK(part->mentions <= 10);
    gone += part->mentions;
    more = part->more;
  }
  CHECK_FALSE(more);
  CHECK(gone == 29);
  CHECK(kept.count("SELECT count(*) FROM mention WHERE text IS NOT NULL") == 1);
  CHECK(kept.count(
            "SELECT count(*) FROM mention WHERE text IS NULL AND (author_id IS NOT NULL OR native_id IS NOT "
            "NULL)") == 0);
  CHECK(kept.count("SELECT sum(mentions) FROM rollup_hour") == numbers);
  kept.f.rollups_agree();
  // Looked at once, it is left alone for an hour; then the last one's time has come.
  const auto later = now + std::chrono::hours(24 * 20);
  CHECK(store.expire("social", later - std::chrono::hours(24 * 30), 10, now + std::chrono::minutes(30))
            ->mentions == 0);
  CHECK(store.expire("social", later - std::chrono::hours(24 * 30), 10, later)->mentions == 1);
}

TEST_CASE("a source says how it follows its mentions, and at which rate it is asked", "[store][hydrate]") {
  Kept kept;
  auto& store = *kept.f.store;
  CHECK_FALSE((*store.reader()).get()->sources()->front().hydrate);
  REQUIRE(store.report_hydrate(kept.f.source,
                               {.at = monday, .asked = 5, .gone = 1, .overdue = 3, .oldest_at = monday}));
  REQUIRE(store.report_hydrate(kept.f.source, {.at = monday, .asked = 2, .gone = 0, .overdue = 0}));
  REQUIRE(store.report(kept.f.source, {.state = "ok", .at = monday, .poll_rate = 0.25}));
  REQUIRE(store.add_gap(
      kept.f.source, "s",
      {.from = monday, .to = monday + Milliseconds(hour_ms), .reason = "sampled", .rate = 0.5}));
  REQUIRE(store.add_gap(kept.f.source, "s",
                        {.from = monday, .to = monday + Milliseconds(hour_ms), .reason = "unreachable"}));
  auto reader = *store.reader();
  const auto row = reader->sources()->front();
  CHECK(row.poll_rate == 0.25);
  CHECK(row.hydrate == store::HydrateStatus{.at = monday, .asked = 7, .gone = 1, .overdue = 0});
  const auto gaps = *reader->gaps(monday, monday + Milliseconds(hour_ms));
  REQUIRE(gaps.size() == 2);
  CHECK(gaps[0].gap.rate == 0.5);
  CHECK_FALSE(gaps[1].gap.rate);
  REQUIRE(store.report(kept.f.source, {.state = "ok", .at = monday}));
  CHECK_FALSE(reader->sources()->front().poll_rate);
}
