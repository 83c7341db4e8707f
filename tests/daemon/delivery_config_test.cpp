#include <catch2/catch.hpp>

#include "core/base/time_format.hpp"
#include "daemon/config.hpp"

using namespace earshot;
using namespace earshot::daemon;
using namespace std::chrono_literals;

namespace {

const std::string brand = "[[brand]]\nname = \"Acme\"\n";

std::string mistakes(const std::string& text) {
  const auto config = parse_config(brand + text, "e.toml");
  return config ? "" : config.error().message;
}

}  // namespace

TEST_CASE("destinations and routes are read with their defaults", "[daemon][config][delivery]") {
  const auto config = parse_config(brand + R"(
[[destination]]
name = "care"
kind = "webhook"
url = "https://hooks.example/x"
give_up_after = "3d"
[[destination]]
kind = "file"
path = "/var/lib/earshot/out.ndjson"
[[route]]
to = ["care", "file"]
kinds = ["incident_opened", "incident_closed"]
brands = ["acme"]
issues = ["outage"]
severity_min = 4
urgent_severity = 9
quiet_hours = "22:00-07:00 Europe/Berlin"
cool_down = "2h"
per_day = 10
precision_min = 70
[[route]]
to = "file"
digest = "daily 07:55 +05:30"
)",
                                   "e.toml");
  INFO((config ? "" : config.error().message));
  REQUIRE(config);
  const auto& all = config->delivery;
  REQUIRE(all.destinations.size() == 2);
  CHECK(all.destinations[0].give_up_after == 72h);
  CHECK(all.destinations[0].backlog == 24h);
  CHECK(all.destinations[0].interval == 1s);
  CHECK(all.destinations[1].name == "file");
  CHECK(all.destinations[1].give_up_after == 7 * 24h);
  REQUIRE(all.routes.size() == 2);
  const auto& first = all.routes[0];
  CHECK(first.severity_min == 4);
  CHECK(first.quiet_hours->from == 22 * 60);
  CHECK(first.quiet_hours->to == 7 * 60);
  CHECK(first.quiet_hours->holds(*parse_rfc3339("2026-11-27T21:30:00Z")));
  CHECK(first.cool_down == 2h);
  CHECK(first.per_day == 10);
  CHECK(first.precision_min == 70);
  CHECK_FALSE(first.digest_only);
  CHECK(first.digest.minute == 7 * 60);  // when the quiet hours end
  CHECK(all.routes[1].digest_only);
  CHECK(all.routes[1].digest.minute == 7 * 60 + 55);
}

TEST_CASE("a report is due when the clocks of its place say so", "[daemon][config][delivery]") {
  const std::string before = brand +
                             "[[destination]]\nkind = \"file\"\npath = \"/x\"\n[[report]]\nkind = "
                             "\"service\"\nto = [\"file\"]\nsend = \"";
  const auto due = [&](const std::string& send, const char* now) -> std::string {
    const auto config = parse_config(before + send + "\"\n", "e.toml");
    REQUIRE(config);
    const auto at = config->reports.front().last_due(*parse_rfc3339(now));
    return at ? format_rfc3339(*at) : "none";
  };
  // 2026-03-29 is a Sunday, on which clocks in Berlin are put forward at 02:00.
  CHECK(due("daily 07:55", "2026-03-29T07:54:59Z") == "2026-03-28T07:55:00Z");
  CHECK(due("daily 07:55", "2026-03-29T07:55:00Z") == "2026-03-29T07:55:00Z");
  CHECK(due("daily 07:55 Europe/Berlin", "2026-03-28T12:00:00Z") == "2026-03-28T06:55:00Z");
  CHECK(due("daily 07:55 Europe/Berlin", "2026-03-29T12:00:00Z") == "2026-03-29T05:55:00Z");
  CHECK(due("daily 02:30 Europe/Berlin", "2026-03-29T12:00:00Z") == "2026-03-29T01:00:00Z");
  CHECK(due("weekdays 07:55", "2026-03-29T12:00:00Z") == "2026-03-27T07:55:00Z");
  CHECK(due("mondays 09:00", "2026-03-29T12:00:00Z") == "2026-03-23T09:00:00Z");
  CHECK(due("sundays 09:00", "2026-03-29T12:00:00Z") == "2026-03-29T09:00:00Z");
  CHECK(due("monthly 00:00 +02:00", "2026-03-31T21:59:59Z") == "2026-02-28T22:00:00Z");
  CHECK(due("monthly 00:00 +02:00", "2026-03-31T22:00:00Z") == "2026-03-31T22:00:00Z");
  const auto config = parse_config(before + "daily 07:55\"\n", "e.toml");
  REQUIRE(config);
  CHECK(config->reports.front().name == "service");
  CHECK(config->reports.front().days == 14);
  CHECK(config->delivery.routes.front().report == "service");
}

TEST_CASE("every mistake of delivery has its place", "[daemon][config][delivery]") {
  const std::string file = "[[destination]]\nname = \"a\"\nkind = \"file\"\npath = \"/x\"\n";
  const std::string route = "[[route]]\nto = [\"a\"]\n";
  const std::string report = file + "[[report]]\nto = [\"a\"]\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {file, "e.toml:3:1: no [[route]] leads to the destination 'a'"},
      {route, "e.toml:3:1: there is no destination 'a'"},
      {file + "[[route]]\nto = [\"b\"]\n" + route, "there is no destination 'b'"},
      {file + file + route, "the name 'a' is used twice"},
      {"[[destination]]\nkind = \"slak\"\n" + route,
       "e.toml:4:8: destination: `kind` cannot be `slak`; did you mean `slack`?"},
      {"[[destination]]\nname = \"a/b\"\nkind = \"file\"\npath = \"/x\"\n[[route]]\nto = [\"a/b\"]\n",
       "`name` must be letters"},
      {file + "paht = \"/y\"\n" + route, "unknown key `paht`"},
      {file + "[[route]]\n", "`to` is missing"},
      {file + route + "kinds = [\"incident_open\"]\n", "did you mean `incident_opened`"},
      {file + route + "brands = [\"Acne\"]\n", "there is no brand 'Acne', did you mean 'Acme'?"},
      {file + route + "issues = [\"outrage\"]\n", "there is no issue type 'outrage', did you mean 'outage'?"},
      {file + route + "severity_min = 11\n", "`severity_min` must be a whole number from 0 to 10"},
      {file + route + "quiet_hours = \"22-7\"\n", "`quiet_hours` must be such as"},
      {file + route + "quiet_hours = \"22:00-22:00\"\n", "`quiet_hours` must be such as"},
      {file + route + "quiet_hours = \"22:00-07:00 Europe/Berlinn\"\n",
       "time zone that this system does not know"},
      {file + route + "digest = \"weekly 07:55\"\n", "`digest` must be such as"},
      {file + route + "digest = \"daily 24:00\"\n", "`digest` must be such as"},
      {file + route + "precision_min = 101\n", "`precision_min` must be a whole number"},
      {file + route + "per_day = -1\n", "`per_day` must be a whole number"},
      {file + route + "cooldown = \"2h\"\n", "did you mean `cool_down`"},
      {report + "kind = \"excutive\"\nsend = \"daily 08:00\"\n", "did you mean `executive`"},
      {report + "kind = \"brief\"\nsend = \"hourly\"\n", "`send` must be such as"},
      {report + "kind = \"brief\"\nsend = \"daily\"\n", "`send` must be such as"},
      {report + "kind = \"brief\"\nsend = \"daily 8:00\"\n", "`send` must be such as"},
      {report + "kind = \"brief\"\nsend = \"daily 08:00 Mars\"\n",
       "time zone that this system does not know"},
      {report + "kind = \"brief\"\nsend = \"daily 08:00\"\ndays = 0\n", "`days` must be a whole number"},
      {report + "kind = \"brief\"\nsend = \"daily 08:00\"\nbrands = [\"Acne\"]\n", "did you mean 'Acme'?"},
      {report + "kind = \"brief\"\nsend = \"daily 08:00\"\ndashboard = \"x\"\n", "must begin with https://"},
      {report + "kind = \"brief\"\nsend = \"daily 08:00\"\n[[report]]\nto = [\"a\"]\n" +
           std::string("kind = \"brief\"\nsend = \"daily 09:00\"\n"),
       "the name 'brief' is used twice"},
      {file + "[[report]]\nkind = \"brief\"\nsend = \"daily 08:00\"\nto = [\"b\"]\n", "no destination 'b'"}};
  for (const auto& [text, what] : cases) {
    const auto said = mistakes(text);
    INFO(text << "\n" << said);
    CHECK(said.find(what) != std::string::npos);
    CHECK(said.starts_with("e.toml:"));
  }
  CHECK(mistakes(file + "enabled = false\n").empty());
}
