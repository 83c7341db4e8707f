#include <catch2/catch.hpp>

#include "core/model/verdict.hpp"
#include "insight/incident_detect.hpp"
#include "insight/incident_story.hpp"

using namespace earshot;
using namespace earshot::insight;

namespace {

constexpr std::int64_t hour = 3'600'000, first_hour = 20'514 * 24, weeks = 4;
constexpr std::uint64_t bit(IssueType type) { return std::uint64_t{1} << static_cast<unsigned>(type); }

/// Four quiet weeks with one billing complaint every six hours, to which tests add.
struct World {
  std::vector<Trouble> troubles;
  std::vector<bool> left_out = std::vector<bool>(168 * weeks, false);

  World() {
    for (std::int64_t h = 0; h < 168 * weeks; h += 6)
      add((first_hour + h) * hour, 1000 + static_cast<std::uint64_t>(h), bit(IssueType::billing));
  }
  void add(std::int64_t at_ms, std::uint64_t author, std::uint64_t issues, bool echo = false) {
    troubles.push_back({.at_ms = at_ms, .author = author, .issues = issues, .echo = echo});
  }
  /// `count` authors, one a minute.
  void burst(std::int64_t at_ms, int count, std::uint64_t issues, std::uint64_t author = 1) {
    for (int i = 0; i < count; ++i) add(at_ms + i * 60'000, author + static_cast<std::uint64_t>(i), issues);
  }
  std::vector<FoundIncident> run() {
    std::ranges::stable_sort(troubles, {}, &Trouble::at_ms);
    for (std::size_t i = 0; i < troubles.size(); ++i)
      troubles[i].id = MentionId{static_cast<std::int64_t>(i) + 1};
    return detect_incidents({.troubles = troubles,
                             .first_hour = first_hour,
                             .end_hour = first_hour + 168 * weeks,
                             .left_out = left_out});
  }
  static std::int64_t at(std::int64_t day, std::int64_t h) { return (first_hour + day * 24 + h) * hour; }
};

}  // namespace

TEST_CASE("quiet weeks have no incident", "[insight][incident]") { CHECK(World().run().empty()); }

TEST_CASE("one author who writes often is no incident, many who write once are", "[insight][incident]") {
  World loud;
  for (int i = 0; i < 40; ++i) loud.add(World::at(20, 9) + i * 60'000, 7, bit(IssueType::outage));
  CHECK(loud.run().empty());
  World many;
  many.burst(World::at(20, 9), 12, bit(IssueType::outage));
  const auto found = many.run();
  REQUIRE(found.size() == 1);
  CHECK(found[0].issue == static_cast<std::uint8_t>(IssueType::outage));
  CHECK(found[0].authors == 12);
  CHECK(found[0].started_ms == World::at(20, 9));
  CHECK(found[0].fired.at_ms == World::at(20, 9) + 4 * 60'000);  // the fifth author
  CHECK(found[0].fired.deviation.threshold == Approx(5));
}

TEST_CASE("echoes raise severity, not the count", "[insight][incident]") {
  World world;
  world.burst(World::at(20, 9), 4, bit(IssueType::outage));
  for (int i = 0; i < 50; ++i)
    world.add(World::at(20, 9) + i * 30'000, 500 + static_cast<std::uint64_t>(i), bit(IssueType::outage),
              true);
  CHECK(world.run().empty());
  world.burst(World::at(20, 9) + 10 * 60'000, 4, bit(IssueType::outage), 50);
  const auto found = world.run();
  REQUIRE(found.size() == 1);
  CHECK(found[0].authors == 8);
  CHECK(found[0].echoes > 20);
  auto silent = found[0];
  silent.echoes = 0;
  CHECK(severity_of(found[0], 1).score() > severity_of(silent, 1).score());
}

TEST_CASE("related issues of the same hours are one incident", "[insight][incident]") {
  World world;
  world.burst(World::at(20, 9), 10, bit(IssueType::outage));
  world.burst(World::at(20, 9) + 30'000, 8, bit(IssueType::bug), 100);
  world.burst(World::at(20, 10), 8, bit(IssueType::customer_service) | bit(IssueType::outage), 4);
  const auto found = world.run();
  REQUIRE(found.size() == 1);
  CHECK((found[0].issues & (bit(IssueType::outage) | bit(IssueType::bug))) ==
        (bit(IssueType::outage) | bit(IssueType::bug)));
}

TEST_CASE("six quiet hours end an incident", "[insight][incident]") {
  World world;
  world.burst(World::at(20, 9), 10, bit(IssueType::outage));
  world.burst(World::at(20, 14), 10, bit(IssueType::outage), 100);
  world.burst(World::at(21, 3), 10, bit(IssueType::outage), 200);
  const auto found = world.run();
  REQUIRE(found.size() == 2);
  CHECK(found[0].authors == 20);
  CHECK(found[1].started_ms == World::at(21, 3));
}

TEST_CASE("a problem in many words is found by all troubles together", "[insight][incident]") {
  World world;
  for (std::uint8_t i = 0; i < 20; ++i)
    world.add(World::at(20, 9) + i * 60'000, i + 1U,
              i % 5 == 0 ? bit(IssueType::outage)
                         : bit(static_cast<IssueType>(3 + i % 12)) | bit(IssueType::other));
  const auto found = world.run();
  REQUIRE(found.size() == 1);
  CHECK(found[0].authors == 20);
}

TEST_CASE("nothing is unusual before two days were heard, and gaps are not quiet hours",
          "[insight][incident]") {
  World young;
  young.burst(World::at(1, 2), 20, bit(IssueType::outage));
  CHECK(young.run().empty());
  World deaf;
  deaf.burst(World::at(20, 9), 12, bit(IssueType::outage));
  for (std::size_t h = 0; h < 20 * 24; ++h) deaf.left_out[h] = true;
  CHECK(deaf.run().empty());
}

TEST_CASE("what is told later does not move the moment of detection", "[insight][incident]") {
  World early, late;
  early.burst(World::at(20, 9), 8, bit(IssueType::outage));
  late.burst(World::at(20, 9), 8, bit(IssueType::outage));
  late.burst(World::at(20, 11), 60, bit(IssueType::outage) | bit(IssueType::bug), 100);
  CHECK(early.run()[0].fired.at_ms == late.run()[0].fired.at_ms);
  CHECK(late.run()[0].peak.deviation.observed > 50);
}

TEST_CASE("copies are echoes when long, and within a week", "[insight][incident]") {
  std::vector<Trouble> list(5);
  for (std::size_t i = 0; i < list.size(); ++i) list[i].at_ms = static_cast<std::int64_t>(i) * 100 * hour;
  mark_echoes(list, {9, 9, 8, 8, 9}, {80, 80, 20, 20, 80});
  CHECK_FALSE(list[0].echo);
  CHECK(list[1].echo);
  CHECK_FALSE(list[3].echo);  // "fernwave down" twice is two people
  CHECK_FALSE(list[4].echo);  // 300 hours later
}

TEST_CASE("reasons are phrases that several share, in their longest common form", "[insight][incident]") {
  std::vector<store::MentionRow> mentions;
  const char* texts[] = {"red light since the 4.2 update, no internet",
                         "Dead since the 4.2 update!",
                         "since the 4.2 update it is gone",
                         "because reasons",
                         "nothing since yesterday evening",
                         "After the storm. Nothing",
                         "since yesterday evening: nothing"};
  for (std::size_t i = 0; i < std::size(texts); ++i)
    mentions.push_back({.text = texts[i], .author_key = i + 1});
  mentions.push_back(mentions.front());
  const auto reasons = shared_reasons(mentions, "Fernwave");
  REQUIRE(reasons.size() == 2);
  CHECK(reasons[0].phrase == "since the 4.2 update");
  CHECK(reasons[0].authors == 3);
  CHECK(reasons[1].phrase == "since yesterday evening");
}
