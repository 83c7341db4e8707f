// What the content team is told: which page answers what people ask, how they put things, what more of them
// say than before, and what they do for the brand.
#include <random>

#include "insight/dialogue.hpp"
#include "insight/link_job.hpp"
#include "insight/ror.hpp"
#include "insight/wording.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr std::int64_t day = 24 * 60, week = 7 * day;

Timestamp at(std::int64_t minute) { return from_ms(monday_ms + minute * 60'000); }

struct World {
  TempDir dir;
  Fixture f{*store::open_store(dir.file("earshot.db"))};
  std::unique_ptr<store::Reader> reader = *f.store->reader();
  std::vector<store::ScoredMention> items = {};
  std::uint64_t said = 100;

  store::ScoredMention& say(std::int64_t minute, const std::string& text, const std::string& author) {
    items.push_back(
        scored(mention(std::to_string(++said), minute, text, author), f.brand, Polarity::neutral));
    items.back().fingerprint = said;
    return items.back();
  }
  store::ScoredMention& ask(std::int64_t minute, const std::string& text, const std::string& author) {
    auto& item = say(minute, text, author);
    item.verdicts[0].verdict.question = true;
    item.verdicts[0].verdict.issues = {ScoredIssue{.type = IssueType::how_to, .score = 1}};
    return item;
  }
  store::ScoredMention& answer(std::int64_t minute, const std::string& to, const std::string& text) {
    auto& item = say(minute, text, "fernwavehelp");
    item.verdicts[0].match = MatchKind::own;
    item.mention.in_reply_to = to;
    return item;
  }
  void store() {
    f.write(std::move(items));
    items.clear();
  }
  insight::JobInput input(std::int64_t minute) {
    return {.reader = *reader, .brand = f.brand, .brand_name = "Fernwave", .now = at(minute)};
  }
};

const store::TermMoveRow* find(const std::vector<store::TermMoveRow>& rows, std::string_view term) {
  const auto found = std::ranges::find(rows, term, &store::TermMoveRow::term);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("questions find their page, and what replies link to is learned", "[insight][content][links]") {
  World world;
  const char* invoices[] = {"how do I export Fernwave invoices as csv?", "csv export of my bills, Fernwave?",
                            "is there an export of bills to csv"};
  const char* routers[] = {"how to reset the router?", "router reset, how?", "where is reset on this router"};
  for (int i = 0; i < 3; ++i) {
    world.ask(10 + i, invoices[i], "ann" + std::to_string(i));
    const auto& question = world.ask(20 + i, routers[i], "bob" + std::to_string(i));
    const auto id = question.mention.native_id;
    auto& reply = world.answer(60 + i, id, "it is all written here");
    reply.mention.links = {"https://fernwave.example/help/router-reset?utm_source=x",
                           "https://fernwave.example/"};
  }
  // One person was sent there: that is no page yet.
  const auto lone = world.ask(90, "what is the opening time of the shop", "cleo").mention.native_id;
  world.answer(95, lone, "see there").mention.links = {"https://fernwave.example/shop"};
  world.store();
  const auto input = world.input(week);
  const auto dialogue = *insight::read_dialogue(input);
  const auto ideas = *insight::idea_job(input, dialogue);
  REQUIRE(ideas.size() == 2);
  const std::vector<insight::KnownPage> known{
      {.url = "https://fernwave.example/bills", .title = "Your bills as CSV", .words = {"export"}},
      {.url = "https://fernwave.example/jobs", .title = "Jobs at Fernwave"}};
  const auto found = *insight::link_job(input, dialogue, ideas, known);
  REQUIRE(found.pages.size() == 3);
  const auto& learned = found.pages[2];
  CHECK(learned.url == "https://fernwave.example/help/router-reset");
  CHECK(learned.title == "help router reset");
  CHECK(learned.replies == 3);
  CHECK_FALSE(learned.configured);
  REQUIRE(found.matches.size() == 2);
  for (const auto& match : found.matches) {
    const auto idea = std::ranges::find(ideas, match.idea, &store::IdeaRow::key);
    REQUIRE(idea != ideas.end());
    const bool router = idea->title.find("router") != std::string::npos;
    CHECK(match.page.url == (router ? learned.url : known[0].url));
    CHECK(match.page.score > 0.34);
    CHECK_FALSE(match.page.terms.empty());
  }
  // What is written is read back with the ideas.
  REQUIRE(world.f.store->write_ideas(world.f.brand, ideas, at(week)));
  REQUIRE(world.f.store->content().write_pages(world.f.brand, found));
  for (const auto& idea : *world.reader->ideas(world.f.brand, 10)) CHECK(idea.page);
  // Without a page for it the question about bills has none.
  const auto fewer = *insight::link_job(input, dialogue, ideas, {});
  CHECK(fewer.pages.size() == 1);
  CHECK(fewer.matches.size() == 1);
}

TEST_CASE("the glossary is the customers' own words, by people and without copies",
          "[insight][content][glossary]") {
  World world;
  for (int i = 0; i < 6; ++i) {
    world.say(i, "the red light blinks", "ann" + std::to_string(i));
    world.say(10 + i, "signal quality", "bob" + std::to_string(i));
    world.answer(20 + i, "", "our signal quality report, number " + std::to_string(i));
  }
  for (int i = 0; i < 5; ++i) world.say(40 + i, "my router sulks", "cleo");  // one person
  for (int i = 0; i < 5; ++i) {                                              // one text, passed on
    auto& copy = world.say(50 + i, "dear all, the purple antenna wobbles whenever it rains here",
                           "dan" + std::to_string(i));
    copy.fingerprint = 5;
  }
  world.store();
  const auto made = *insight::make_glossary(world.input(week), {.since = at(0), .until = at(week)});
  CHECK(made.people == 14);
  CHECK(made.own_posts == 6);
  CHECK(made.echoes == 4);
  REQUIRE_FALSE(made.terms.empty());
  CHECK(made.terms[0].term == "red light blinks");
  CHECK(made.terms[0].authors == 6);
  CHECK(made.terms[0].own_posts == 0);
  CHECK(made.terms[0].share == Approx(6.0 / 14));
  CHECK(made.terms[0].mentions.size() == 6);
  for (const auto& term : made.terms) {
    CHECK(term.authors >= 3);
    CHECK(term.term.find("antenna") == std::string::npos);
    CHECK(term.term.find("sulks") == std::string::npos);
    if (term.term == "signal quality") CHECK(term.weight < made.terms[0].weight);
  }
  const auto none = *insight::make_glossary(world.input(week),
                                            {.since = at(0), .until = at(week), .issue = IssueType::billing});
  CHECK(none.terms.empty());
}

TEST_CASE("a term that more people write than before is told, with its mentions",
          "[insight][content][movers]") {
  World world;
  std::mt19937 random(3);
  world.say(-day, "hello", "first");
  // Nine weeks of forty people each; in the last one twelve of them write of a red light, none of a blue one.
  for (int w = 0; w < 9; ++w)
    for (int i = 0; i < 40; ++i) {
      const auto minute = w * week + static_cast<std::int64_t>(random() % week);
      const bool last = w == 8;
      std::string text = "it works as usual";
      if (i < 12) text = last ? "the red light blinks" : "the blue light blinks";
      world.say(minute, text, "p" + std::to_string(w) + "-" + std::to_string(i));
    }
  world.store();
  const auto moves = *insight::term_job(world.input(9 * week));
  for (const auto& move : moves) UNSCOPED_INFO(move.term << " " << move.direction << " " << move.authors);
  const auto* red = find(moves, "red light blinks");
  const auto* blue = find(moves, "blue light blinks");
  REQUIRE(red);
  REQUIRE(blue);
  CHECK(red->direction == "rising");
  CHECK(red->authors == 12);
  CHECK(red->people == 40);
  CHECK(red->authors_before == 0);
  CHECK(red->people_before == 320);
  CHECK(red->mentions.size() == 12);
  CHECK(red->week_at == at(8 * week));
  CHECK(blue->direction == "falling");
  CHECK(blue->authors_before == 96);
  CHECK_FALSE(blue->mentions.empty());
  CHECK_FALSE(find(moves, "light"));
  CHECK_FALSE(find(moves, "usual"));
  for (const auto& move : moves) CHECK((move.low > 1 || move.high < 1));
}

TEST_CASE("a place that is named along with what happened there does not rise by itself",
          "[insight][content][movers]") {
  for (const bool by_itself : {false, true}) {
    World world;
    std::mt19937 random(4);
    world.say(-day, "hello", "first");
    // One of forty a week speaks of the town; in the last week eight more do, at the repair café or of what
    // everybody speaks of; another eight are at the café elsewhere.
    for (int w = 0; w < 9; ++w)
      for (int i = 0; i < 40; ++i) {
        std::string text = "it works as usual";
        if (i == 0) text = "slow evening in estermouth";
        if (w == 8 && i >= 1 && i < 9)
          text = by_itself ? "it works as usual, estermouth" : "great repair cafe of yours, estermouth";
        if (w == 8 && i >= 9 && i < 17) text = "great repair cafe of yours, harwick";
        world.say(w * week + static_cast<std::int64_t>(random() % week), text,
                  "p" + std::to_string(w) + "-" + std::to_string(i));
      }
    world.store();
    const auto moves = *insight::term_job(world.input(9 * week));
    for (const auto& move : moves) UNSCOPED_INFO(move.term << " " << move.direction << " " << move.authors);
    CHECK(std::ranges::any_of(
        moves, [](const auto& move) { return move.term.find("repair cafe") != std::string::npos; }));
    const bool town = std::ranges::any_of(
        moves, [](const auto& move) { return move.term.find("estermouth") != std::string::npos; });
    CHECK(town == by_itself);
  }
}

TEST_CASE("one who writes often moves nothing, nor does a text that is passed on, nor a month of history",
          "[insight][content][movers]") {
  World world;
  for (int w = 0; w < 9; ++w)
    for (int i = 0; i < 30; ++i)
      world.say(w * week + i, "it works as usual", "p" + std::to_string(w * 100 + i));
  for (int i = 0; i < 30; ++i) {
    world.say(8 * week + 100 + i, "green sofa", "ann");
    auto& copy = world.say(8 * week + 200 + i, "please share: the yellow door of that shop is open tonight",
                           "c" + std::to_string(i));
    copy.fingerprint = 9;
  }
  world.store();
  CHECK(insight::term_job(world.input(9 * week))->empty());
  CHECK(insight::term_job(world.input(3 * week))->empty());
}

TEST_CASE("return on relationship is the sum of its parts, fades by half, and counts a day once",
          "[insight][content][ror]") {
  const auto half = Milliseconds(std::chrono::days(90));
  const auto bond = [](const char* kind, int days_ago, std::uint64_t author) {
    return store::BondRow{
        .kind = kind, .mention = identity::make_id(at(1000 * day - days_ago * day), 1), .author_key = author};
  };
  const auto now = at(1000 * day);
  const auto one = insight::count_ror({bond("recommend", 0, 1)}, now, half);
  CHECK(one.points == Approx(3));
  CHECK(insight::count_ror({bond("recommend", 90, 1)}, now, half).points == Approx(1.5));
  CHECK(insight::count_ror({bond("thank", 0, 1), bond("thank", 0, 1)}, now, half).points == Approx(1));
  CHECK(insight::count_ror({bond("thank", 0, 1), bond("thank", 0, 2)}, now, half).points == Approx(2));
  CHECK(insight::count_ror({}, now, half).per_thousand() == 0);
  std::mt19937 random(5);
  for (int round = 0; round < 30; ++round) {
    std::vector<store::BondRow> bonds;
    for (int i = 0; i < 40; ++i)
      bonds.push_back(bond(insight::bond_weights[random() % 4].kind.data(), static_cast<int>(random() % 400),
                           1 + random() % 9));
    const auto all = insight::count_ror(bonds, now, half);
    double parts = 0, people = 0;
    for (const auto& part : all.components) parts += part.points;
    for (const auto& person : all.people) people += person.points;
    CHECK(all.points == Approx(parts));
    CHECK(all.points == Approx(people));
    // Whatever is done beside it makes it no smaller.
    bonds.push_back(bond("defend", 1, 77));
    CHECK(insight::count_ror(bonds, now, half).points > all.points);
  }
}
