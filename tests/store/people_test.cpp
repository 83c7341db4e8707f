// People in the store: what the lists cost, what a migrated database knows, and what stays when jobs look
// back less.
#include "store/people.hpp"

#include <catch2/catch.hpp>

#include "core/model/identity.hpp"
#include "store/sqlite/people_reader.hpp"
#include "store/store.hpp"
#include "tests/store/plan.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::store::sqlite;
using earshot::test::plan;

namespace {

Timestamp day(int at) { return from_ms((std::int64_t{20'000} + at) * 86'400'000); }
MentionId at_day(int at) { return identity::make_id(day(at), 7); }

}  // namespace

TEST_CASE("lists of people are read by their indexes", "[store][people][plan]") {
  test::TempDir dir;
  { REQUIRE(store::open_store(dir.file("earshot.db"))); }
  auto database = Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(database);
  for (const auto& sql : {people_sql({.stance = "advocate"}), events_sql(), promises_sql()}) {
    const auto text = plan(*database, sql);
    INFO(text);
    CHECK(text.find("SCAN") == std::string::npos);
    CHECK(text.find("TEMP B-TREE") == std::string::npos);
  }
  // Who is not sorted by an index comes from few rows: one brand's praise, one incident's members.
  for (const auto& sql :
       {people_sql({}), people_sql({.role = "staff"}), praise_sql(), std::string(cover_sql)}) {
    const auto text = plan(*database, sql);
    INFO(text);
    CHECK(text.find("SCAN") == std::string::npos);
  }
  CHECK(plan(*database, cover_sql)
            .find("defence_target (brand_id=? AND target_mention>? AND target_mention<?)") !=
        std::string::npos);
}

TEST_CASE("what began before the jobs look back stays as it was", "[store][people]") {
  test::TempDir dir;
  auto opened = store::open_store(dir.file("earshot.db"));
  REQUIRE(opened);
  auto& store = **opened;
  const auto brand = *store.ensure_brand("Fernwave");
  store::PeopleFindings found{.since = day(0)};
  found.steps = {{.at = day(1), .author_key = 5, .from = "unknown", .to = "ranter", .after = at_day(1)},
                 {.at = day(9),
                  .author_key = 5,
                  .from = "ranter",
                  .to = "raver",
                  .before = at_day(1),
                  .after = at_day(9)},
                 {.at = day(2), .author_key = 6, .from = "unknown", .to = "raver", .after = at_day(2)}};
  found.people = {{.author_key = 5, .stance = "raver", .last_at = day(9), .last_mention = at_day(9)},
                  {.author_key = 6, .stance = "raver", .last_at = day(2), .last_mention = at_day(2)}};
  found.roles = {{.author_key = 5, .role = "customer", .reason = "says_so", .mention = at_day(1)},
                 {.author_key = 6, .role = "staff", .reason = "says_so", .mention = at_day(2)}};
  found.conduct_days = {{.day_at = day(1), .replies = 3}, {.day_at = day(9), .replies = 4}};
  REQUIRE(store.write_people(brand, found));

  store::PeopleFindings later{.since = day(5)};
  later.people = {{.author_key = 5, .stance = "defender", .last_at = day(10), .last_mention = at_day(10)}};
  later.steps = {{.at = day(10), .author_key = 5, .from = "ranter", .to = "defender", .after = at_day(10)}};
  REQUIRE(store.write_people(brand, later));
  auto reader = *store.reader();
  auto& people = reader->people();
  const auto steps = *people.steps(brand, {}, day(99), 99);
  REQUIRE(steps.size() == 3);
  CHECK(steps.front() == later.steps.front());
  const auto before = *people.last_steps(brand, day(5));
  REQUIRE(before.size() == 2);
  for (const auto& step : before) CHECK(step.to == (step.author_key == 5 ? "ranter" : "raver"));
  const auto all = *people.people(brand, {});
  REQUIRE(all.size() == 2);
  for (const auto& row : all) {
    CHECK(row.stance == (row.author_key == 5 ? "defender" : "raver"));
    CHECK(row.roles.size() == (row.author_key == 5 ? 0 : 1));
  }
  CHECK(people.people(brand, {.stance = "defender"})->size() == 1);
  CHECK(people.people(brand, {.role = "staff"})->size() == 1);
  CHECK(people.people(brand, {.role = "customer"})->empty());
  CHECK(people.conduct_days(brand, {}, day(99))->size() == 1);
  CHECK(people.stance_months(brand, {}, day(99))->size() >= 2);
}

TEST_CASE("a name that was never configured asks for nothing", "[store][people]") {
  test::TempDir dir;
  auto opened = store::open_store(dir.file("earshot.db"));
  REQUIRE(opened);
  auto reader = *(*opened)->reader();
  const BrandId brand{77};
  CHECK(reader->people().people(brand, {})->empty());
  CHECK(reader->people().promises(brand, {}, day(99), "missed", 9)->empty());
  CHECK(*reader->people().cover(IncidentId{5}) == store::Cover{});
}
