// Mentions of a finding: what is read of many, and what is written when the jobs find them again.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using store::Members;

namespace {

const Timestamp now = from_ms(1'780'000'000'000);

std::vector<MentionId> ids(std::int64_t first, std::size_t count) {
  std::vector<MentionId> out;
  for (auto id = first; out.size() < count; ++id) out.push_back(MentionId{id});
  return out;
}

store::IncidentRow outage(std::vector<MentionId> members) {
  return {.issue = 3,
          .state = "open",
          .title = "outage",
          .severity = 3,
          .started_at = now - std::chrono::hours(3),
          .detected_at = now - std::chrono::hours(2),
          .last_at = now,
          .authors = 9,
          .mentions = static_cast<std::int64_t>(members.size()),
          .details = "{}",
          .members = std::move(members)};
}

store::IdeaRow question(std::vector<MentionId> members) {
  return {.key = "reset", .title = "How do I reset it?", .details = "{}", .members = std::move(members)};
}

}  // namespace

TEST_CASE("a finding's mentions are read whole, the newest alone, or not at all", "[store][findings]") {
  TempDir dir;
  auto f = fresh(dir);
  auto members = ids(1'000, store::members_newest_max + 50);
  std::ranges::reverse(members);  // as they come, so they may go in
  const std::vector incidents{outage(members)};
  const std::vector ideas{question(members)};
  REQUIRE(f.store->write_incidents(f.brand, incidents, now));
  REQUIRE(f.store->write_ideas(f.brand, ideas, now));
  auto reader = *f.store->reader();
  const auto of_incident = [&](Members which) {
    return reader->incidents(f.brand, from_ms(0), now, which)->at(0).members;
  };
  const auto of_idea = [&](Members which) { return reader->ideas(f.brand, 5, which)->at(0).members; };
  const auto whole = ids(1'000, store::members_newest_max + 50);
  const auto newest = ids(1'050, store::members_newest_max);
  CHECK(of_incident(Members::yes) == whole);
  CHECK(of_idea(Members::yes) == whole);
  CHECK(of_incident(Members::newest) == newest);
  CHECK(of_idea(Members::newest) == newest);
  CHECK(of_incident(Members::no).empty());
  CHECK(of_idea(Members::no).empty());
  const auto id = reader->incidents(f.brand, from_ms(0), now)->at(0).id;
  CHECK(reader->incident(id)->members == whole);
}

TEST_CASE("of a finding that is found again only what came and went is written", "[store][findings]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto log = dir.file("earshot.db-wal");
  const std::vector first{outage(ids(1'000, 50'000))};
  REQUIRE(f.store->write_incidents(f.brand, first, now));
  const auto written = std::filesystem::file_size(log);
  REQUIRE(written > 500'000);
  REQUIRE(f.store->checkpoint());
  REQUIRE(f.store->write_incidents(f.brand, first, now));
  CHECK(std::filesystem::file_size(log) < written / 10);

  auto members = ids(1'001, 49'999);  // the first went, one comes in between and named twice
  members.push_back(MentionId{900});
  members.push_back(MentionId{900});
  REQUIRE(f.store->write_incidents(f.brand, std::vector{outage(members)}, now));
  auto expected = ids(1'001, 49'999);
  expected.insert(expected.begin(), MentionId{900});
  auto reader = *f.store->reader();
  CHECK(reader->incidents(f.brand, from_ms(0), now)->at(0).members == expected);
}
