#include "daemon/hydrate_schedule.hpp"

#include <catch2/catch.hpp>

#include "core/model/identity.hpp"

using namespace earshot;
using namespace earshot::daemon;
using std::chrono::hours;

namespace {

const auto start = from_ms(1'776'083'057'000);
constexpr auto month = hours(24 * 30);

MentionId at(Timestamp time) { return identity::make_id(time, 0); }

/// Runs the schedule for a while, doing everything that is due every quarter of an hour; when a mention
/// written at `start` would be read.
std::vector<hours> readings(const HydratePlan& plan, hours span) {
  auto progress = HydrateProgress::begin(plan, start);
  std::vector<hours> out;
  const auto mine = at(start + std::chrono::minutes(1));
  auto read_at = start + std::chrono::minutes(1);
  for (auto now = start; now < start + span; now += std::chrono::minutes(15))
    for (const auto& range : ranges_due(progress, plan, now)) {
      if (range.after < mine && mine <= range.up_to && read_at < range.read_before) {
        out.push_back(std::chrono::duration_cast<hours>(now - start));
        read_at = now;
      }
      advance(progress, range, range.up_to);
    }
  return out;
}

}  // namespace

TEST_CASE("young mentions are read at their ages, old ones within the platform's window",
          "[daemon][hydrate]") {
  CHECK(hydrate_plan(24, month).ages ==
        std::vector<std::chrono::milliseconds>{hours(1), hours(6), hours(24)});
  CHECK(hydrate_plan(48, month).ages ==
        std::vector<std::chrono::milliseconds>{hours(1), hours(6), hours(24), hours(72)});
  CHECK(hydrate_plan(std::nullopt, month).ages.size() == 5);
  CHECK(hydrate_plan(std::nullopt, hours(7)).ages.size() == 2);

  for (const auto window : {24, 48, 240}) {
    CAPTURE(window);
    const auto read = readings(hydrate_plan(window, month), hours(24 * 29));
    REQUIRE(read.size() >= 5);
    CHECK(read[0] == hours(1));
    CHECK(read[1] == hours(6));
    CHECK(read[2] == hours(24));
    for (std::size_t i = 1; i < read.size(); ++i) CHECK(read[i] - read[i - 1] <= hours(window));
    CHECK(hours(24 * 29) - read.back() <= hours(window));
  }
}

TEST_CASE("mentions that are too old are left alone", "[daemon][hydrate]") {
  const auto plan = hydrate_plan(24, hours(24 * 3));
  const auto read = readings(plan, hours(24 * 12));
  REQUIRE_FALSE(read.empty());
  CHECK(read.back() <= hours(24 * 4));
}

TEST_CASE("what was there before the first start is read by the first round", "[daemon][hydrate]") {
  const auto plan = hydrate_plan(48, month);
  auto progress = HydrateProgress::begin(plan, start);
  const auto due = ranges_due(progress, plan, start);
  REQUIRE(due.size() == 1);
  CHECK_FALSE(due[0].age);
  CHECK(due[0].after == at(start - month));
  CHECK(due[0].up_to == at(start - hours(72)));
}

TEST_CASE("progress is written and read, and damage is told", "[daemon][hydrate]") {
  const auto plan = hydrate_plan(48, month);
  auto progress = HydrateProgress::begin(plan, start);
  progress.gone_streak = 4;
  progress.proven = true;
  progress.control_at = start;
  const auto read = HydrateProgress::read(progress.write());
  REQUIRE(read);
  CHECK(*read == progress);
  for (const auto* bad : {"", "[]", "{}", R"({"reached":{"x":1},"pass_began":1,"pass_reached":2})",
                          R"({"reached":{"-5":1},"pass_began":1,"pass_reached":2})",
                          R"({"reached":{"5":"a"},"pass_began":1,"pass_reached":2})"}) {
    CAPTURE(bad);
    const auto broken = HydrateProgress::read(Cursor{.json = bad});
    REQUIRE_FALSE(broken);
    CHECK(broken.error().kind == ErrorKind::cursor_invalid);
  }
  CHECK_FALSE(HydrateProgress::read(Cursor{.schema = 2, .json = progress.write().json}));
}
