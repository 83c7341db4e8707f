// Days beside hours: the same answers whatever a period cuts, through edits, deletions and labels; and counts
// that are kept with the findings.
#include "store/sqlite/database.hpp"
#include "tests/store/older_schema.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using store::sqlite::Access;
using store::sqlite::Database;

namespace {

using std::chrono::hours;
using std::chrono::minutes;
const Timestamp monday = from_ms(monday_ms);

/// `count` posts over six days by forty people, of every kind.
std::vector<store::ScoredMention> six_days(const Fixture& f, std::mt19937& random, int count) {
  std::vector<store::ScoredMention> out;
  const auto pick = [&](int below) { return std::uniform_int_distribution<int>(0, below - 1)(random); };
  for (int i = 0; i < count; ++i) {
    auto post =
        mention("p" + std::to_string(pick(count * 2)), 0, "it is down", "a" + std::to_string(pick(40)));
    // An id keeps its time however often it is written.
    const auto minute = std::hash<std::string>()(post.native_id) % (6 * 24 * 60);
    post.created_at = monday + minutes(minute);
    post.text += std::to_string(pick(3));
    post.edited_at = post.created_at + minutes(pick(500));
    auto item = scored(post, f.brand);
    auto& verdict = item.verdicts[0].verdict;
    verdict.sentiment.polarity = static_cast<Polarity>(pick(4) - 1);
    verdict.lang = pick(3) == 0 ? "de" : "en";
    verdict.issues = {ScoredIssue{.type = static_cast<IssueType>(pick(3)), .score = 1}};
    if (pick(2) == 0)
      item = with_product(std::move(item), pick(2) == 0 ? "Hub" : "Play", static_cast<Polarity>(pick(3) - 1));
    if (pick(9) == 0) item.verdicts[0].match = MatchKind::own;
    if (pick(11) == 0) verdict.intents = {ScoredIntent{.intent = Intent::spam, .score = 1}};
    out.push_back(std::move(item));
  }
  return out;
}

struct Sums {
  std::int64_t mentions = 0, negative = 0, authors = 0;
  bool operator==(const Sums&) const = default;
};

Sums sums(const std::vector<store::HourRow>& rows) {
  store::HourRow all;
  for (const auto& row : rows) {
    all.mentions += row.mentions;
    all.negative += row.negative;
    all.authors.merge(row.authors);
  }
  return {all.mentions, all.negative, all.authors.estimate()};
}

std::vector<std::string> queue(store::Reader& reader, BrandId brand, Timestamp now) {
  std::vector<std::string> out;
  for (const auto& row : *reader.waiting(brand, 100, now)) out.push_back(std::to_string(row.priority));
  return out;
}

}  // namespace

TEST_CASE("days give what their hours give, whatever came, changed or went", "[store][days]") {
  TempDir dir;
  auto f = fresh(dir);
  std::mt19937 random(20260323);
  for (int round = 0; round < 4; ++round) {
    f.write(six_days(f, random, 150));
    f.rollups_agree();
  }
  auto reader = *f.store->reader();
  const auto all = *reader->mentions({.brand = f.brand, .limit = 1000});
  REQUIRE(all.size() > 200);
  for (std::size_t i = 0; i < all.size(); i += 7) {
    auto gone = mention(all[i].native_id, 0);
    gone.created_at = all[i].created_at;
    gone.deleted = true;
    f.write({store::ScoredMention{.mention = gone}});
  }
  REQUIRE(
      f.store->label({.mention = all[1].id, .brand = f.brand, .polarity = Polarity::positive, .at = monday}));
  f.rollups_agree();

  // A period that begins and ends anywhere is answered like one that is read hour by hour.
  for (int i = 0; i < 60; ++i) {
    const auto pick = [&] { return monday + hours(std::uniform_int_distribution<int>(-10, 160)(random)); };
    auto since = pick(), until = pick();
    if (until < since) std::swap(since, until);
    INFO(to_ms(since) << " to " << to_ms(until));
    const auto by_hour = *reader->hours(f.brand, since, until);
    std::int64_t series = 0, issues = 0, languages = 0;
    for (const auto& row : *reader->series(f.brand, {}, since, until, hours(24))) series += row.mentions;
    for (const auto& row : *reader->issues(f.brand, since, until)) issues += row.mentions;
    for (const auto& row : *reader->languages(f.brand, since, until)) languages += row.mentions;
    CHECK(series == sums(by_hour).mentions);
    CHECK(issues == sums(by_hour).mentions);  // every post of these has one
    CHECK(languages == sums(by_hour).mentions);
    std::map<std::string, std::int64_t> products, counted;
    for (const auto& row : *reader->products(f.brand, since, until)) products[row.product] = row.negative;
    for (auto at = since; at < until; at += hours(1))
      for (const auto& row : *reader->products(f.brand, at, at + hours(1)))
        counted[row.product] += row.negative;
    CHECK(products == counted);
  }
  for (int day = 0; day < 6; ++day)
    CHECK(sums(*reader->days(f.brand, monday + hours(24 * day + 3), monday + hours(24 * day + 4))) ==
          sums(*reader->hours(f.brand, monday + hours(24 * day), monday + hours(24 * (day + 1)))));
}

TEST_CASE("a day that is not the sum of its hours is found", "[store][days]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write({with_product(scored(mention("1", 5), f.brand), "Hub", Polarity::negative)});
  for (const char* harm :
       {"UPDATE rollup_day SET negative=negative+1", "UPDATE rollup_day SET author_sketch=x'01'",
        "DELETE FROM rollup_day_issue", "UPDATE rollup_day_language SET unscored=9",
        "UPDATE rollup_day_product SET day_at=day_at+86400000", "UPDATE rollup_day_tone SET mentions=9"}) {
    INFO(harm);
    auto broken = *Database::open(dir.file("earshot.db"), Access::read_write);
    REQUIRE(broken.execute(harm));
    CHECK(f.store->verify_rollups()->size() == 1);
    f.write({with_product(scored(mention(harm, 6), f.brand), "Hub",
                          Polarity::negative)});  // makes that day anew …
    REQUIRE(
        broken.execute("DELETE FROM rollup_day_product WHERE day_at NOT IN (SELECT day_at FROM rollup_day)"));
    f.rollups_agree();  // … and so heals it
  }
}

TEST_CASE("days, products and counts are made for databases that are older", "[store][days][migration]") {
  TempDir dir;
  store::SeriesRow before;
  {
    auto f = fresh(dir);
    std::mt19937 random(7);
    f.write(six_days(f, random, 200));
    before = (*f.store->reader())->series(f.brand, {}, monday, monday + hours(160), hours(24 * 366))->at(0);
  }
  {
    auto old = *Database::open(dir.file("earshot.db"), Access::read_write);
    undo_to_schema_6(old);
  }
  auto f = fresh(dir);
  f.rollups_agree();
  CHECK((*f.store->reader())->series(f.brand, {}, monday, monday + hours(160), hours(24 * 366))->at(0) ==
        before);
  CHECK((*f.store->reader())->products(f.brand, monday, monday + hours(160))->size() == 2);
}

TEST_CASE("who takes a post back leaves the queue and its count at once", "[store][days]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write(
      {scored(mention("1", 1), f.brand), scored(mention("2", 2), f.brand), scored(mention("3", 3), f.brand)});
  auto reader = *f.store->reader();
  auto rows = *reader->mentions({.brand = f.brand});
  store::ServiceFindings found{.since = monday};
  for (const auto& row : rows)
    found.waiting.push_back({.id = row.id,
                             .priority = static_cast<int>(90 + found.waiting.size()),
                             .reasons = "{}",
                             .at_risk = true});
  REQUIRE(f.store->write_service(f.brand, found));
  CHECK(*reader->waiting_count(f.brand, monday) == store::WaitingCount{.people = 3, .at_risk = 3});

  auto gone = mention("1", 1);
  gone.deleted = true;
  f.write({store::ScoredMention{.mention = gone}});
  CHECK(*reader->waiting_count(f.brand, monday) == store::WaitingCount{.people = 2, .at_risk = 2});
  CHECK(queue(*reader, f.brand, monday) == std::vector<std::string>{"91", "90"});

  auto edited = mention("2", 2, "about nobody");
  edited.edited_at = monday + hours(1);
  f.write({store::ScoredMention{.mention = edited}});
  CHECK(*reader->waiting_count(f.brand, monday) == store::WaitingCount{.people = 1, .at_risk = 1});

  REQUIRE(f.store->decide_waiting({.mention = rows[0].id,
                                   .brand = f.brand,
                                   .state = "snoozed",
                                   .until = monday + hours(5),
                                   .at = monday}));
  CHECK(*reader->waiting_count(f.brand, monday) == store::WaitingCount{});
  CHECK(*reader->waiting_count(f.brand, monday + hours(6)) == store::WaitingCount{.people = 1, .at_risk = 1});

  // A job that read the posts before they went does not bring them back.
  REQUIRE(f.store->write_service(f.brand, found));
  CHECK(reader->waiting_count(f.brand, monday + hours(6))->people == 2);
  CHECK(queue(*reader, f.brand, monday + hours(6)).size() == 1);  // the other no longer speaks of the brand
}

TEST_CASE("journeys are counted by day, and at the ends of a period one by one", "[store][days]") {
  TempDir dir;
  auto f = fresh(dir);
  std::mt19937 random(11);
  f.write(six_days(f, random, 300));
  auto reader = *f.store->reader();
  const char* outcomes[] = {"open", "silent", "converted"};
  store::ServiceFindings found{.since = monday - hours(1)};
  for (const auto& row : *reader->mentions({.brand = f.brand, .limit = 1000}))
    found.journeys.push_back({.rant = row.id, .author_key = 5, .outcome = outcomes[row.id.value % 3]});
  REQUIRE(found.journeys.size() > 100);
  REQUIRE(f.store->write_service(f.brand, found));
  const auto agree = [&] {
    for (int i = 0; i < 40; ++i) {
      const auto pick = [&] {
        return monday + minutes(std::uniform_int_distribution<int>(-600, 9000)(random));
      };
      auto since = pick(), until = pick();
      if (until < since) std::swap(since, until);
      std::map<std::string, std::int64_t> counted, listed;
      for (const auto& row : *reader->journey_counts(f.brand, since, until))
        counted[row.outcome] += row.journeys;
      for (const auto& row : *reader->journeys(f.brand, since, until)) ++listed[row.outcome];
      CHECK(counted == listed);
      CHECK(static_cast<std::int64_t>(reader->journeys(f.brand, since, until, "silent")->size()) ==
            listed["silent"]);
      CHECK(reader->journeys(f.brand, since, until, {}, 3)->size() <= 3);
    }
  };
  agree();
  // The next run knows only what began from some hour on; what is older stays.
  found.since = monday + hours(57);
  std::erase_if(found.journeys, [&](const auto& row) {
    return identity::time_of(row.rant) < found.since || row.rant.value % 2 == 0;
  });
  REQUIRE(f.store->write_service(f.brand, found));
  agree();
}
