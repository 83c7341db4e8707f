// What people decide about incidents, ideas and those who wait: it outlives every rewriting of the findings.
#include "store/sqlite/database.hpp"
#include "store/sqlite/reader.hpp"
#include "tests/store/older_schema.hpp"
#include "tests/store/plan.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const auto now = from_ms(monday_ms + 12 * 3'600'000);
using std::chrono::hours;

store::IncidentRow outage(std::string title = "Outage") {
  return {.issue = static_cast<std::uint8_t>(IssueType::outage),
          .state = "open",
          .title = std::move(title),
          .started_at = now - hours(2),
          .detected_at = now - hours(1),
          .last_at = now,
          .details = "{}"};
}

store::IdeaRow question(std::string key, std::string title = "How do I reset it?") {
  return {.key = std::move(key),
          .title = std::move(title),
          .score = 5,
          .first_at = now,
          .last_at = now,
          .details = "{}"};
}

void find_waiting(Fixture& f, std::vector<MentionId> ids) {
  store::ServiceFindings found{.since = now};
  int priority = 90;
  for (const auto id : ids) {
    const auto rows = *(*f.store->reader())->mention(id);
    found.waiting.push_back(
        {.id = id, .priority = priority--, .reasons = "{}", .at_risk = rows.at(0).verdict.complaint});
  }
  REQUIRE(f.store->write_service(f.brand, found));
}

/// Three people wait: ann, bob and one without a name.
std::vector<MentionId> three(Fixture& f) {
  auto nameless = mention("3", 3);
  nameless.author = {};
  auto complaint = scored(mention("1", 1, "down", "ann"), f.brand);
  complaint.verdicts[0].verdict.complaint = true;
  f.write({complaint, scored(mention("2", 2, "slow", "bob"), f.brand), scored(nameless, f.brand)});
  std::vector<MentionId> ids;
  for (const auto& row : *(*f.store->reader())->mentions({.brand = f.brand})) ids.insert(ids.begin(), row.id);
  find_waiting(f, ids);
  return ids;
}

std::vector<MentionId> waiting(Fixture& f, Timestamp at = now) {
  std::vector<MentionId> ids;
  for (const auto& row : *(*f.store->reader())->waiting(f.brand, 100, at)) ids.push_back(row.id);
  return ids;
}

std::int64_t count(const TempDir& dir, const std::string& sql) {
  auto database = *store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
  return *database.integer(sql.c_str());
}

void refused(const Status& status, std::string_view why) {
  INFO(why);
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == ErrorKind::invalid);
  CHECK(status.error().message.find(why) != std::string::npos);
}

}  // namespace

TEST_CASE("who looks after an incident stays when the job finds it anew, differently, or again",
          "[store][decisions]") {
  TempDir dir;
  auto f = fresh(dir);
  const std::vector<store::IncidentRow> found = {outage()};
  REQUIRE(f.store->write_incidents(f.brand, found, now));
  auto reader = *f.store->reader();
  const auto id = reader->incidents(f.brand, from_ms(0), now + hours(1))->at(0).id;
  REQUIRE(f.store->decide_incident(
      {.id = id, .state = "acknowledged", .owner = "kim", .note = "router firmware", .at = now}));
  const auto kept = [&](IncidentId which) {
    const auto row = *reader->incident(which);
    CHECK(row.owner == "kim");
    CHECK(row.note == "router firmware");
    CHECK(row.acknowledged_at == now);
    CHECK(row.state == "open");
    CHECK(count(dir, "SELECT count(*) FROM v_incident WHERE owner='kim' AND acknowledged_at IS NOT NULL") ==
          1);
  };
  kept(id);
  // The same again changes nothing, not even the time.
  REQUIRE(f.store->decide_incident({.id = id, .state = "acknowledged", .at = now + hours(3)}));
  kept(id);
  const std::vector<store::IncidentRow> changed = {outage("Outage in the north")};
  REQUIRE(f.store->write_incidents(f.brand, changed, now));
  kept(id);
  // Gone for one run of the job, it comes back under another number.
  REQUIRE(f.store->write_incidents(f.brand, {}, now));
  CHECK_FALSE(reader->incident(id));
  REQUIRE(f.store->write_incidents(f.brand, found, now));
  kept(reader->incidents(f.brand, from_ms(0), now + hours(1))->at(0).id);
  const auto back = reader->incidents(f.brand, from_ms(0), now + hours(1))->at(0);
  REQUIRE(f.store->decide_incident({.id = back.id, .state = "open", .owner = "", .at = now}));
  CHECK_FALSE(reader->incident(back.id)->acknowledged_at);
  CHECK(reader->incident(back.id)->owner.empty());
  CHECK(reader->incident(back.id)->note == "router firmware");
  refused(f.store->decide_incident({.id = IncidentId{99}, .owner = "kim", .at = now}), "no incident 99");
  refused(f.store->decide_incident({.id = back.id, .state = "closed", .at = now}), "no state 'closed'");
  refused(f.store->decide_incident({.id = back.id, .owner = std::string(201, 'x'), .at = now}),
          "longer than");
}

TEST_CASE("that followers were told is kept beside how far an incident is", "[store][decisions]") {
  TempDir dir;
  auto f = fresh(dir);
  const std::vector<store::IncidentRow> found = {outage()};
  REQUIRE(f.store->write_incidents(f.brand, found, now));
  auto reader = *f.store->reader();
  const auto row = [&] { return reader->incidents(f.brand, from_ms(0), now + hours(1))->at(0); };
  const auto decide = [&](const char* state, Timestamp at) {
    REQUIRE(f.store->decide_incident({.id = row().id, .state = state, .at = at}));
  };
  CHECK_FALSE(row().advised_at);
  decide("acknowledged", now);
  decide("advised", now + hours(1));
  decide("advised", now + hours(2));
  CHECK(row().advised_at == now + hours(1));
  CHECK(row().acknowledged_at == now);
  decide("open", now + hours(3));
  REQUIRE(f.store->write_incidents(f.brand, found, now + hours(4)));
  CHECK(row().advised_at == now + hours(1));
  CHECK_FALSE(row().acknowledged_at);
  CHECK(count(dir, "SELECT count(*) FROM v_incident WHERE advised_at IS NOT NULL") == 1);
}

TEST_CASE("a false alarm is dismissed, and stays so when the job finds it anew", "[store][decisions]") {
  TempDir dir;
  auto f = fresh(dir);
  const std::vector<store::IncidentRow> found = {outage()};
  REQUIRE(f.store->write_incidents(f.brand, found, now));
  auto reader = *f.store->reader();
  const auto row = [&] { return reader->incidents(f.brand, from_ms(0), now + hours(1))->at(0); };
  const auto decide = [&](const char* state, Timestamp at) {
    REQUIRE(f.store->decide_incident({.id = row().id, .state = state, .note = "a raffle", .at = at}));
  };
  decide("acknowledged", now);
  decide("dismissed", now + hours(1));
  CHECK(row().state == "dismissed");
  CHECK(row().dismissed_at == now + hours(1));
  CHECK_FALSE(row().acknowledged_at);
  decide("dismissed", now + hours(2));
  CHECK(row().dismissed_at == now + hours(1));
  REQUIRE(f.store->write_incidents(f.brand, found, now + hours(3)));
  CHECK(row().state == "dismissed");
  CHECK(row().note == "a raffle");
  CHECK(count(dir, "SELECT count(*) FROM v_incident WHERE state='dismissed' AND dismissed_at IS NOT NULL") ==
        1);
  // An owner or note beside it leaves it dismissed; acknowledging says otherwise.
  REQUIRE(f.store->decide_incident({.id = row().id, .owner = "kim", .at = now}));
  CHECK(row().state == "dismissed");
  decide("acknowledged", now + hours(4));
  CHECK(row().state == "open");
  CHECK_FALSE(row().dismissed_at);
  CHECK(row().acknowledged_at == now + hours(4));
}

TEST_CASE("an idea that somebody took up stays, with everything that was said of it", "[store][decisions]") {
  TempDir dir;
  auto f = fresh(dir);
  std::vector<store::IdeaRow> found = {question("a"), question("b"), question("c"), question("d")};
  REQUIRE(f.store->write_ideas(f.brand, found, now));
  auto reader = *f.store->reader();
  const auto ideas = *reader->ideas(f.brand, 10);
  REQUIRE(ideas.size() == 4);
  REQUIRE(f.store->decide_idea({.id = ideas[0].id,
                                .state = "published",
                                .owner = "kim",
                                .url = "https://fernwave.example/reset",
                                .note = "two pages",
                                .due = now + hours(48),
                                .at = now}));
  REQUIRE(f.store->decide_idea({.id = ideas[1].id, .state = "rejected", .at = now}));
  REQUIRE(f.store->decide_idea({.id = ideas[2].id, .owner = "lee", .at = now}));  // still new, but somebody's
  // The job finds the first under another title, and the others no more.
  found = {question("a", "How can it be reset?")};
  REQUIRE(f.store->write_ideas(f.brand, found, now));
  const auto kept = *reader->idea(ideas[0].id);
  CHECK(kept.title == "How can it be reset?");
  CHECK(kept.state == "published");
  CHECK(kept.owner == "kim");
  CHECK(kept.url == "https://fernwave.example/reset");
  CHECK(kept.note == "two pages");
  CHECK(kept.due == now + hours(48));
  CHECK(kept.decided_at == now);
  CHECK(reader->idea(ideas[1].id)->state == "rejected");
  CHECK(reader->idea(ideas[2].id)->owner == "lee");
  CHECK_FALSE(reader->idea(ideas[3].id));
  REQUIRE(
      f.store->decide_idea({.id = ideas[0].id, .state = "published", .owner = "kim", .at = now + hours(1)}));
  CHECK(reader->idea(ideas[0].id)->decided_at == now);  // the same again changes nothing
  REQUIRE(f.store->decide_idea({.id = ideas[0].id, .url = "", .due = Timestamp{}, .at = now}));
  CHECK(reader->idea(ideas[0].id)->url.empty());
  CHECK_FALSE(reader->idea(ideas[0].id)->due);
  CHECK(count(dir, "SELECT count(*) FROM v_idea WHERE owner='kim' AND url IS NULL") == 1);
  // Put back as if nobody had looked, it goes with its question.
  REQUIRE(f.store->decide_idea({.id = ideas[2].id, .owner = "", .at = now}));
  REQUIRE(f.store->write_ideas(f.brand, found, now));
  CHECK_FALSE(reader->idea(ideas[2].id));
  refused(f.store->decide_idea({.id = IdeaId{99}, .state = "new", .at = now}), "no idea 99");
  refused(f.store->decide_idea({.id = ideas[0].id, .state = "done", .at = now}), "no state 'done'");
  refused(f.store->decide_idea({.id = ideas[0].id, .url = "javascript:alert(1)", .at = now}), "https://");
}

TEST_CASE("done and dismissed leave the queue at once and stay away when the job runs",
          "[store][decisions]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto ids = three(f);
  CHECK(waiting(f) == ids);
  CHECK((*f.store->reader())->waiting_count(f.brand, now)->at_risk == 1);
  REQUIRE(f.store->decide_waiting(
      {.mention = ids[0], .brand = f.brand, .state = "done", .owner = "kim", .note = "by phone", .at = now}));
  REQUIRE(f.store->decide_waiting({.mention = ids[2], .brand = f.brand, .state = "dismissed", .at = now}));
  CHECK(waiting(f) == std::vector{ids[1]});
  CHECK((*f.store->reader())->waiting_count(f.brand, now)->at_risk == 0);
  CHECK(count(dir, "SELECT count(*) FROM v_queue") == 1);
  find_waiting(f, ids);
  CHECK(waiting(f) == std::vector{ids[1]});
  auto row = *(*f.store->reader())->waiting_of(f.brand, ids[0]);
  CHECK(row.state == "done");
  CHECK(row.owner == "kim");
  CHECK(row.note == "by phone");
  CHECK(row.priority == 90);
  REQUIRE(f.store->decide_waiting({.mention = ids[0], .brand = f.brand, .state = "waiting", .at = now}));
  CHECK(waiting(f) == std::vector{ids[0], ids[1]});
  row = (*f.store->reader())->waiting(f.brand, 10, now)->at(0);
  CHECK(row.owner == "kim");
  CHECK(row.state == "waiting");
  f.store.reset();
  auto g = fresh(dir);
  CHECK(waiting(g) == std::vector{ids[0], ids[1]});
}

TEST_CASE("who is put off waits again when the time has come", "[store][decisions]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto ids = three(f);
  const auto snooze = [&](Timestamp until) {
    REQUIRE(f.store->decide_waiting(
        {.mention = ids[0], .brand = f.brand, .state = "snoozed", .until = until, .at = now}));
  };
  snooze(now + hours(2));
  CHECK(waiting(f) == std::vector{ids[1], ids[2]});
  find_waiting(f, ids);
  CHECK(waiting(f, now + hours(2) - Milliseconds(1)) == std::vector{ids[1], ids[2]});
  CHECK(waiting(f, now + hours(2)) == ids);
  CHECK((*f.store->reader())->waiting_count(f.brand, now + hours(1))->at_risk == 0);
  CHECK((*f.store->reader())->waiting_count(f.brand, now + hours(2))->at_risk == 1);
  snooze(now + hours(5));
  CHECK(waiting(f, now + hours(2)) == std::vector{ids[1], ids[2]});
  CHECK((*f.store->reader())->waiting_of(f.brand, ids[0])->until == now + hours(5));
  // An owner or a note does not change until when.
  REQUIRE(f.store->decide_waiting({.mention = ids[0], .brand = f.brand, .owner = "kim", .at = now}));
  CHECK((*f.store->reader())->waiting_of(f.brand, ids[0])->until == now + hours(5));
  REQUIRE(f.store->decide_waiting({.mention = ids[0], .brand = f.brand, .state = "waiting", .at = now}));
  CHECK(waiting(f) == ids);
  CHECK_FALSE((*f.store->reader())->waiting_of(f.brand, ids[0])->until);
}

TEST_CASE("a new post brings a person back, and whoever looked after them goes on", "[store][decisions]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto ids = three(f);
  for (const auto id : ids)
    REQUIRE(f.store->decide_waiting(
        {.mention = id, .brand = f.brand, .state = "done", .owner = "kim", .at = now}));
  CHECK(waiting(f).empty());
  auto nameless = mention("5", 65);
  nameless.author = {};
  f.write({scored(mention("4", 64, "down again", "ann"), f.brand), scored(nameless, f.brand)});
  const auto rows = *(*f.store->reader())->mentions({.brand = f.brand, .limit = 2});
  const auto again = rows[1].id, stranger = rows[0].id;
  find_waiting(f, {again, ids[1], stranger});
  CHECK(waiting(f) == std::vector{again, stranger});
  auto reader = *f.store->reader();
  CHECK(reader->waiting(f.brand, 10, now)->at(0).owner == "kim");
  CHECK(reader->waiting(f.brand, 10, now)->at(1).owner.empty());  // nobody knows who that is
  CHECK(count(dir, "SELECT count(*) FROM v_queue WHERE owner='kim' AND state='waiting'") == 1);
  // A decision about the new post keeps the owner, unless it names another or none.
  REQUIRE(f.store->decide_waiting({.mention = again, .brand = f.brand, .note = "called", .at = now}));
  CHECK(reader->waiting_of(f.brand, again)->owner == "kim");
  REQUIRE(f.store->decide_waiting({.mention = again, .brand = f.brand, .owner = "", .at = now}));
  CHECK(reader->waiting_of(f.brand, again)->owner.empty());
}

TEST_CASE("a post that its author takes back waits no more, before any job has run", "[store][decisions]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto ids = three(f);
  auto gone = mention("2", 2, "slow", "bob");
  gone.deleted = true;
  f.write({store::ScoredMention{.mention = gone}});
  CHECK(waiting(f) == std::vector{ids[0], ids[2]});
}

TEST_CASE("decisions about the queue that are wrong say why", "[store][decisions]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto ids = three(f);
  const auto decide = [&](store::WaitingDecision decision) {
    if (!decision.mention) decision.mention = ids[0];
    if (!decision.brand) decision.brand = f.brand;
    decision.at = now;
    return f.store->decide_waiting(decision);
  };
  refused(decide({.state = "gone"}), "no state 'gone'");
  refused(decide({.state = "snoozed"}), "needs a time");
  refused(decide({.state = "done", .until = now}), "goes with snoozed");
  refused(decide({.state = "snoozed", .until = now}), "is past");
  refused(decide({.mention = MentionId{99}, .state = "done"}), "no mention 99");
  refused(decide({.brand = *f.store->ensure_brand("Globex"), .state = "done"}), "does not speak");
  refused(decide({.note = std::string(store::note_max + 1, 'x')}), "longer than");
  CHECK(count(dir, "SELECT count(*) FROM waiting_decision") == 0);
  CHECK_FALSE((*f.store->reader())->waiting_of(f.brand, MentionId{99}));
}

TEST_CASE("the questions about decisions walk their indexes", "[store][plan][decisions]") {
  using namespace earshot::store::sqlite;
  TempDir dir;
  { REQUIRE(store::open_store(dir.file("earshot.db"))); }
  auto database = *Database::open(dir.file("earshot.db"), Access::read_only);
  const auto review = plan(database, review_sql());
  INFO(review);
  CHECK(review.find("verdict_brand (brand_id=?") != std::string::npos);
  CHECK(review.find("SCAN") == std::string::npos);
  CHECK(review.find("TEMP B-TREE") == std::string::npos);
  const auto labels = plan(database, labels_sql());
  INFO(labels);
  CHECK(labels.find("label_brand (brand_id=?)") != std::string::npos);
  CHECK(labels.find("TEMP B-TREE") == std::string::npos);
  const auto queue = plan(database, waiting_sql());
  INFO(queue);
  CHECK(queue.find("SEARCH d USING PRIMARY KEY (mention_id=? AND brand_id=?)") != std::string::npos);
  CHECK(queue.find("waiting_decision_author (brand_id=? AND author_key=? AND mention_id<?)") !=
        std::string::npos);
  CHECK(queue.find("SCAN") == std::string::npos);
}

TEST_CASE("a database of any earlier schema is brought forward with its data and takes decisions",
          "[store][decisions][migration]") {
  for (std::size_t version = 1; version < embedded::migrations().size(); ++version) {
    INFO("schema " << version);
    TempDir dir;
    const auto path = dir.file("earshot.db");
    make_schema(path, version);
    const auto early = store::open_reader(path);
    REQUIRE_FALSE(early);
    CHECK(early.error().message.find("schema " + std::to_string(version)) != std::string::npos);
    auto opened = store::open_store(path);
    REQUIRE(opened);
    auto& store = **opened;
    const BrandId brand{1};
    const MentionId id{77};
    auto reader = *store.reader();
    CHECK_FALSE(reader->mention(id)->at(0).verdict.labelled);
    // Counted for what was there when languages came to be counted.
    CHECK(reader->languages(brand, {}, now)->size() == (version < 8 ? 1 : 0));
    CHECK(reader->idea(IdeaId{4})->state == "accepted");
    CHECK(reader->incident(IncidentId{3})->owner.empty());
    CHECK(reader->waiting(brand, 9, now)->size() == (version >= 5 ? 1 : 0));
    REQUIRE(store.label({.mention = id, .brand = brand, .polarity = Polarity::neutral, .at = now}));
    REQUIRE(store.decide_incident({.id = IncidentId{3}, .owner = "kim", .at = now}));
    REQUIRE(store.decide_idea({.id = IdeaId{5}, .note = "soon", .at = now}));
    REQUIRE(store.decide_waiting({.mention = id, .brand = brand, .state = "done", .at = now}));
    REQUIRE(store.write_ideas(brand, {}, now));
    CHECK(reader->ideas(brand, 9)->size() == 2);
    CHECK(reader->mention(id)->at(0).verdict.polarity == Polarity::neutral);
    CHECK(reader->waiting(brand, 9, now)->empty());
    CHECK(store.verify_rollups()->empty());
    REQUIRE(store.unlabel(id, brand));
    CHECK(reader->mention(id)->at(0).verdict.score == Approx(-0.5));
    auto database = *store::sqlite::Database::open(path, store::sqlite::Access::read_only);
    CHECK(*database.integer("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check='ok'") == 1);
  }
}
