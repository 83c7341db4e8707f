// A round of the jobs that remembers the rounds before finds what one finds that reads everything anew,
// through what comes in late, edits, deletions and labels; and reads again only the days in which something
// changed.
#include "insight/memory.hpp"

#include <catch2/catch.hpp>

#include <random>

#include "insight/link_job.hpp"
#include "insight/people.hpp"
#include "insight/wording.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr std::int64_t day = 24 * 60, week = 7 * day;

Timestamp at(std::int64_t minute) { return from_ms(monday_ms + minute * 60'000); }

/// What a round finds, as far as rows can be compared.
struct Found {
  std::vector<store::IdeaRow> ideas = {};
  store::ServiceFindings service = {};
  store::PeopleFindings people = {};
  std::vector<store::TermMoveRow> moves = {};
  std::vector<store::MisledRow> misled = {};
  std::vector<store::IncidentRow> incidents = {};
  std::vector<store::BaselineRow> baseline = {};  ///< counts what was deleted, too
  store::PageFindings pages = {};
};

Found round(const insight::JobInput& input) {
  Found out;
  out.baseline = *insight::issue_baseline_job(input);
  out.incidents = *insight::incident_job(input);
  const auto dialogue = *insight::read_dialogue(input);
  out.ideas = *insight::idea_job(input, dialogue);
  out.pages = *insight::link_job(input, dialogue, out.ideas, {});
  const auto people = insight::find_people(dialogue, input.terms.hours.zone, input.now);
  out.service = *insight::service_job(input, dialogue, people, out.incidents);
  out.people = *insight::people_job(input, dialogue, people);
  out.moves = *insight::term_job(input);
  out.misled = *insight::misled_job(input);
  return out;
}

void check_equal(const Found& a, const Found& b) {
  REQUIRE(a.ideas.size() == b.ideas.size());
  for (std::size_t i = 0; i < a.ideas.size(); ++i) {
    CHECK(a.ideas[i].title == b.ideas[i].title);
    CHECK(a.ideas[i].members == b.ideas[i].members);
    CHECK(a.ideas[i].details == b.ideas[i].details);
    CHECK(a.ideas[i].unanswered == b.ideas[i].unanswered);
    CHECK(a.ideas[i].answer == b.ideas[i].answer);
  }
  CHECK(a.service.waiting == b.service.waiting);
  CHECK(a.service.days == b.service.days);
  CHECK(a.service.journeys == b.service.journeys);
  CHECK(a.people.people == b.people.people);
  CHECK(a.people.roles == b.people.roles);
  CHECK(a.people.defences == b.people.defences);
  CHECK(a.people.events == b.people.events);
  CHECK(a.people.promises == b.people.promises);
  CHECK(a.people.praise == b.people.praise);
  CHECK(a.people.conduct == b.people.conduct);
  CHECK(a.moves == b.moves);
  REQUIRE(a.misled.size() == b.misled.size());
  for (std::size_t i = 0; i < a.misled.size(); ++i) {
    CHECK(a.misled[i].key == b.misled[i].key);
    CHECK(a.misled[i].members == b.misled[i].members);
    CHECK(a.misled[i].details == b.misled[i].details);
    CHECK(a.misled[i].tell == b.misled[i].tell);
  }
  REQUIRE(a.incidents.size() == b.incidents.size());
  for (std::size_t i = 0; i < a.incidents.size(); ++i) {
    CHECK(a.incidents[i].members == b.incidents[i].members);
    CHECK(a.incidents[i].detected_at == b.incidents[i].detected_at);
    CHECK(a.incidents[i].details == b.incidents[i].details);
  }
  CHECK(a.pages.pages == b.pages.pages);
  REQUIRE(a.pages.matches.size() == b.pages.matches.size());
  for (std::size_t i = 0; i < a.pages.matches.size(); ++i) {
    CHECK(a.pages.matches[i].idea == b.pages.matches[i].idea);
    CHECK(a.pages.matches[i].page == b.pages.matches[i].page);
  }
}

/// A town that talks: questions and their answers, complaints and those who come round, promises, thanks.
class Town {
 public:
  explicit Town(std::uint32_t seed) : random_(seed) {}

  store::ScoredMention next(const Fixture& f, std::int64_t from, std::int64_t to) {
    static const char* const asks[] = {
        "how do I export invoices as csv?", "csv of my bills, how?",
        "export of bills to csv, where",    "where do I change the wifi password?",
        "new wlan key, how do I set it?",   "reset of the router, how?"};
    static const char* const rants[] = {"my bill is wrong again", "no light on the router since the update",
                                        "roaming was not unlimited as advertised", "waiting for a refund"};
    static const char* const raves[] = {"the refund is here, thank you", "router works again, great help",
                                        "I recommend them to everybody", "bill is right now, lovely service"};
    static const char* const replies[] = {"We will DM you today. ^Noor",
                                          "Sorry about that, we look into it. ^Bo",
                                          "Bills, then the three dots, then export as csv. ^Noor"};
    const auto minute = std::uniform_int_distribution<std::int64_t>(from, to - 1)(random_);
    const auto id = std::to_string(count_++);
    const auto author = "writer" + std::to_string(pick(40));
    const auto kind = pick(10);
    if (kind < 2 && !heard_.empty()) {
      auto own =
          scored(mention(id, minute, replies[pick(3)], "help"), f.brand, Polarity::neutral, IssueType::other);
      own.verdicts[0].match = MatchKind::own;
      own.mention.in_reply_to = heard_[pick(heard_.size())].mention.native_id;
      own.mention.links = {"https://fernwave.example/help/" + std::string(pick(2) == 0 ? "export" : "bills")};
      return keep(own);
    }
    if (kind < 5) {
      auto asked =
          scored(mention(id, minute, asks[pick(6)], author), f.brand, Polarity::neutral, IssueType::how_to);
      asked.verdicts[0].verdict.question = true;
      return keep(asked);
    }
    if (kind < 8) {
      auto rant = scored(mention(id, minute, rants[pick(4)], author), f.brand, Polarity::negative,
                         IssueType::billing);
      rant.verdicts[0].verdict.complaint = true;
      return keep(rant);
    }
    auto rave =
        scored(mention(id, minute, raves[pick(4)], author), f.brand, Polarity::positive, IssueType::billing);
    rave.verdicts[0].verdict.intents = {ScoredIntent{.intent = Intent::thanks, .score = 1}};
    return keep(rave);
  }

  /// One that is known, with other words and another opinion.
  store::ScoredMention edited(const Fixture& f) {
    auto& one = heard_[pick(heard_.size())];
    const auto match = one.verdicts[0].match;
    auto fresh = one;
    fresh.mention.text += " – settled now, csv export found";
    fresh.mention.edited_at =
        one.mention.edited_at.value_or(one.mention.created_at) + std::chrono::minutes(3);
    fresh.mention.fetched_at = *fresh.mention.edited_at + std::chrono::seconds(5);
    fresh.verdicts = scored(fresh.mention, f.brand, Polarity::positive, IssueType::how_to).verdicts;
    fresh.verdicts[0].match = match;
    return one = fresh;
  }

  store::ScoredMention deleted() {
    const auto place = pick(heard_.size());
    auto gone = heard_[place].mention;
    gone.deleted = true;
    gone.text.clear();
    heard_.erase(heard_.begin() + static_cast<std::ptrdiff_t>(place));
    return store::ScoredMention{.mention = gone};
  }

  const std::vector<store::ScoredMention>& heard() const { return heard_; }
  std::size_t pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
  }

 private:
  store::ScoredMention keep(store::ScoredMention item) {
    item.fingerprint = hash_++;
    heard_.push_back(item);
    return item;
  }

  std::mt19937 random_;
  std::vector<store::ScoredMention> heard_;
  int count_ = 0;
  std::uint64_t hash_ = 1000;
};

void erase_writer(const Fixture& f, store::Reader& reader, const store::MentionRow& of, Timestamp now) {
  store::AuthorTrace trace{.platform = of.platform, .keys = {of.author_key}};
  for (const auto& row : *reader.mentions({.brand = f.brand, .limit = 10'000})) {
    if (row.author_key == of.author_key) trace.mentions.push_back(row.id);
    if (row.author_key != of.author_key && !row.in_reply_to.empty()) trace.replies.push_back(row.id);
  }
  REQUIRE(f.store->erase(trace, "asked", now));
}

}  // namespace

TEST_CASE("a round that remembers finds what one finds that reads everything anew", "[insight][memory]") {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    INFO("seed " << seed);
    TempDir dir;
    auto f = fresh(dir);
    auto reader = *f.store->reader();
    Town town(seed);
    insight::Memory memory;
    const auto input = [&](std::int64_t minute, insight::Memory* with) {
      return insight::JobInput{
          .reader = *reader, .brand = f.brand, .brand_name = "Fernwave", .now = at(minute), .memory = with};
    };
    std::vector<store::ScoredMention> first;
    for (int i = 0; i < 500; ++i) first.push_back(town.next(f, 0, 7 * week));
    f.write(std::move(first));
    const auto claim = store::ClaimDecision{.brand = f.brand, .text = "unlimited roaming", .from = at(week)};
    REQUIRE(f.store->decide_claim(claim));
    std::int64_t now = 7 * week;
    for (int step = 0; step < 12; ++step) {
      INFO("step " << step);
      std::vector<store::ScoredMention> items;
      for (int i = 0; i < 12; ++i) items.push_back(town.next(f, now, now + day / 2));
      items.push_back(town.next(f, 0, now));                        // late
      items.push_back(town.next(f, now + day / 2, now + 2 * day));  // dated ahead
      for (int i = 0; i < 3; ++i) items.push_back(town.edited(f));
      for (int i = 0; i < 3; ++i) items.push_back(town.deleted());
      f.write(std::move(items));
      now += day / 2;
      const auto& judged = town.heard()[town.pick(town.heard().size())].mention;
      const auto rows = *reader->mentions({.brand = f.brand, .limit = 10'000});
      const auto row = std::ranges::find(rows, judged.native_id, &store::MentionRow::native_id);
      if (row != rows.end() && !row->deleted)
        REQUIRE(f.store->label(store::Label{
            .mention = row->id, .brand = f.brand, .polarity = Polarity::negative, .at = at(now)}));
      if (step == 5) erase_writer(f, *reader, rows.front(), at(now));
      if (step == 7) {
        const auto other =
            store::ClaimDecision{.brand = f.brand, .text = "a refund within days", .from = at(2 * week)};
        REQUIRE(f.store->decide_claim(other));
      }
      if (step == 9) REQUIRE(f.store->purge(at(week + day / 2), 1000));
      if (step == 10) memory = {};  // as after a restart
      const auto kept = round(input(now, &memory));
      const auto anew = round(input(now, nullptr));
      check_equal(kept, anew);
      CHECK((kept.baseline == anew.baseline));
      REQUIRE_FALSE(kept.ideas.empty());
      REQUIRE_FALSE(kept.service.journeys.empty());
      if (step % 3 == 0) {
        const auto days = memory.days.size();
        const auto most = town.pick(memory.bytes());
        insight::forget_beyond(memory, most);
        CHECK(memory.bytes() <= most);
        CHECK(memory.days.size() < days);
      }
      REQUIRE(f.store->write_people(f.brand, kept.people));
      REQUIRE(f.store->write_service(f.brand, kept.service));
    }
  }
}

TEST_CASE("the same, of a history that was never anything else", "[insight][memory]") {
  TempDir changed_dir, plain_dir;
  auto changed = fresh(changed_dir), plain = fresh(plain_dir);
  Town town(7);
  std::vector<store::ScoredMention> items;
  for (int i = 0; i < 300; ++i) items.push_back(town.next(changed, 0, 7 * week));
  changed.write(std::move(items));
  insight::Memory memory;
  auto reader = *changed.store->reader();
  const auto now = 7 * week + day;
  const auto input = [&](store::Reader& of, BrandId brand, insight::Memory* with) {
    return insight::JobInput{
        .reader = of, .brand = brand, .brand_name = "Fernwave", .now = at(now), .memory = with};
  };
  for (int step = 0; step < 10; ++step) {
    round(input(*reader, changed.brand, &memory));
    std::vector<store::ScoredMention> more;
    for (int i = 0; i < 5; ++i) more.push_back(town.next(changed, 0, now));
    for (int i = 0; i < 5; ++i) more.push_back(town.edited(changed));
    for (int i = 0; i < 5; ++i) more.push_back(town.deleted());
    changed.write(std::move(more));
  }
  plain.write(town.heard());
  auto other = *plain.store->reader();
  check_equal(round(input(*reader, changed.brand, &memory)), round(input(*other, plain.brand, nullptr)));
}

TEST_CASE("a deletion of long ago has its own day read again and no other", "[insight][memory]") {
  TempDir dir;
  auto f = fresh(dir);
  Town town(4);
  std::vector<store::ScoredMention> items;
  for (int i = 0; i < 300; ++i) items.push_back(town.next(f, 0, 4 * week));
  f.write(std::move(items));
  auto reader = *f.store->reader();
  insight::Memory memory;
  const insight::JobInput input{
      .reader = *reader, .brand = f.brand, .brand_name = "Fernwave", .now = at(4 * week), .memory = &memory};
  REQUIRE(insight::read_dialogue(input));
  REQUIRE(memory.days.size() == 28);
  // Rows keep their place in memory where a day is kept.
  std::map<Timestamp, const insight::KeptContact*> before;
  for (const auto& [at, kept] : memory.days) before[at] = kept.contacts.data();
  const auto gone = town.deleted();
  f.write({gone});
  REQUIRE(insight::read_dialogue(input));
  for (const auto& [at, kept] : memory.days) {
    const bool touched = at == Timestamp(std::chrono::floor<std::chrono::days>(gone.mention.created_at));
    CHECK((kept.contacts.data() != before[at]) == touched);
  }
  // Other names read texts otherwise: nothing of the old reading stays.
  auto renamed = input;
  renamed.names = {"Hub"};
  REQUIRE(insight::read_dialogue(renamed));
  CHECK(memory.read_with == insight::hash_of_names(renamed));
}
