#include <catch2/catch.hpp>

#include "insight/dialogue.hpp"
#include "insight/summary.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

Result<std::vector<store::IdeaRow>> ideas_of(const insight::JobInput& in) {
  const auto dialogue = insight::read_dialogue(in);
  REQUIRE(dialogue);
  return insight::idea_job(in, *dialogue);
}

constexpr std::int64_t day = 24 * 60, week = 7 * day;

insight::JobInput input(Fixture& f, store::Reader& reader, std::int64_t minute) {
  return {.reader = reader,
          .brand = f.brand,
          .brand_name = "Fernwave",
          .now = from_ms(monday_ms + minute * 60'000)};
}

Timestamp at(std::int64_t minute) { return from_ms(monday_ms + minute * 60'000); }

/// Two mentions every hour, one negative and one positive, for four weeks; `f.source` is the only source.
void fill(Fixture& f) {
  std::vector<store::ScoredMention> items;
  for (int hour = 0; hour < 4 * 168; ++hour) {
    const auto id = std::to_string(hour);
    items.push_back(scored(mention("a" + id, hour * 60 + 5, "bad", "ann" + id), f.brand));
    items.push_back(scored(mention("b" + id, hour * 60 + 6, "good", "bob" + id), f.brand, Polarity::positive,
                           IssueType::praise));
  }
  f.write(std::move(items));
}

const store::BaselineRow* find(const std::vector<store::BaselineRow>& rows, SourceId source,
                               const std::string& metric, int slot) {
  for (const auto& row : rows)
    if (row.source == source && row.metric == metric && row.hour_of_week == slot) return &row;
  return nullptr;
}

}  // namespace

TEST_CASE("baselines per source and for all, for every hour of the week", "[insight][baseline]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f);
  auto reader = *f.store->reader();
  const auto rows = *insight::baseline_job(input(f, *reader, 4 * week));
  CHECK(rows.size() == 2 * 4 * 168);
  for (const auto source : {SourceId{}, f.source}) {
    CHECK(find(rows, source, "volume", 30)->centre == 2);
    CHECK(find(rows, source, "volume", 30)->weeks == 4);
    CHECK(find(rows, source, "authors", 30)->centre == 2);
    CHECK(find(rows, source, "net_sentiment", 30)->centre == 0);
    CHECK(find(rows, source, "negative_author_share", 30)->centre == 0.5);
  }
  REQUIRE(f.store->write_baseline(f.brand, rows, at(0)));
  CHECK(reader->baseline(f.brand, SourceId{}, "volume")->size() == 168);
}

TEST_CASE("hours inside a gap leave the baseline", "[insight][baseline]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f);
  REQUIRE(f.store->add_gap(f.source, "tag:fernwave",
                           Gap{.from = at(30 * 60 + 20), .to = at(32 * 60), .reason = "outage"}));
  auto reader = *f.store->reader();
  const auto rows = *insight::baseline_job(input(f, *reader, 4 * week));
  CHECK(find(rows, f.source, "volume", 30)->weeks == 3);
  CHECK(find(rows, SourceId{}, "volume", 31)->weeks == 3);
  CHECK(find(rows, f.source, "volume", 32)->weeks == 4);
}

TEST_CASE("an empty store has no findings and an empty summary", "[insight]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto reader = *f.store->reader();
  const auto in = input(f, *reader, week);
  CHECK(insight::baseline_job(in)->empty());
  CHECK(insight::incident_job(in)->empty());
  CHECK(ideas_of(in)->empty());
  const auto summary = *insight::summarise(in, at(0), at(week));
  CHECK(summary.total.mentions == 0);
  CHECK_FALSE(summary.total.net_sentiment());
  CHECK(summary.days.size() == 7);
  CHECK_FALSE(insight::summarise(in, at(1), at(1)));
}

TEST_CASE("the summary adds up", "[insight][summary]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f);
  const auto rival = *f.store->ensure_brand("Quillnet");
  auto unknown =
      scored(mention("x", 4 * week - 30, "ni dobro", "eve"), f.brand, Polarity::unscored, IssueType::bug);
  unknown.verdicts[0].verdict.lang = "sl";
  auto own = scored(mention("own", 4 * week - 29, "sorry", "help"), f.brand, Polarity::neutral);
  own.verdicts[0].match = MatchKind::own;
  f.write({unknown, own, scored(mention("q", 4 * week - 28, "Quillnet", "zed"), rival)});
  REQUIRE(f.store->add_gap(f.source, "tag:fernwave",
                           Gap{.from = at(3 * week), .to = at(3 * week + 120), .reason = "outage"}));
  auto reader = *f.store->reader();
  const auto s = *insight::summarise(input(f, *reader, 4 * week), at(2 * week), at(4 * week));
  CHECK(s.total.mentions == 2 * 2 * 168 + 1);
  CHECK(s.total.own == 1);
  CHECK(s.total.unscored == 1);
  CHECK(s.total.net_sentiment() == 0.0);
  CHECK(s.total.negative_share() == 0.5);
  CHECK(s.days.size() == 14);
  REQUIRE(s.weeks.size() == 2);
  CHECK(s.weeks[0].from == at(2 * week));
  CHECK(s.weeks[0].mentions == 336);
  CHECK(s.weeks[1].gap_hours == 2);
  CHECK(s.volume.value == 337.0);
  CHECK(s.volume.usual == 336);
  CHECK(s.volume.weeks == 3);
  CHECK(s.net_sentiment.usual == 0);
  REQUIRE(s.sources.size() == 1);
  CHECK(s.sources[0].gap_hours == 2);
  CHECK(s.gaps.size() == 1);
  const auto outage = std::ranges::find(s.issues, "outage", &insight::IssueSummary::name);
  REQUIRE(outage != s.issues.end());
  CHECK(outage->mentions == 336);
  CHECK(outage->week.usual == 168);
  CHECK(s.languages.size() == 2);
  CHECK(s.languages[1].unscored == 1);
  REQUIRE(s.share_of_voice.size() == 2);
  CHECK(s.share_of_voice[0].brand == "Fernwave");
  CHECK(s.share_of_voice[0].share == Approx(673.0 / 674));
}

TEST_CASE("the summary tells products apart, within its period", "[insight][summary]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  const auto rival = *f.store->ensure_brand("Quillnet");
  const auto hub = [&](const char* id, std::int64_t minute, BrandId brand, Polarity polarity) {
    return with_product(scored(mention(id, minute), brand), "Hub", polarity);
  };
  f.write({hub("early", 5, f.brand, Polarity::positive), hub("1", week + 1, f.brand, Polarity::negative),
           hub("2", week + 2, f.brand, Polarity::neutral), hub("3", week + 3, f.brand, Polarity::negative),
           hub("4", week + 4, f.brand, Polarity::unscored),
           hub("theirs", week + 5, rival, Polarity::positive),
           with_product(scored(mention("5", week + 6), f.brand), "Play", Polarity::unscored)});
  auto reader = *f.store->reader();
  const auto s = *insight::summarise(input(f, *reader, 2 * week), at(week), at(2 * week));
  REQUIRE(s.products.size() == 2);
  CHECK(s.products[0].product == "Hub");
  CHECK(s.products[0].mentions == 4);
  CHECK(s.products[0].negative == 2);
  CHECK(s.products[0].net_sentiment.value_or(0) == Approx(-2.0 / 3));
  CHECK(s.products[1].product == "Play");
  CHECK_FALSE(s.products[1].net_sentiment);
}

TEST_CASE("ideas keep their keys when askers join, and know what was answered", "[insight][ideas]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  const auto ask = [&](const std::string& id, std::int64_t minute, const std::string& text,
                       const std::string& author) {
    auto item = scored(mention(id, minute, text, author), f.brand, Polarity::neutral, IssueType::how_to);
    item.verdicts[0].verdict.question = true;
    return item;
  };
  auto reply = scored(mention("r", 200, "here you are", "fernwavehelp"), f.brand, Polarity::neutral);
  reply.verdicts[0].match = MatchKind::own;
  reply.mention.in_reply_to = "https://social.example/1";
  f.write({ask("1", 10, "how do I export Fernwave invoices as csv?", "ann"),
           ask("2", 20, "csv of my bills, Fernwave?", "bob"),
           ask("3", 30, "is there an export of bills to excel", "cy"),
           ask("4", 40, "wifi password, where?", "di"), ask("5", 50, "where is the wlan key", "eve"), reply});
  auto reader = *f.store->reader();
  auto ideas = *ideas_of(input(f, *reader, week));
  REQUIRE(ideas.size() == 1);  // two askers of the password are too few
  CHECK(ideas[0].askers == 3);
  CHECK(ideas[0].unanswered == 2);
  CHECK(ideas[0].members.size() == 3);
  CHECK(ideas[0].details.find("\"per_week\":[0,0,0,0,0,0,0,3]") != std::string::npos);
  const auto key = ideas[0].key;
  REQUIRE(f.store->write_ideas(f.brand, ideas, at(week)));
  f.write({ask("6", week + 10, "my accountant wants the tax table: csv bills?", "flo"),
           ask("7", week + 20, "accountant asks for excel bills, tax table", "gus")});
  ideas = *ideas_of(input(f, *reader, 2 * week));
  REQUIRE(ideas.size() == 1);
  CHECK(ideas[0].askers == 5);
  CHECK(ideas[0].key == key);
}

TEST_CASE("an incident that was told keeps its identity when older reports come in late",
          "[insight][incident]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f);
  const auto burst = [&](const std::string& name, std::int64_t minute) {
    std::vector<store::ScoredMention> items;
    for (int i = 0; i < 15; ++i)
      items.push_back(
          scored(mention(name + std::to_string(i), minute + i, "no light at all", name + std::to_string(i)),
                 f.brand));
    f.write(std::move(items));
  };
  burst("late", 3 * week + 9 * 60 + 30);
  auto reader = *f.store->reader();
  const auto told = *insight::incident_job(input(f, *reader, 3 * week + 10 * 60));
  REQUIRE(told.size() == 1);
  CHECK(told[0].state == "open");
  CHECK(told[0].detected_at == at(3 * week + 9 * 60));
  REQUIRE(f.store->write_incidents(f.brand, told, at(0)));
  burst("early", 3 * week + 8 * 60 + 20);  // another source catches up
  const auto again = *insight::incident_job(input(f, *reader, 4 * week));
  REQUIRE(again.size() == 1);
  CHECK(again[0].detected_at == told[0].detected_at);
  CHECK(again[0].started_at < told[0].started_at);
  CHECK(again[0].state == "closed");
}
