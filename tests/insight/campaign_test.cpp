// What a campaign makes of baselines and incidents: expected talk is expected, complaints are heard.
#include <catch2/catch.hpp>

#include "insight/campaign_talk.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr std::int64_t hour = 60, day = 24 * hour, week = 7 * day;

Timestamp at(std::int64_t minute) { return from_ms(monday_ms + minute * 60'000); }

insight::JobInput input(Fixture& f, store::Reader& reader, std::int64_t minute) {
  return {.reader = reader, .brand = f.brand, .brand_name = "Fernwave", .now = at(minute), .names = {}};
}

/// Two mentions an hour for five weeks, and ten more in every hour of the third.
void fill(Fixture& f) {
  std::vector<store::ScoredMention> items;
  for (int h = 0; h < 5 * 168; ++h)
    for (int n = 0; n < (h / 168 == 2 ? 12 : 2); ++n) {
      const auto id = std::to_string(h) + "-" + std::to_string(n);
      items.push_back(scored(mention(id, h * hour + n, "Fernwave " + id, "a" + id), f.brand,
                             Polarity::neutral, IssueType::other));
    }
  f.write(std::move(items));
}

double usual_volume(Fixture& f) {
  auto reader = *f.store->reader();
  for (const auto& row : *insight::baseline_job(input(f, *reader, 5 * week)))
    if (row.metric == "volume" && !row.source && row.hour_of_week == 40) return row.centre;
  return -1;
}

/// Twelve people within an hour of the fourth week, who sound negative.
void burst(Fixture& f, const std::string& text, bool complains) {
  std::vector<store::ScoredMention> items;
  for (int n = 0; n < 12; ++n) {
    const auto id = std::to_string(n);
    auto item = scored(mention("burst" + id, 4 * week + 600 + n * 3, text + " " + id, "p" + id), f.brand,
                       Polarity::negative, IssueType::price);
    item.verdicts[0].verdict.complaint = complains;
    item.fingerprint = static_cast<std::uint64_t>(n) + 100;
    items.push_back(std::move(item));
  }
  f.write(std::move(items));
}

std::size_t incidents(Fixture& f) {
  auto reader = *f.store->reader();
  return insight::incident_job(input(f, *reader, 4 * week + day))->size();
}

void add_campaign(Fixture& f, std::int64_t from, std::int64_t to) {
  REQUIRE(f.store->decide_campaign(
      {.brand = f.brand, .name = "Unlimited Roaming Summer", .from = at(from), .to = at(to), .at = at(0)}));
}

}  // namespace

TEST_CASE("campaign hours leave the baseline, long ones and whole histories do not", "[insight][campaign]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f);
  const auto with_spike = usual_volume(f);
  add_campaign(f, 2 * week, 3 * week);
  CHECK(usual_volume(f) == 2);
  CHECK(usual_volume(f) <= with_spike);

  const auto hours_of = [](std::int64_t from, std::optional<Timestamp> to) {
    const std::vector<store::CampaignRow> all = {{.from = at(from), .to = to}};
    const auto first = insight::hour_index(at(0));
    return insight::campaign_hours(all, first, first + 5 * 168).size();
  };
  CHECK(hours_of(2 * week, at(3 * week)) == 168);
  CHECK(hours_of(-week, at(week)) == 168);              // only what was heard
  CHECK(hours_of(4 * week + 30, std::nullopt) == 168);  // it goes on
  CHECK(hours_of(0, at(4 * week)) == 0);                // less than half would remain
  CHECK(hours_of(-8 * week, at(week)) == 0);            // how things are
}

TEST_CASE("talk of a campaign is no incident; without the campaign it is", "[insight][campaign][incident]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f);
  burst(f, "Fernwave and its unlimited roaming summer, on every bus, help", false);
  CHECK(incidents(f) == 1);
  add_campaign(f, 4 * week, 5 * week);
  CHECK(incidents(f) == 0);
}

TEST_CASE("complaints about a campaign are an incident all the same, and so is other trouble",
          "[insight][campaign][incident]") {
  const auto complains = GENERATE(true, false);
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f);
  add_campaign(f, 4 * week, 5 * week);
  burst(f,
        complains ? "Fernwave unlimited roaming summer is a fraud, give it back"
                  : "Fernwave dead slow again tonight",
        complains);
  CHECK(incidents(f) == 1);
}

TEST_CASE("a campaign that is over mutes nothing", "[insight][campaign][incident]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f);
  add_campaign(f, 3 * week, 4 * week);
  burst(f, "Fernwave and its unlimited roaming summer, on every bus, help", false);
  CHECK(incidents(f) == 1);
}
