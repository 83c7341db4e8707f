#include "analysis/people/business_hours.hpp"

#include <catch2/catch.hpp>

#include "core/base/time_format.hpp"

using namespace earshot;
using namespace earshot::analysis;
using namespace std::chrono_literals;

namespace {

Timestamp at(const char* text) { return *parse_rfc3339(text); }

BusinessHours shop() {
  BusinessHours out{.zone = *TimeZone::find("Europe/Berlin")};
  REQUIRE(out.add("mon-fri 08:00-20:00"));
  REQUIRE(out.add("sat 9-14"));
  // Friday, 25 December 2026.
  out.holidays = {at("2026-12-25T00:00:00Z").time_since_epoch() / 24h};
  return out;
}

}  // namespace

TEST_CASE("only open time counts", "[analysis][people][hours]") {
  const auto hours = shop();
  // Friday 19:00 to Saturday 10:00 in Berlin: one hour each.
  CHECK(hours.between(at("2026-11-27T18:00:00Z"), at("2026-11-28T09:00:00Z")) == 2h);
  // Saturday 15:00 to Monday 08:30.
  CHECK(hours.between(at("2026-11-28T14:00:00Z"), at("2026-11-30T07:30:00Z")) == 30min);
  CHECK(hours.between(at("2026-11-28T15:00:00Z"), at("2026-11-29T15:00:00Z")) == 0ms);
  CHECK(hours.between(at("2026-11-29T15:00:00Z"), at("2026-11-28T15:00:00Z")) == 0ms);
  // Over a holiday: Thursday 19:00 to Saturday 10:00.
  CHECK(hours.between(at("2026-12-24T18:00:00Z"), at("2026-12-26T09:00:00Z")) == 2h);
  // Clocks go forward in the night of Sunday, 29 March: Friday 19:00 to Monday 09:00.
  CHECK(hours.between(at("2026-03-27T18:00:00Z"), at("2026-03-30T07:00:00Z")) == 1h + 5h + 1h);
}

TEST_CASE("a target runs on in the next open hours", "[analysis][people][hours]") {
  const auto hours = shop();
  CHECK(hours.after(at("2026-11-27T18:00:00Z"), 2h) == at("2026-11-28T09:00:00Z"));
  CHECK(hours.after(at("2026-11-28T20:00:00Z"), 1h) == at("2026-11-30T08:00:00Z"));
  CHECK(hours.after(at("2026-12-24T18:30:00Z"), 1h) == at("2026-12-26T08:30:00Z"));
  for (const auto span : {1min, 90min, 1440min, 6000min}) {
    const auto from = at("2026-11-27T12:34:56Z");
    CHECK(hours.between(from, *hours.after(from, span)) == span);
  }
  BusinessHours never{.zone = {}};
  REQUIRE(never.add("mon 10:00-10:01"));
  CHECK_FALSE(never.after(at("2026-11-27T00:00:00Z"), 24h));
}

TEST_CASE("without hours it is always open", "[analysis][people][hours]") {
  const BusinessHours always;
  CHECK(always.always());
  CHECK(always.between(at("2026-11-28T15:00:00Z"), at("2026-11-29T15:00:00Z")) == 24h);
  CHECK(always.after(at("2026-11-28T15:00:00Z"), 24h) == at("2026-11-29T15:00:00Z"));
}

TEST_CASE("hours that make no sense are refused", "[analysis][people][hours]") {
  for (const auto* text : {"", "mon", "mon-fri", "mon 8", "mon 20:00-08:00", "mon 8:00-25:00",
                           "mon 08:60-09:00", "day 8-9", "mon- 8-9", "mon 8-9-10", "mon 8-8"}) {
    INFO(text);
    CHECK_FALSE(BusinessHours{}.add(text));
  }
  BusinessHours hours;
  REQUIRE(hours.add("fri-mon 00:00-24:00"));
  CHECK(hours.days[0].size() + hours.days[4].size() + hours.days[5].size() + hours.days[6].size() == 4);
  CHECK(hours.days[1].empty());
  CHECK_FALSE(hours.add("sun 9-10"));  // overlaps
}
