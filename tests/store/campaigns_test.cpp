// What the brand does and promises, and who felt misled: entered once, changed in place, told once.
#include "store/sqlite/database.hpp"
#include "store/sqlite/reader.hpp"
#include "tests/store/plan.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const auto now = from_ms(monday_ms);
using std::chrono::hours;

template <typename Value>
void refused(const Result<Value>& done, std::string_view why) {
  INFO(why);
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::invalid);
  CHECK(done.error().message.find(why) != std::string::npos);
}

store::MisledRow finding(std::string key, std::int64_t people, bool tell) {
  return {.key = std::move(key),
          .title = "misled",
          .people = people,
          .mentions = people,
          .first_at = now,
          .last_at = now,
          .details = "{\"version\":1}",
          .members = {MentionId{5}, MentionId{7}},
          .tell = tell};
}

}  // namespace

TEST_CASE("a campaign is there once, however often it is added, and changes in place", "[store][campaigns]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  const store::CampaignDecision summer{
      .brand = f.brand, .name = "Summer", .url = "https://acme.example/", .from = now, .at = now};
  const auto id = *f.store->decide_campaign(summer);
  CHECK(*f.store->decide_campaign(summer) == id);
  auto reader = *f.store->reader();
  CHECK(reader->campaign(id)->decided_at == now);
  REQUIRE(f.store->decide_campaign({.id = id, .note = "hot", .to = now + hours(24), .at = now + hours(1)}));
  auto row = *reader->campaign(id);
  CHECK((row.name == "Summer" && row.note == "hot" && row.to == now + hours(24)));
  CHECK(row.url == "https://acme.example/");
  // The same again does not even move the time of the decision.
  REQUIRE(f.store->decide_campaign({.id = id, .note = "hot", .at = now + hours(9)}));
  CHECK(reader->campaign(id)->decided_at == now + hours(1));
  REQUIRE(f.store->decide_campaign({.id = id, .note = "", .to = Timestamp{}, .at = now}));
  CHECK_FALSE(reader->campaign(id)->to);
  CHECK(reader->campaigns(f.brand)->size() == 1);
  CHECK(reader->campaigns(*f.store->ensure_brand("Globex"))->empty());

  refused(f.store->decide_campaign({.brand = f.brand, .from = now}), "needs a name");
  refused(f.store->decide_campaign({.brand = f.brand, .name = "x"}), "needs a beginning");
  refused(f.store->decide_campaign({.brand = f.brand, .name = "x", .from = now, .to = now}), "ends before");
  refused(f.store->decide_campaign({.brand = f.brand, .name = "x", .url = "javascript:x", .from = now}),
          "https://");
  refused(f.store->decide_campaign({.brand = BrandId{99}, .name = "x", .from = now}), "no such brand");
  refused(f.store->decide_campaign({.id = CampaignId{99}, .name = "x"}), "no campaign 99");
  const auto other = *f.store->decide_campaign({.brand = f.brand, .name = "Winter", .from = now, .at = now});
  refused(f.store->decide_campaign({.id = other, .name = "Summer"}), "already");
  CHECK(reader->campaigns(f.brand)->size() == 2);
}

TEST_CASE("a claim that is worded anew keeps the words before and the moment", "[store][campaigns]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto reader = *f.store->reader();
  const auto campaign =
      *f.store->decide_campaign({.brand = f.brand, .name = "Summer", .from = now, .at = now});
  const store::ClaimDecision free{.brand = f.brand,
                                  .campaign = campaign,
                                  .product = "Hub",
                                  .text = "always free",
                                  .from = now,
                                  .at = now};
  const auto id = *f.store->decide_claim(free);
  CHECK(*f.store->decide_claim(free) == id);
  CHECK_FALSE(reader->claim(id)->edited_at);
  CHECK(reader->claim(id)->campaign_name == "Summer");
  REQUIRE(f.store->decide_claim({.id = id, .text = "free for a year", .at = now + hours(5)}));
  auto row = *reader->claim(id);
  CHECK((row.text == "free for a year" && row.text_before == "always free"));
  CHECK(row.edited_at == now + hours(5));
  REQUIRE(f.store->decide_claim({.id = id, .edited_at = now + hours(2), .at = now + hours(6)}));
  CHECK(reader->claim(id)->edited_at == now + hours(2));
  REQUIRE(f.store->decide_claim({.id = id, .campaign = CampaignId{}, .product = "", .at = now}));
  CHECK_FALSE(reader->claim(id)->campaign);
  CHECK(reader->claim(id)->product.empty());

  refused(f.store->decide_claim({.brand = f.brand, .from = now}), "needs its words");
  refused(f.store->decide_claim({.brand = f.brand, .campaign = CampaignId{99}, .text = "x", .from = now}),
          "no campaign 99");
  const auto rival = *f.store->ensure_brand("Globex");
  refused(f.store->decide_claim({.brand = rival, .campaign = campaign, .text = "x", .from = now}),
          "another brand");
  refused(f.store->decide_claim({.id = ClaimId{99}, .text = "x"}), "no claim 99");
  CHECK(reader->claims(f.brand)->size() == 1);
}

TEST_CASE("marketing is told of a claim once in four weeks, however often it is found",
          "[store][campaigns]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto reader = *f.store->reader();
  const auto write = [&](std::vector<store::MisledRow> rows, Timestamp at) {
    REQUIRE(f.store->write_misled(f.brand, rows, at));
    return f.store->outbox(100)->size();
  };
  CHECK(write({finding("claim:7", 4, false), finding("words:a", 9, false)}, now) == 0);
  CHECK(write({finding("claim:7", 6, true)}, now) == 1);
  CHECK(reader->misled(f.brand)->size() == 1);
  CHECK(write({finding("claim:7", 8, true)}, now + hours(1)) == 1);
  // Gone for one run, it is not told again when it is back.
  CHECK(write({}, now + hours(2)) == 1);
  CHECK(write({finding("claim:7", 8, true), finding("claim:8", 5, true)}, now + hours(3)) == 2);
  CHECK(write({finding("claim:7", 9, true)}, now + hours(24 * 28)) == 3);
  const auto rows = *reader->misled(f.brand);
  REQUIRE(rows.size() == 1);
  CHECK((rows[0].people == 9 && rows[0].told_at == now + hours(24 * 28)));
  CHECK(rows[0].members == std::vector{MentionId{5}, MentionId{7}});
  CHECK(reader->misled(rows[0].id)->key == "claim:7");
  refused(reader->misled(MisledId{99}), "no finding 99");
  const auto items = *f.store->outbox(100);
  CHECK(items[0].kind == "misled_found");
  CHECK(items[0].payload.find("\"brand\":\"Fernwave\"") != std::string::npos);
}

TEST_CASE("days on which an idea was asked outlive the job's span, and so does its answer",
          "[store][ideas]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto reader = *f.store->reader();
  const auto day = [](int n) { return now + hours(24 * n); };
  store::IdeaRow row{
      .key = "reset", .title = "How?", .score = 1, .first_at = now, .last_at = now, .details = "{}"};
  row.asked_days = {{day(0), 2}, {day(1), 0}, {day(2), 3}, {day(3), 0}};
  row.answer = store::IdeaAnswer{.mention = MentionId{5}, .own = false, .thanked = 2};
  REQUIRE(f.store->write_ideas(f.brand, std::vector{row}, now));
  auto read = reader->ideas(f.brand, 9)->front();
  // Silent days are not kept, but for those that say how far one looked.
  CHECK(read.asked_days ==
        std::vector<std::pair<Timestamp, std::int64_t>>{{day(0), 2}, {day(2), 3}, {day(3), 0}});
  CHECK(read.answer == row.answer);
  row.asked_days = {{day(2), 1}, {day(3), 4}};
  row.answer.reset();
  REQUIRE(f.store->write_ideas(f.brand, std::vector{row}, now));
  read = reader->ideas(f.brand, 9)->front();
  CHECK(read.asked_days ==
        std::vector<std::pair<Timestamp, std::int64_t>>{{day(0), 2}, {day(2), 1}, {day(3), 4}});
  CHECK(read.answer->mention == MentionId{5});

  CHECK_FALSE(read.published_at);
  REQUIRE(f.store->decide_idea({.id = read.id, .state = "published", .at = now + hours(7)}));
  CHECK(reader->idea(read.id)->published_at == now + hours(7));
  REQUIRE(f.store->decide_idea({.id = read.id, .state = "published", .at = now + hours(9)}));
  CHECK(reader->idea(read.id)->published_at == now + hours(7));
  REQUIRE(f.store->decide_idea({.id = read.id, .published_at = day(1), .at = now + hours(9)}));
  CHECK(reader->idea(read.id)->published_at == day(1));
  REQUIRE(f.store->decide_idea({.id = read.id, .published_at = Timestamp{}, .at = now + hours(9)}));
  CHECK_FALSE(reader->idea(read.id)->published_at);
  // What is dropped takes its days along.
  REQUIRE(f.store->decide_idea({.id = read.id, .state = "new", .at = now}));
  REQUIRE(f.store->write_ideas(f.brand, {}, now));
  auto database = *store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
  CHECK(*database.integer("SELECT count(*) FROM idea_day") == 0);
  CHECK(*database.integer("SELECT count(*) FROM idea_answer") == 0);
}

TEST_CASE("claims and concerns are found by their indexes", "[store][campaigns][plan]") {
  using namespace earshot::store::sqlite;
  TempDir dir;
  { REQUIRE(store::open_store(dir.file("earshot.db"))); }
  auto database = *Database::open(dir.file("earshot.db"), Access::read_only);
  const auto claims = plan(database, claims_sql());
  INFO(claims);
  CHECK(claims.find("claim_brand (brand_id=?)") != std::string::npos);
  CHECK(claims.find("SCAN") == std::string::npos);
  const auto concerns = plan(database, concerns_sql());
  INFO(concerns);
  CHECK(concerns.find("verdict_brand (brand_id=? AND mention_id>? AND mention_id<?)") != std::string::npos);
  CHECK(concerns.find("SCAN") == std::string::npos);
  CHECK(concerns.find("TEMP B-TREE") == std::string::npos);
  // The views are whole.
  for (const char* view : {"v_campaign", "v_claim", "v_misled", "v_idea"})
    CHECK(database.integer((std::string("SELECT count(*) FROM ") + view).c_str()));
}
