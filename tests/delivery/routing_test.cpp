#include "delivery/routing.hpp"

#include <catch2/catch.hpp>

#include "core/base/time_format.hpp"

using namespace earshot;
using namespace earshot::delivery;
using namespace std::chrono_literals;

namespace {

Timestamp at(const char* text) { return *parse_rfc3339(text); }

Message message(int severity, std::string kind = "incident_opened", std::string brand = "Acme") {
  return {.kind = std::move(kind),
          .brand = std::move(brand),
          .issue = "outage",
          .severity = severity,
          .authors = 10};
}

const Route plain{.to = {"a"}};

}  // namespace

TEST_CASE("the first route that leads there decides", "[delivery][routing]") {
  const std::vector<Route> routes = {{.to = {"a"}, .kinds = {"incident_opened"}, .severity_min = 8},
                                     {.to = {"a", "b"}, .brands = {"acme"}, .severity_min = 3},
                                     {.to = {"b"}, .issues = {"billing"}},
                                     {.to = {"c"}, .authors_min = 11}};
  CHECK(route_for(routes, "a", message(9), false) == &routes[0]);
  CHECK(route_for(routes, "a", message(5), false) == &routes[1]);
  CHECK(route_for(routes, "a", message(2), false) == nullptr);
  CHECK(route_for(routes, "b", message(2), false) == nullptr);
  CHECK(route_for(routes, "b", message(5, "incident_opened", "Other"), false) == nullptr);
  CHECK(route_for(routes, "c", message(9), false) == nullptr);
  CHECK(route_for(routes, "nowhere", message(9), false) == nullptr);
  // Who was told that it began is told that it is over, however small it is by now.
  CHECK(route_for(routes, "a", message(1, "incident_closed"), true) == &routes[1]);
  CHECK(route_for(routes, "a", message(1, "incident_closed"), false) == nullptr);
  // What is not said keeps nothing from anybody.
  CHECK(route_for(routes, "a", message(5, "incident_opened", ""), false) == &routes[1]);
}

TEST_CASE("whoever waits for an answer is told of only where that is asked for", "[delivery][routing]") {
  const std::vector<Route> routes = {{.to = {"a", "b"}},
                                     {.to = {"b"}, .kinds = {"waiting"}, .severity_min = 5}};
  CHECK(route_for(routes, "a", message(9, "waiting"), false) == nullptr);
  CHECK(route_for(routes, "b", message(9, "waiting"), false) == &routes[1]);
  CHECK(route_for(routes, "b", message(4, "waiting"), false) == nullptr);
}

TEST_CASE("a report goes its own way alone, and nothing else goes there", "[delivery][routing]") {
  const std::vector<Route> routes = {{.to = {"a"}, .report = "weekly"}, {.to = {"a", "b"}}};
  Message page{.kind = "report", .brand = "Acme", .report = "weekly"};
  CHECK(route_for(routes, "a", page, false) == &routes[0]);
  CHECK(route_for(routes, "b", page, false) == nullptr);
  CHECK(route_for(routes, "a", message(5), false) == &routes[1]);
  page.report = "daily";
  CHECK(route_for(routes, "a", page, false) == nullptr);
}

TEST_CASE("quiet hours hold back until they end, and what is urgent breaks through", "[delivery][routing]") {
  auto route = plain;
  route.quiet_hours = QuietHours{.from = 22 * 60, .to = 7 * 60, .zone = *TimeZone::find("Europe/Berlin")};
  route.urgent_severity = 9;
  const auto night = at("2026-11-27T21:30:00Z"),
             day = at("2026-11-27T12:00:00Z");  // 22:30 and 13:00 in Berlin
  CHECK(timing_of(route, message(5), {}, day).due_at == day);
  const auto held = timing_of(route, message(5), {}, night);
  CHECK(held.due_at == at("2026-11-28T06:00:00Z"));
  CHECK_FALSE(held.digest);
  CHECK(timing_of(route, message(9), {}, night).due_at == night);
  CHECK(held_until(route, message(5), at("2026-11-28T05:59:59Z")) == at("2026-11-28T06:00:00Z"));
  CHECK_FALSE(held_until(route, message(5), at("2026-11-28T06:00:00Z")));
  CHECK(QuietHours{.from = 60, .to = 120}.holds(at("2026-11-27T01:30:00Z")));
  CHECK_FALSE(QuietHours{.from = 60, .to = 120}.holds(at("2026-11-27T02:00:00Z")));
}

TEST_CASE("what people's labels do not bear out waits for the digest", "[delivery][routing]") {
  auto route = plain;
  route.precision_min = 70;
  route.urgent_severity = 9;
  const auto now = at("2026-11-27T12:00:00Z");
  CHECK_FALSE(timing_of(route, message(5), {.precision = {.labels = 19, .agreed = 0}}, now).digest);
  CHECK(timing_of(route, message(5), {.precision = {.labels = 20, .agreed = 13}}, now).digest);
  CHECK_FALSE(timing_of(route, message(5), {.precision = {.labels = 20, .agreed = 14}}, now).digest);
  CHECK_FALSE(timing_of(route, message(9), {.precision = {.labels = 20, .agreed = 0}}, now).digest);
  CHECK_FALSE(timing_of(plain, message(5), {.precision = {.labels = 20, .agreed = 0}}, now).digest);
}

TEST_CASE("over the budget and within a cool-down it goes into the digest", "[delivery][routing]") {
  auto route = plain;
  route.per_day = 3;
  route.cool_down = 2h;
  route.urgent_severity = 9;
  route.digest = {.minute = 8 * 60};
  const auto now = at("2026-11-27T12:00:00Z"), morning = at("2026-11-28T08:00:00Z");
  CHECK_FALSE(timing_of(route, message(5), {.today = 2}, now).digest);
  const auto over = timing_of(route, message(5), {.today = 3}, now);
  CHECK(over.digest);
  CHECK(over.due_at == morning);
  CHECK_FALSE(timing_of(route, message(9), {.today = 3}, now).digest);
  CHECK(timing_of(route, message(5), {.topic_at = now - 119min}, now).digest);
  CHECK_FALSE(timing_of(route, message(5), {.topic_at = now - 2h}, now).digest);
  CHECK(timing_of(route, message(5), {.thread = {.known = true, .in_digest = true}}, now).digest);
  route = plain;
  route.digest_only = true;
  CHECK(timing_of(route, message(5), {}, now).digest);
  const auto [since, until] = budget_day(route, now);
  CHECK(since == at("2026-11-27T00:00:00Z"));
  CHECK(until == at("2026-11-28T00:00:00Z"));
}
