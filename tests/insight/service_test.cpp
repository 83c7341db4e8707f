// Service on the demo corpus: every journey found and none invented, answers seen, a queue that makes sense.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "core/model/identity.hpp"
#include "insight/dialogue.hpp"
#include "insight/people.hpp"
#include "insight/service_summary.hpp"
#include "tests/insight/demo_corpus.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

Timestamp end_of(const DemoCorpus& demo) { return demo.first_monday + std::chrono::hours(168 * 8); }

std::string native_id(store::Reader& reader, MentionId id) { return reader.mention(id)->front().native_id; }

struct Told {
  std::set<std::string> happy;                 ///< native ids of the posts that decided a conversion
  std::map<std::string, std::string> outcome;  ///< by the native id of the post that decided it
};

Told tell(store::Reader& reader, const std::vector<store::JourneyRow>& journeys) {
  Told out;
  for (const auto& row : journeys) {
    if (row.last) out.outcome[native_id(reader, *row.last)] = row.outcome;
    if (row.outcome != "converted") continue;
    REQUIRE(row.reply);
    REQUIRE(row.last);
    CHECK(row.rant < *row.last);
    CHECK(out.happy.insert(native_id(reader, *row.last)).second);
  }
  return out;
}

store::ServiceFindings find(const DemoCorpus& demo, store::Reader& reader) {
  const insight::JobInput input{.reader = reader,
                                .brand = demo.brand,
                                .brand_name = "Fernwave",
                                .now = end_of(demo),
                                .names = {"MyFernwave"},
                                .competitors = {"Quillnet"}};
  const auto incidents = insight::incident_job(input);
  REQUIRE(incidents);
  const auto dialogue = insight::read_dialogue(input);
  REQUIRE(dialogue);
  const auto people = insight::find_people(*dialogue, input.terms.hours.zone, input.now);
  auto found = insight::service_job(input, *dialogue, people, *incidents);
  REQUIRE(found);
  return std::move(*found);
}

std::pair<int, int> found_and_invented(const DemoCorpus& demo, const Told& told) {
  std::set<std::string> truth;
  for (const auto& journey : demo.journeys)
    if (journey.kind == "raver") truth.insert(journey.happy);
  int found = 0, invented = 0;
  for (const auto& id : told.happy) {
    truth.contains(id) ? ++found : ++invented;
    if (!truth.contains(id)) UNSCOPED_INFO("invented: " << id);
  }
  for (const auto& id : truth)
    if (!told.happy.contains(id)) UNSCOPED_INFO("missed: " << id);
  return {found, invented};
}

}  // namespace

TEST_CASE("with true labels every journey is found", "[insight][service][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::truth);
  auto reader = *demo.store->reader();
  const auto found = find(demo, *reader);
  const auto told = tell(*reader, found.journeys);
  const auto [right, invented] = found_and_invented(demo, told);
  const auto all = std::ranges::count(demo.journeys, "raver", &DemoJourney::kind);
  CHECK(right == all);
  // People to whom chance gave praise within two weeks of an answered complaint praised something else.
  CHECK(invented == 0);
  for (const auto& journey : demo.journeys) {
    INFO(journey.kind << " " << journey.complaint);
    if (journey.kind == "still_angry") CHECK(told.outcome.at(journey.angry) == "angry");
    if (journey.kind == "no_reply") CHECK(told.outcome.at(journey.happy) == "converted_alone");
    if (journey.kind == "fallen") {
      const auto row = std::ranges::find_if(
          found.journeys, [&](const auto& r) { return native_id(*reader, r.rant) == journey.angry; });
      REQUIRE(row != found.journeys.end());
      CHECK(row->fallen);
    }
  }
}

TEST_CASE("by the analyser's own verdicts most journeys are found", "[insight][service][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::analyser);
  auto reader = *demo.store->reader();
  const auto found = find(demo, *reader);
  const auto [right, invented] = found_and_invented(demo, tell(*reader, found.journeys));
  CHECK(right >= 26);
  CHECK(invented == 0);
}

TEST_CASE("the queue holds who waits, and what is written is read back", "[insight][service][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::analyser);
  auto reader = *demo.store->reader();
  const auto found = find(demo, *reader);
  REQUIRE(found.waiting.size() > 20);
  std::set<std::uint64_t> people;
  for (const auto& row : found.waiting) {
    const auto mention = reader->mention(row.id)->front();
    CHECK(people.insert(mention.author_key).second);
    CHECK(row.priority >= 0);
    CHECK(row.priority <= 100);
    CHECK(mention.created_at >= end_of(demo) - std::chrono::hours(28 * 24));
    CHECK(mention.verdict.match != MatchKind::own);
  }
  CHECK(std::ranges::is_sorted(found.waiting, std::greater{}, &store::WaitingRow::priority));
  std::int64_t contacts = 0, answered = 0;
  for (const auto& day : found.days) {
    CHECK(day.answered + day.settled <= day.contacts);
    CHECK(day.median_s.has_value() == (day.answered > 0));
    if (day.median_s) CHECK(*day.median_s <= *day.slow_s);
    contacts += day.contacts;
    answered += day.answered;
  }
  CHECK(contacts > 1000);
  CHECK(answered > 100);

  REQUIRE(demo.store->write_service(demo.brand, found));
  REQUIRE(demo.store->write_service(demo.brand, found));  // again: nothing doubles
  CHECK(*reader->waiting(demo.brand, 100'000) == found.waiting);
  CHECK(*reader->response_days(demo.brand, found.since, end_of(demo)) == found.days);
  auto journeys = *reader->journeys(demo.brand, found.since, end_of(demo));
  CHECK(journeys.size() == found.journeys.size());
  const auto converted = *reader->journeys(demo.brand, found.since, end_of(demo), "converted");
  CHECK(static_cast<std::ptrdiff_t>(converted.size()) ==
        std::ranges::count(found.journeys, "converted", &store::JourneyRow::outcome));

  // What began before the job looks back is a ledger that it leaves alone.
  auto later = found;
  later.since = end_of(demo);
  later.waiting.clear();
  later.days.clear();
  later.journeys.clear();
  REQUIRE(demo.store->write_service(demo.brand, later));
  CHECK(reader->waiting(demo.brand, 10)->empty());
  CHECK(reader->journeys(demo.brand, found.since, end_of(demo))->size() == journeys.size());
}

TEST_CASE("the latest valid assumptions count, the brand's own before everybody's", "[insight][service]") {
  const auto day = [](int n) { return from_ms(std::int64_t{n} * 86'400'000); };
  const std::vector<insight::MoneyAssumptions> all{{.from = day(0), .currency = "A"},
                                                   {.from = day(20), .currency = "B"},
                                                   {.brand = "Acme", .from = day(10), .currency = "C"},
                                                   {.brand = "Globex", .from = day(0), .currency = "D"}};
  CHECK(insight::assumptions_at(all, "Acme", day(5))->currency == "A");
  CHECK(insight::assumptions_at(all, "Acme", day(30))->currency == "C");
  CHECK(insight::assumptions_at(all, "Initech", day(30))->currency == "B");
  CHECK(insight::assumptions_at({}, "Acme", day(30)) == nullptr);
}

TEST_CASE("money adds up from its parts, and there is none without assumptions", "[insight][service][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::truth);
  auto reader = *demo.store->reader();
  const auto found = find(demo, *reader);
  REQUIRE(demo.store->write_service(demo.brand, found));
  const insight::JobInput input{
      .reader = *reader, .brand = demo.brand, .brand_name = "Fernwave", .now = end_of(demo)};
  const auto bare = insight::summarise_roi(input, found.since, end_of(demo), {});
  REQUIRE(bare);
  CHECK_FALSE(bare->saved);
  CHECK_FALSE(bare->exposure);
  CHECK_FALSE(bare->assumptions);

  // What a customer is worth changes in the middle: each conversion counts what was valid when it happened.
  const auto middle = demo.first_monday + std::chrono::hours(168 * 4);
  const std::vector<insight::MoneyAssumptions> money{
      {.currency = "EUR", .saved_customer = {.low = 50, .expected = 100, .high = 200}},
      {.from = middle,
       .currency = "EUR",
       .saved_customer = {.low = 100, .expected = 200, .high = 400},
       .cost_per_contact = insight::Range{.low = 4, .expected = 5, .high = 6},
       .leaves_unanswered = insight::Range{.low = 0.1, .expected = 0.2, .high = 0.3}}};
  const auto roi = insight::summarise_roi(input, found.since, end_of(demo), money);
  REQUIRE(roi);
  const auto early = std::ranges::count_if(
      roi->conversions, [&](const auto& row) { return identity::time_of(*row.last) < middle; });
  const auto late = static_cast<std::ptrdiff_t>(roi->conversions.size()) - early;
  CHECK(early > 0);
  CHECK(late > 0);
  REQUIRE(roi->saved);
  CHECK(roi->saved->expected == static_cast<double>(early * 100 + late * 200));
  CHECK(roi->saved->high == 2 * roi->saved->expected);
  double months = 0;
  std::int64_t stories = 0;
  for (const auto& month : roi->months) {
    months += month.saved ? month.saved->expected : 0;
    stories += month.total();
    CHECK(month.saved.has_value() == (month.assumptions != nullptr));
  }
  CHECK(months == roi->saved->expected);
  CHECK(stories == static_cast<std::int64_t>(found.journeys.size()));
  REQUIRE(roi->spared);
  CHECK(roi->spared->expected == Approx(5.0 * static_cast<double>(roi->response.answered)));
  REQUIRE(roi->exposure);
  CHECK(roi->exposure->low == Approx(10.0 * static_cast<double>(roi->waiting_people)));
  REQUIRE(roi->response.median_s);
  CHECK(*roi->response.median_s > 0);
}

TEST_CASE("a reply that names its post by the server's own id is tied to it", "[insight][service]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto asked = scored(mention("https://far.example/users/ann/statuses/77", 1, "it is down", "ann"), f.brand);
  asked.mention.extra = R"({"local_id":"https://near.example/statuses/5"})";
  asked.verdicts[0].verdict.complaint = true;
  auto answer =
      scored(mention("https://near.example/users/help/statuses/9", 30, "we are on it", "help"), f.brand);
  answer.mention.in_reply_to = "https://near.example/statuses/5";
  answer.verdicts[0].match = MatchKind::own;
  auto broken = scored(mention("https://near.example/users/bob/statuses/8", 40, "so slow", "bob"), f.brand);
  broken.mention.extra = "{not json";  // costs nobody their answers
  f.write({asked, answer, broken});
  auto reader = *f.store->reader();
  const auto dialogue = *insight::read_dialogue({.reader = *reader,
                                                 .brand = f.brand,
                                                 .brand_name = "Fernwave",
                                                 .now = from_ms(monday_ms + 3 * 3'600'000)});
  REQUIRE(dialogue.rows.size() == 3);
  CHECK(dialogue.answered_at(0) == answer.mention.created_at);
  CHECK_FALSE(dialogue.answered_at(2));
}
