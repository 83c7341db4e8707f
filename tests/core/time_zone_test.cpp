#include "core/base/time_zone.hpp"

#include <catch2/catch.hpp>

#include "core/base/time_format.hpp"

using namespace earshot;

namespace {
Timestamp at(const char* text) { return *parse_rfc3339(text); }
}  // namespace

TEST_CASE("wall clocks follow their zone, summer time included", "[core][time_zone]") {
  const auto berlin = *TimeZone::find("Europe/Berlin");
  CHECK(berlin.minute_of_day(at("2026-11-27T21:30:00Z")) == 22 * 60 + 30);
  CHECK(berlin.minute_of_day(at("2026-07-27T21:30:00Z")) == 23 * 60 + 30);
  CHECK(berlin.next(at("2026-11-27T21:30:00Z"), 7 * 60) == at("2026-11-28T06:00:00Z"));
  CHECK(berlin.next(at("2026-11-28T06:00:00Z"), 7 * 60) == at("2026-11-29T06:00:00Z"));
  CHECK(berlin.day_start(at("2026-11-27T23:30:00Z")) == at("2026-11-27T23:00:00Z"));
  // 2026-03-29: clocks go from 02:00 to 03:00; 02:30 is not there and comes at the jump.
  CHECK(berlin.next(at("2026-03-29T00:00:00Z"), 2 * 60 + 30) == at("2026-03-29T01:00:00Z"));
  // 2026-10-25: 02:30 comes twice; the first counts, and the second is not another.
  CHECK(berlin.next(at("2026-10-25T00:00:00Z"), 2 * 60 + 30) == at("2026-10-25T00:30:00Z"));
  CHECK(berlin.next(at("2026-10-25T00:30:00Z"), 2 * 60 + 30) == at("2026-10-26T01:30:00Z"));
}

TEST_CASE("zones are found by name or offset, and nothing else is", "[core][time_zone]") {
  CHECK(TimeZone().minute_of_day(at("2026-11-27T21:30:00Z")) == 21 * 60 + 30);
  CHECK(TimeZone::find("UTC"));
  CHECK(TimeZone::find("+05:30")->minute_of_day(at("2026-11-27T21:30:00Z")) == 3 * 60);
  CHECK(TimeZone::find("-03:00")->minute_of_day(at("2026-11-27T01:30:00Z")) == 22 * 60 + 30);
  for (const char* wrong : {"", "Berlin", "Europe/Nowhere", "/etc/passwd", "../passwd", "Europe/../../x",
                            "file:UTC", "+25:00", "+5", "+05:60"})
    CHECK_FALSE(TimeZone::find(wrong));
}
