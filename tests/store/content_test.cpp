// What the content team keeps: consent to a story's being told, with everything that was ever said of it;
// pages and the ideas that they fit; terms that move; and what people did for the brand.
#include "store/content.hpp"

#include <cmath>
#include <limits>

#include "store/sqlite/content_reader.hpp"
#include "store/sqlite/database.hpp"
#include "tests/store/plan.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const auto now = from_ms(monday_ms + 12 * 3'600'000);
using std::chrono::hours;

/// Ann was unhappy, was answered, and praises now.
struct Town {
  TempDir dir;
  Fixture f{*store::open_store(dir.file("earshot.db"))};
  MentionId rant = {}, reply = {}, happy = {};

  Town() {
    const auto praise = scored(mention("3", 30, "Fernwave, all is well", "ann"), f.brand, Polarity::positive);
    f.write({scored(mention("1", 1, "Fernwave lost my parcel", "ann"), f.brand),
             scored(mention("2", 10, "we are on it", "fernwave"), f.brand), praise});
    for (const auto& row : *(*f.store->reader())->mentions({.brand = f.brand})) {
      if (row.native_id.ends_with("1")) rant = row.id;
      if (row.native_id.ends_with("2")) reply = row.id;
      if (row.native_id.ends_with("3")) happy = row.id;
    }
    find();
  }

  void find(std::string outcome = "converted") {
    store::ServiceFindings found{.since = from_ms(monday_ms - 86'400'000)};
    found.journeys.push_back(
        {.rant = rant, .author_key = 5, .outcome = std::move(outcome), .reply = reply, .last = happy});
    REQUIRE(f.store->write_service(f.brand, found));
  }

  store::StoryRow story() const { return *(*f.store->reader())->content().story(f.brand, rant); }
  Status say(std::string consent, std::string note = {}, Timestamp at = now) const {
    return f.store->content().decide_story(
        {.rant = rant, .brand = f.brand, .consent = consent, .note = note, .by = "kim", .at = at});
  }
  std::int64_t number(const std::string& sql) const {
    auto database = *store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
    return *database.integer(sql.c_str());
  }
};

}  // namespace

TEST_CASE("consent is kept with who gave it and when, and what was said before", "[store][content]") {
  Town town;
  CHECK(town.story().consent == "unknown");
  REQUIRE(town.say("asked", "by message"));
  REQUIRE(town.say("given", "first name only", now + hours(1)));
  // The same again changes nothing, not even the time.
  REQUIRE(town.say("given", "first name only", now + hours(5)));
  const auto story = town.story();
  CHECK(story.consent == "given");
  CHECK(story.history == std::vector<store::ConsentRow>{{now + hours(1), "given", "first name only", "kim"},
                                                        {now, "asked", "by message", "kim"}});
  CHECK(story.journey.rant == town.rant);
  CHECK(story.journey.reply == town.reply);
  CHECK(story.journey.last == town.happy);
  CHECK(town.number("SELECT count(*) FROM v_story WHERE consent='given' AND decided_by='kim'") == 1);
  CHECK(town.number("SELECT count(*) FROM v_consent") == 2);
  // The job that finds the story anew leaves it alone.
  town.find();
  CHECK(town.story() == story);
  auto reader = *town.f.store->reader();
  const auto all = [&](const char* consent) {
    return reader->content().stories(town.f.brand, from_ms(0), now + hours(1), consent, 10)->size();
  };
  CHECK(all("") == 1);
  CHECK(all("given") == 1);
  CHECK(all("refused") == 0);
  CHECK(reader->content().stories(town.f.brand, now, now + hours(1), "", 10)->empty());
}

TEST_CASE("what is no story, and no consent, is refused", "[store][content]") {
  Town town;
  const auto refused = [](const Status& status, std::string_view why) {
    REQUIRE_FALSE(status);
    CHECK(status.error().kind == ErrorKind::invalid);
    CHECK(status.error().message.find(why) != std::string::npos);
  };
  refused(town.say("maybe"), "no consent 'maybe'");
  refused(town.say("given", std::string(4'001, 'x')), "longer than");
  refused(town.f.store->content().decide_story(
              {.rant = town.happy, .brand = town.f.brand, .consent = "given", .at = now}),
          "no unhappy customer");
  town.find("angry");
  refused(town.say("given"), "no unhappy customer");
}

TEST_CASE("a story whose post was deleted keeps no note, and nobody can agree to it", "[store][content]") {
  Town town;
  REQUIRE(town.say("given", "first name only"));
  auto gone = mention("1", 1, "", "ann");
  gone.deleted = true;
  town.f.write({scored(gone, town.f.brand)});
  CHECK(town.number("SELECT count(*) FROM story_consent WHERE note IS NOT NULL") == 0);
  CHECK_FALSE(town.say("given", "all of it"));
  REQUIRE(town.say("refused"));
  CHECK_FALSE(town.say("given"));
}

TEST_CASE("an erased person's consent goes with them", "[store][content][erase]") {
  Town town;
  REQUIRE(town.say("given", "first name only"));
  const auto trace = (*town.f.store->reader())->author("mastodon", "ann");
  REQUIRE(trace);
  REQUIRE(town.f.store->erase(*trace, "asked for it", now));
  CHECK(town.number("SELECT count(*) FROM story_consent") == 0);
}

TEST_CASE("pages are replaced, and an idea knows the one that fits it", "[store][content]") {
  Town town;
  const store::IdeaRow idea{.key = "reset", .title = "How do I reset it?", .askers = 4, .details = "{}"};
  REQUIRE(town.f.store->write_ideas(town.f.brand, std::span(&idea, 1), now));
  const store::IdeaPage fit{
      .url = "https://fernwave.example/reset", .title = "Reset", .score = 0.75, .terms = {"reset", "e-sim"}};
  store::PageFindings found{
      .pages = {{.url = fit.url, .title = fit.title, .configured = true},
                {.url = "https://fernwave.example/bill", .title = "bill", .replies = 3, .reply = town.reply}},
      .matches = {{.idea = "reset", .page = fit}, {.idea = "nobody asks", .page = fit}}};
  REQUIRE(town.f.store->content().write_pages(town.f.brand, found));
  auto reader = *town.f.store->reader();
  CHECK(reader->ideas(town.f.brand, 10)->at(0).page == fit);
  const auto pages = *reader->content().pages(town.f.brand);
  REQUIRE(pages.size() == 2);
  CHECK(pages[0].url == fit.url);
  CHECK(pages[0].configured);
  CHECK(pages[0].questions == 1);
  CHECK(pages[0].askers == 4);
  CHECK(pages[1].reply == town.reply);
  CHECK(town.number("SELECT count(*) FROM v_idea WHERE page_url LIKE '%/reset' AND page_score=0.75") == 1);
  found.matches.clear();
  found.pages.pop_back();
  REQUIRE(town.f.store->content().write_pages(town.f.brand, found));
  CHECK_FALSE(reader->ideas(town.f.brand, 10)->at(0).page);
  CHECK(reader->content().pages(town.f.brand)->size() == 1);
  REQUIRE(town.f.store->write_ideas(town.f.brand, {}, now));
  CHECK(town.number("SELECT count(*) FROM idea_page") == 0);
}

TEST_CASE("terms that move are read as they were written", "[store][content]") {
  Town town;
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const std::vector<store::TermMoveRow> moves{{.term = "red light",
                                               .kind = "words",
                                               .direction = "rising",
                                               .week_at = from_ms(monday_ms),
                                               .authors = 9,
                                               .people = 100,
                                               .people_before = 800,
                                               .weeks_before = 8,
                                               .ratio = infinite,
                                               .low = 4.5,
                                               .high = infinite,
                                               .mentions = {town.rant, town.happy}},
                                              {.term = "#late",
                                               .kind = "hashtag",
                                               .direction = "falling",
                                               .week_at = from_ms(monday_ms),
                                               .authors = 1,
                                               .people = 100,
                                               .authors_before = 80,
                                               .people_before = 800,
                                               .weeks_before = 8,
                                               .ratio = 0.1,
                                               .low = 0.01,
                                               .high = 0.5,
                                               .mentions = {town.rant}}};
  for (int twice = 0; twice < 2; ++twice)
    REQUIRE(town.f.store->content().write_term_moves(town.f.brand, moves));
  CHECK(*(*town.f.store->reader())->content().term_moves(town.f.brand) == moves);
  CHECK(town.number("SELECT count(*) FROM v_term_mention WHERE term='red light'") == 2);
  CHECK(town.number("SELECT count(*) FROM v_term_move WHERE high IS NULL AND ratio IS NULL") == 1);
  REQUIRE(town.f.store->content().write_term_moves(town.f.brand, {}));
  CHECK(town.number("SELECT count(*) FROM term_mention") == 0);
}

TEST_CASE("what people do for the brand is told by kind, without staff", "[store][content]") {
  Town town;
  auto thanks = scored(mention("4", 40, "thank you Fernwave", "bob"), town.f.brand, Polarity::positive);
  thanks.verdicts[0].verdict.intents = {ScoredIntent{.intent = Intent::thanks, .score = 1}};
  auto shared = mention("5", 50, "Fernwave explains it here", "cleo");
  shared.links = {"https://fernwave.example/reset"};
  town.f.write({thanks, scored(shared, town.f.brand, Polarity::neutral)});
  REQUIRE(town.f.store->content().write_pages(
      town.f.brand, {.pages = {{.url = "https://fernwave.example/reset", .title = "Reset"}}}));
  auto reader = *town.f.store->reader();
  const auto kinds = [&] {
    std::string out;
    const auto bonds = reader->content().bonds(town.f.brand, from_ms(0), now + hours(100), 10);
    REQUIRE(bonds);
    for (const auto& bond : *bonds) out += bond.kind + ":" + bond.author_handle + " ";
    return out;
  };
  CHECK(kinds() == "share:cleo thank:bob ");
  const auto bonds = *reader->content().bonds(town.f.brand, from_ms(0), now + hours(100), 10);
  store::PeopleFindings people{.since = from_ms(0)};
  people.events.push_back({.kind = "referral", .mention = town.happy, .author_key = 5});
  people.defences.push_back({.mention = town.reply, .target = town.rant, .author_key = 6});
  people.roles.push_back(
      {.author_key = bonds[1].author_key, .role = "staff", .reason = "says_so", .mention = bonds[1].mention});
  REQUIRE(town.f.store->write_people(town.f.brand, people));
  CHECK(kinds() == "share:cleo recommend:ann defend:fernwave ");
  // Analysts count the same: of one kind one a person and day.
  auto again =
      scored(mention("6", 55, "Fernwave explains that here too", "cleo"), town.f.brand, Polarity::neutral);
  again.mention.links = {"https://fernwave.example/reset"};
  town.f.write({again});
  CHECK(kinds() == "share:cleo share:cleo recommend:ann defend:fernwave ");
  CHECK(town.number("SELECT count(*) FROM v_bond WHERE brand='Fernwave'") == 3);
  CHECK(town.number("SELECT sum(weight) FROM v_bond WHERE kind='share'") == 2);
  CHECK(town.number("SELECT sum(weight) FROM v_bond WHERE kind IN ('recommend','defend')") == 6);
  CHECK(town.number("SELECT count(*) FROM v_bond b JOIN v_mention m USING (mention_id) WHERE "
                    "m.author_handle=b.author_handle "
                    "AND m.text=b.text AND b.day=date(m.created_at)") == 3);
}

TEST_CASE("stories are read by their index", "[store][content][plan]") {
  Town town;
  auto database =
      store::sqlite::Database::open(town.dir.file("earshot.db"), store::sqlite::Access::read_only);
  REQUIRE(database);
  for (const auto& sql : {store::sqlite::stories_sql(false), store::sqlite::stories_sql(true)}) {
    const auto text = plan(*database, sql);
    INFO(text);
    CHECK(text.find("SCAN") == std::string::npos);
    CHECK(text.find("TEMP B-TREE") == std::string::npos);
  }
}
