// People on the demo corpus: roles, the ladder, who takes the brand's part, promises, praise and conduct.
#include "insight/people.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/time_format.hpp"
#include "core/model/identity.hpp"
#include "insight/dialogue.hpp"
#include "tests/insight/demo_corpus.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

struct Found {
  std::unique_ptr<store::Reader> reader;
  std::vector<store::IncidentRow> incidents;
  store::ServiceFindings service;
  store::PeopleFindings people;
  std::map<MentionId, std::string> native = {};

  std::string native_of(MentionId id) {
    auto& text = native[id];
    if (text.empty()) text = reader->mention(id)->front().native_id;
    return text;
  }
};

insight::JobInput input_of(store::Reader& reader, const DemoCorpus& demo) {
  insight::JobInput input{.reader = reader,
                          .brand = demo.brand,
                          .brand_name = "Fernwave",
                          .now = demo.first_monday + std::chrono::hours(168 * 8),
                          .names = {"MyFernwave", "Fernwave Hub", "Fernwave Play"},
                          .competitors = {"Quillnet", "QuillBox"}};
  input.terms.hours.zone = *TimeZone::find("Europe/London");
  REQUIRE(input.terms.hours.add("mon-fri 08:00-20:00"));
  input.terms.answer_high = std::chrono::hours(1);
  input.terms.answer_medium = std::chrono::hours(4);
  input.terms.answer_low = std::chrono::hours(12);
  return input;
}

Found find(const DemoCorpus& demo) {
  Found out{.reader = *demo.store->reader(), .incidents = {}, .service = {}, .people = {}};
  const auto input = input_of(*out.reader, demo);
  out.incidents = *insight::incident_job(input);
  const auto dialogue = insight::read_dialogue(input);
  REQUIRE(dialogue);
  const auto people = insight::find_people(*dialogue, input.terms.hours.zone, input.now);
  auto service = insight::service_job(input, *dialogue, people, out.incidents);
  REQUIRE(service);
  out.service = std::move(*service);
  auto found = insight::people_job(input, *dialogue, people);
  REQUIRE(found);
  out.people = std::move(*found);
  return out;
}

/// Promises of the script: found, and settled or not as it says; and how many others were found.
void check_promises(const DemoCorpus& demo, Found& found) {
  const auto now = demo.first_monday + std::chrono::hours(168 * 8);
  std::map<std::string, const store::PromiseRow*> by_reply;
  for (const auto& row : found.people.promises) by_reply[found.native_of(row.mention)] = &row;
  int all = 0, kept_right = 0, decided = 0;
  std::set<std::string> truth;
  for (const auto& promise : demo.promises) {
    truth.insert(promise.reply);
    const auto row = by_reply.find(promise.reply);
    if (promise.due >= now) continue;  // it, or how it went on, may lie behind the end
    ++all;
    INFO(promise.reply);
    REQUIRE(row != by_reply.end());
    ++decided;
    const auto& state = row->second->state;
    kept_right += (state == "kept" || state == "late") == promise.kept;
    if (promise.kept && row->second->settled) {
      CHECK(row->second->settled_at);
      CHECK(row->second->mention < *row->second->settled);
    }
  }
  const auto others =
      std::ranges::count_if(by_reply, [&](const auto& one) { return !truth.contains(one.first); });
  for (const auto& [reply, row] : by_reply)
    if (!truth.contains(reply))
      UNSCOPED_INFO("another: " << found.reader->mention(row->mention)->front().text);
  INFO("promises " << all << ", as the script says " << kept_right << " of " << decided << ", others "
                   << others);
  CHECK(all == 48);
  CHECK(kept_right == decided);
  // Commitments that the script's author wrote without meaning a promise of the ledger.
  CHECK(others <= 9);
}

}  // namespace

TEST_CASE("every promise of the script is found, kept or missed as it says", "[insight][people][demo]") {
  for (const auto verdicts : {Verdicts::truth, Verdicts::analyser}) {
    INFO((verdicts == Verdicts::truth ? "true labels" : "own verdicts"));
    TempDir dir;
    const auto demo = load_demo(dir.path(), verdicts);
    auto found = find(demo);
    check_promises(demo, found);
    const auto now = demo.first_monday + std::chrono::hours(168 * 8);
    for (const auto& row : found.people.promises) {
      CHECK(row.due_at > identity::time_of(row.mention));
      CHECK((row.state == "missed") == (!row.settled && row.due_at < now));
      CHECK((row.state == "open") == (!row.settled && row.due_at >= now));
      CHECK(row.settled.has_value() == (row.state == "kept" || row.state == "late"));
    }
    // Who was let down waits again, and says why.
    const auto reminded = std::ranges::count_if(found.service.waiting, [](const auto& row) {
      return row.reasons.find("\"promise_missed\":15") != std::string::npos;
    });
    CHECK(reminded > 0);
  }
}

TEST_CASE("roles rest on a post of the person, and customers are not taken for others",
          "[insight][people][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::analyser);
  auto found = find(demo);
  std::map<std::string, int> right, wrong;
  for (const auto& row : found.people.roles) {
    const auto mention = found.reader->mention(row.mention)->front();
    CHECK(mention.author_key == row.author_key);
    const auto role = demo.roles.at(mention.native_id);
    const bool fits =
        row.role == "customer" || row.role == "community" ? role == "customer" : role == row.role;
    // Who earns by recommending is a customer or spammer of the script.
    ++(fits || row.role == "affiliate" ? right : wrong)[row.role];
    if (!fits) UNSCOPED_INFO(row.role << " by " << row.reason << ": " << mention.text);
  }
  CHECK(right["customer"] > 100);
  CHECK(right["press"] >= 1);
  CHECK(right["staff"] >= 1);
  CHECK(wrong["staff"] + wrong["press"] + wrong["bot"] == 0);
  // Nobody with an interest has a story or a stance.
  std::set<std::uint64_t> interested;
  for (const auto& row : found.people.roles)
    if (row.role == "staff" || row.role == "press" || row.role == "bot" || row.role == "affiliate")
      interested.insert(row.author_key);
  for (const auto& row : found.service.journeys) CHECK_FALSE(interested.contains(row.author_key));
  for (const auto& row : found.people.people)
    if (interested.contains(row.author_key)) CHECK(row.stance == "unknown");
}

TEST_CASE("every step, defence and event names its mentions", "[insight][people][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::truth);
  auto found = find(demo);
  auto& reader = *found.reader;
  REQUIRE(found.people.steps.size() > 100);
  for (const auto& step : found.people.steps) {
    REQUIRE(step.after);
    CHECK(reader.mention(*step.after)->front().author_key == step.author_key);
    if (step.from != "unknown") CHECK(step.before);
    CHECK(step.from != step.to);
  }
  REQUIRE(found.people.defences.size() > 3);
  for (const auto& defence : found.people.defences) {
    const auto reply = reader.mention(defence.mention)->front(),
               target = reader.mention(defence.target)->front();
    CHECK(reply.author_key == defence.author_key);
    CHECK(target.author_key != defence.author_key);
    CHECK(target.verdict.polarity == Polarity::negative);
    CHECK(reply.verdict.polarity != Polarity::negative);
  }
  std::map<std::string, int> kinds;
  for (const auto& event : found.people.events) {
    ++kinds[event.kind];
    const auto mention = reader.mention(event.mention)->front();
    if (event.span) CHECK(event.span->end <= mention.text.size());
    if (event.kind == "peer_answer") {
      REQUIRE(event.about);
      REQUIRE(event.thanks);
      CHECK(reader.mention(*event.about)->front().author_key ==
            reader.mention(*event.thanks)->front().author_key);
    }
  }
  for (const auto* kind :
       {"referral", "purchase_intent", "churn_threat", "switched_from", "switched_to", "peer_answer"}) {
    INFO(kind);
    CHECK(kinds[kind] >= 3);
  }
  const auto advocates = std::ranges::count(found.people.people, "advocate", &store::PersonRow::stance);
  const auto defenders = std::ranges::count(found.people.people, "defender", &store::PersonRow::stance);
  CHECK(advocates + defenders > 0);
}

TEST_CASE("what is found of people is written, read back, and the same when found anew",
          "[insight][people][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::analyser);
  auto found = find(demo);
  const auto now = demo.first_monday + std::chrono::hours(168 * 8);
  REQUIRE(demo.store->write_incidents(demo.brand, found.incidents, now));
  for (int times = 0; times < 2; ++times) REQUIRE(demo.store->write_people(demo.brand, found.people));
  auto& people = found.reader->people();
  CHECK(people.people(demo.brand, {.limit = 100'000})->size() == found.people.people.size());
  CHECK(people.praise(demo.brand, 100'000, now)->size() == found.people.praise.size());
  CHECK(people.promises(demo.brand, {}, now, "", 100'000)->size() == found.people.promises.size());
  CHECK(*people.conduct_days(demo.brand, {}, now) == found.people.conduct_days);
  CHECK(people.conduct(demo.brand, {}, now, 100'000)->size() == found.people.conduct.size());
  auto steps = *people.steps(demo.brand, {}, now, 100'000);
  CHECK(steps.size() == found.people.steps.size());
  std::int64_t moves = 0;
  for (const auto& month : *people.stance_months(demo.brand, {}, now)) moves += month.steps;
  CHECK(moves == std::ssize(steps));
  for (const auto& row : *people.promises(demo.brand, {}, now, "", 100'000)) {
    const auto text = found.reader->mention(row.mention)->front().text;
    CHECK(row.words == text.substr(row.span.begin, row.span.end - row.span.begin));
  }
  // Found again, it is the same: what was written before the window is not taken for news.
  const auto again = find(demo);
  CHECK(again.people.steps == found.people.steps);
  CHECK(again.people.roles == found.people.roles);
  CHECK(again.people.promises == found.people.promises);

  // A person deletes their posts: findings anew are those of a store that never had them.
  const auto& gone = found.people.events.front();
  const auto mention = found.reader->mention(gone.mention)->front();
  store::Batch batch{.source = *demo.store->ensure_source(mention.platform, mention.platform),
                     .stream = "deletions",
                     .now = now};
  Mention tombstone{.platform = mention.platform,
                    .native_id = mention.native_id,
                    .created_at = mention.created_at,
                    .fetched_at = now,
                    .deleted = true};
  batch.mentions.push_back({.mention = tombstone});
  REQUIRE(demo.store->write(std::span(&batch, 1)));
  // At once nothing of its words is shown, though the findings still name it.
  const auto shown = *people.events(demo.brand, gone.kind, {}, now, 100'000);
  CHECK(std::ranges::find(shown, gone.mention, &store::PersonEventRow::mention) == shown.end());
  const auto anew = find(demo);
  REQUIRE(demo.store->write_people(demo.brand, anew.people));
  CHECK(std::ranges::find(anew.people.events, gone.mention, &store::PersonEventRow::mention) ==
        anew.people.events.end());
  CHECK(people.people(demo.brand, {.limit = 100'000})->size() == anew.people.people.size());
}

TEST_CASE("the cover of an incident is what can be counted by hand", "[insight][people][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::truth);
  auto found = find(demo);
  const auto now = demo.first_monday + std::chrono::hours(168 * 8);
  REQUIRE(found.incidents.size() == 1);
  const std::set<MentionId> members(found.incidents[0].members.begin(), found.incidents[0].members.end());
  // Two neighbours say that it works for them, under two reports; one of them is taken back.
  auto people = found.people;
  people.defences = {
      {.mention = found.people.people[0].last_mention, .target = *members.begin(), .author_key = 1},
      {.mention = found.people.people[1].last_mention, .target = *members.begin(), .author_key = 2},
      {.mention = found.people.people[2].last_mention, .target = *members.rbegin(), .author_key = 2}};
  REQUIRE(demo.store->write_incidents(demo.brand, found.incidents, now));
  REQUIRE(demo.store->write_people(demo.brand, people));
  const auto row = found.reader->incidents(demo.brand, {}, now)->front();
  CHECK(row.cover.negative == std::ssize(members));
  CHECK(row.cover.defended == 2);
  CHECK(row.cover.defenders == 2);
  CHECK(row.cover.evidence.size() == 3);
  CHECK(found.reader->incident(row.id)->cover == row.cover);
  // The view says the same.
  const auto view = [&](const char* column) {
    return found.reader->ask("SELECT " + std::string(column) + " FROM v_cover", {}, std::chrono::seconds(9))
        ->value();
  };
  CHECK(view("negative") == static_cast<double>(row.cover.negative));
  CHECK(view("defended") == 2);
}

TEST_CASE("praise waits for thanks once per person, and canned replies are told", "[insight][people][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::truth);
  auto found = find(demo);
  const auto now = demo.first_monday + std::chrono::hours(168 * 8);
  REQUIRE(found.people.praise.size() > 20);
  std::set<std::uint64_t> authors;
  int last = 100;
  for (const auto& row : found.people.praise) {
    const auto mention = found.reader->mention(row.id)->front();
    CHECK(authors.insert(mention.author_key).second);
    CHECK(mention.verdict.polarity == Polarity::positive);
    CHECK(now - mention.created_at <= std::chrono::hours(24 * 28));
    CHECK(row.priority <= last);
    CHECK(row.priority >= 0);
    last = row.priority;
  }
  // The help account of the script has a stock of phrases.
  std::int64_t replies = 0, canned = 0;
  for (const auto& day : found.people.conduct_days) {
    CHECK(day.canned <= day.replies);
    CHECK(day.unanswered <= day.followups);
    replies += day.replies;
    canned += day.canned;
  }
  CHECK(replies > 200);
  CHECK(canned > 20);
  CHECK(canned == std::ranges::count(found.people.conduct, "canned", &store::ConductRow::kind));
  for (const auto& row : found.people.conduct) {
    const auto reply = found.reader->mention(row.mention)->front();
    CHECK(reply.verdict.match == MatchKind::own);
    if (row.kind == "canned") CHECK(row.about < row.mention);
    if (row.kind == "unanswered") CHECK(row.mention < row.about);
  }
}

TEST_CASE("what waits is due in business hours, and late answers are counted", "[insight][people][demo]") {
  TempDir dir;
  const auto demo = load_demo(dir.path(), Verdicts::analyser);
  auto found = find(demo);
  const auto input = input_of(*found.reader, demo);
  for (const auto& row : found.service.waiting) {
    REQUIRE(row.due_at);
    const auto mention = found.reader->mention(row.id)->front();
    const auto open = input.terms.hours.between(mention.created_at, *row.due_at);
    CHECK((open == std::chrono::hours(1) || open == std::chrono::hours(4) || open == std::chrono::hours(12)));
  }
  std::int64_t late = 0;
  for (const auto& day : found.service.days) {
    CHECK(day.open_median_s.has_value() == day.median_s.has_value());
    if (day.open_slow_s) CHECK(*day.open_slow_s <= *day.slow_s);
    CHECK(day.late <= day.contacts);
    late += day.late;
  }
  CHECK(late > 0);
}
