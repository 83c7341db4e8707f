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
  CHECK_FALSE(first.digest_only);
  CHECK(first.digest.minute == 7 * 60);  // when the quiet hours end
  CHECK(all.routes[1].digest_only);
  CHECK(all.routes[1].digest.minute == 7 * 60 + 55);
}

TEST_CASE("every mistake of delivery has its place", "[daemon][config][delivery]") {
  const std::string file = "[[destination]]\nname = \"a\"\nkind = \"file\"\npath = \"/x\"\n";
  const std::string route = "[[route]]\nto = [\"a\"]\n";
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
      {file + route + "per_day = -1\n", "`per_day` must be a whole number"},
      {file + route + "cooldown = \"2h\"\n", "did you mean `cool_down`"}};
  for (const auto& [text, what] : cases) {
    const auto said = mistakes(text);
    INFO(text << "\n" << said);
    CHECK(said.find(what) != std::string::npos);
    CHECK(said.starts_with("e.toml:"));
  }
  CHECK(mistakes(file + "enabled = false\n").empty());
}
