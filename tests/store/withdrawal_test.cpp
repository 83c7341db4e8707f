#include "store/sqlite/database.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

Mention sky_post(const std::string& author, const std::string& key, std::int64_t minute) {
  auto out = mention(key, minute, "Fernwave is down", author);
  out.platform = "bluesky";
  out.native_id = "at://" + author + "/app.bsky.feed.post/" + key;
  return out;
}

struct Sky {
  TempDir dir;
  Fixture f{*store::open_store(dir.file("earshot.db"))};

  store::Receipt withdraw(std::vector<Withdrawal> withdrawals) {
    store::Batch batch{.source = f.source,
                       .stream = "tag:fernwave",
                       .epoch = f.epoch,
                       .withdrawals = std::move(withdrawals),
                       .now = from_ms(monday_ms)};
    auto receipts = f.store->write(std::span(&batch, 1));
    REQUIRE(receipts);
    f.epoch = receipts->front().epoch;
    return receipts->front();
  }
  std::int64_t count(const char* sql) {
    auto database = store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
    return *database->integer(sql);
  }
  std::int64_t alive() { return count("SELECT count(*) FROM mention WHERE deleted_at IS NULL"); }
};

const auto later = from_ms(monday_ms + 3'600'000);

}  // namespace

TEST_CASE("a withdrawn mention becomes a tombstone, an unknown one leaves no trace", "[store][withdrawal]") {
  Sky sky;
  sky.f.write({scored(sky_post("did:plc:ann", "3l3qo2vuowo2b", 5), sky.f.brand),
               scored(mention("9", 6), sky.f.brand)});
  const auto numbers = sky.count("SELECT sum(mentions) FROM rollup_hour");
  const auto receipt = sky.withdraw(
      {{.platform = "bluesky", .native_id = "at://did:plc:ann/app.bsky.feed.post/3l3qo2vuowo2b", .at = later},
       {.platform = "bluesky", .native_id = "at://did:plc:ann/app.bsky.feed.post/3l3qo2vuowo2z", .at = later},
       {.platform = "mastodon",
        .native_id = "https://social.example/9",
        .created_at = from_ms(monday_ms + 6 * 60'000),
        .at = later}});
  CHECK(receipt.updated == 2);
  CHECK(sky.count("SELECT count(*) FROM mention") == 2);
  CHECK(sky.alive() == 0);
  CHECK(sky.count("SELECT count(*) FROM mention WHERE text IS NOT NULL OR author_id IS NOT NULL OR raw IS "
                  "NOT NULL") == 0);
  CHECK(sky.count("SELECT sum(mentions) FROM rollup_hour") == numbers);
  sky.f.rollups_agree();
  // For ever: neither the post again nor the withdrawal again changes anything.
  CHECK(sky.f.write({scored(sky_post("did:plc:ann", "3l3qo2vuowo2b", 5), sky.f.brand)}).duplicate == 1);
  CHECK(sky.withdraw({{.platform = "bluesky",
                       .native_id = "at://did:plc:ann/app.bsky.feed.post/3l3qo2vuowo2b",
                       .at = later}})
            .updated == 0);
  CHECK(sky.alive() == 0);
}

TEST_CASE("an account that is gone takes all its mentions along, and nobody else's", "[store][withdrawal]") {
  Sky sky;
  sky.f.write({scored(sky_post("did:plc:ann", "3l3qo2vuowo2b", 5), sky.f.brand),
               scored(sky_post("did:plc:ann", "3l3qo2vuowo2c", 6), sky.f.brand),
               scored(sky_post("did:plc:bob", "3l3qo2vuowo2d", 7), sky.f.brand),
               scored(mention("9", 6, "Fernwave is down", "did:plc:ann"), sky.f.brand)});
  CHECK(sky.withdraw({{.platform = "bluesky", .author_id = "did:plc:ann", .at = later},
                      {.platform = "bluesky", .author_id = "did:plc:nobody", .at = later}})
            .updated == 2);
  CHECK(sky.alive() == 2);
  CHECK(sky.withdraw({{.platform = "bluesky", .author_id = "did:plc:ann", .at = later}}).updated == 0);
  sky.f.rollups_agree();
}

TEST_CASE("mentions of a database from before can go with their account", "[store][withdrawal][migration]") {
  Sky sky;
  sky.f.write({scored(sky_post("did:plc:ann", "3l3qo2vuowo2b", 5), sky.f.brand)});
  const auto path = sky.dir.file("old.db");
  {
    auto database =
        store::sqlite::Database::open(sky.dir.file("earshot.db"), store::sqlite::Access::read_write);
    REQUIRE(
        database->execute("DROP TABLE account_mention; DROP TABLE delivery; DROP TABLE destination; PRAGMA "
                          "user_version=5; UPDATE meta SET value='5' WHERE "
                          "key='schema_version'"));
    REQUIRE(database->execute(("VACUUM INTO '" + path + "'").c_str()));
  }
  sky.f.store.reset();
  Fixture again(*store::open_store(path));
  again.epoch = again.store->stream(again.source, "tag:fernwave")->epoch;
  store::Batch batch{.source = again.source,
                     .stream = "tag:fernwave",
                     .epoch = again.epoch,
                     .withdrawals = {{.platform = "bluesky", .author_id = "did:plc:ann", .at = later}},
                     .now = from_ms(monday_ms)};
  const auto receipts = again.store->write(std::span(&batch, 1));
  REQUIRE(receipts);
  CHECK(receipts->front().updated == 1);
}

TEST_CASE("what is purged is forgotten of its account as well", "[store][withdrawal][retention]") {
  Sky sky;
  sky.f.write({scored(sky_post("did:plc:ann", "3l3qo2vuowo2b", 5), sky.f.brand)});
  CHECK(sky.count("SELECT count(*) FROM account_mention") == 1);
  REQUIRE(sky.f.store->purge(from_ms(monday_ms + 1'000 * 86'400'000LL), 1'000));
  CHECK(sky.count("SELECT count(*) FROM mention") == 0);
  CHECK(sky.count("SELECT count(*) FROM account_mention") == 0);
}
