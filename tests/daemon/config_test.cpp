#include "daemon/config.hpp"

#include <catch2/catch.hpp>

#include "core/base/duration.hpp"
#include "daemon/prepare.hpp"
#include "daemon/schedule.hpp"

using namespace earshot;
using namespace earshot::daemon;
using namespace std::chrono_literals;

TEST_CASE("a configuration is read with its defaults", "[daemon][config]") {
  const auto config = parse_config(R"(
database = "x.db"
[[brand]]
name = "Acme"
handles = ["@acme"]
[[source]]
connector = "bluesky"
interval = "2m"
queries = ["acme"]
history_days = 3
)",
                                   "t.toml");
  REQUIRE(config);
  CHECK(config->database == "x.db");
  CHECK(config->sources[0].name == "bluesky");
  CHECK(config->sources[0].interval_min == 2min);
  CHECK(config->sources[0].settings.items().size() == 2);
  CHECK(config->sources[0].settings.find("history_days")->where == "t.toml:10:16");
}

TEST_CASE("every mistake is found in one go, each with its place", "[daemon][config]") {
  const auto config = parse_config(R"(log_level = "loud"
databse = "x"
[[brand]]
nme = "Acme"
[[brand]]
name = "B"
competitors = ["Bee"]
[[source]]
connector = "feed"
interval = 5
about = "b"
)",
                                   "t.toml");
  REQUIRE_FALSE(config);
  const auto& text = config.error().message;
  INFO(text);
  for (const char* wanted :
       {"t.toml:1:13: configuration: `log_level` must be",
        "t.toml:2:11: configuration: unknown key `databse`; did you mean `database`?",
        "brand: `name` is missing", "unknown key `nme`; did you mean `name`?",
        "t.toml:7:15: there is no brand 'Bee'", "t.toml:10:12: source: `interval` must be a duration",
        "there is no brand 'b', did you mean 'B'?"})
    CHECK(text.find(wanted) != std::string::npos);
}

TEST_CASE("rules of sentiment are switched off by name", "[daemon][config]") {
  const std::string brand = "[[brand]]\nname = \"Acme\"\n";
  const auto config = parse_config("[analysis]\nrules_off = [\"contrast\"]\n" + brand, "t.toml");
  REQUIRE(config);
  CHECK_FALSE(config->analysis.rules.has(analysis::Rule::contrast));
  CHECK(config->analysis.rules.has(analysis::Rule::negation));
  const auto wrong = parse_config("[analysis]\nrules_off = [\"but\"]\n" + brand, "t.toml");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message.find(
            "t.toml:2:13: analysis: there is no rule 'but'; the rules are negation, ") != std::string::npos);
}

TEST_CASE("pages that answer, and how long a good turn counts, are read", "[daemon][config]") {
  const std::string head = "[[brand]]\nname = \"Acme\"\n[[brand]]\nname = \"Globex\"\n";
  const auto config = parse_config(head + R"([[link]]
url = "https://Help.acme.example/reset?utm_source=x"
title = "Reset the router"
words = ["red light"]
brand = "Acme"
[[link]]
url = "https://help.example/"
title = "Help"
[ror]
half_life = "30d"
)",
                                   "t.toml");
  REQUIRE(config);
  CHECK(config->ror_half_life == std::chrono::days(30));
  const auto acme = links_of(config->links, "Acme");
  REQUIRE(acme.size() == 2);
  CHECK(acme[0] == insight::KnownPage{.url = "https://help.acme.example/reset",
                                      .title = "Reset the router",
                                      .words = {"red light"}});
  CHECK(links_of(config->links, "Globex").size() == 1);
  const auto bad = parse_config(head + R"([[link]]
url = "ftp://acme.example/x"
title = "x"
brand = "Acmee"
[[link]]
url = "https://help.example/"
[ror]
half_life = "5m"
)",
                                "t.toml");
  REQUIRE_FALSE(bad);
  for (const char* mistake : {"https://", "'Acmee'", "title", "half_life"})
    CHECK(bad.error().message.find(mistake) != std::string::npos);
}

TEST_CASE("assumptions about money are read with their mistakes", "[daemon][config]") {
  const std::string head =
      "[[brand]]\nname = \"Acme\"\n[[source]]\nconnector = \"bluesky\"\nqueries = [\"a\"]\n";
  const auto config = parse_config(head + R"([[money]]
brand = "Acme"
from = "2026-01-01"
currency = "EUR"
saved_customer = [60, 120.5, 240]
cost_per_contact = 5
)",
                                   "t.toml");
  REQUIRE(config);
  const auto& money = config->money.at(0);
  CHECK(money.saved_customer == insight::Range{.low = 60, .expected = 120.5, .high = 240});
  CHECK(money.cost_per_contact == insight::Range{.low = 5, .expected = 5, .high = 5});
  CHECK_FALSE(money.leaves_unanswered);
  CHECK(to_ms(money.from) == 1'767'225'600'000);

  const auto wrong = parse_config(head + R"([[money]]
brand = "Acne"
from = "soon"
saved_customer = [3, 2, 1]
leaves_unanswered = 20
cost_per_contact = ["5"]
[[money]]
currency = "EUR"
)",
                                  "t.toml");
  REQUIRE_FALSE(wrong);
  for (const char* words :
       {"t.toml:7:9: there is no brand 'Acne', did you mean 'Acme'?",
        "t.toml:8:8: money: `from` must be a day", "t.toml:9:18: money: `saved_customer` must be an amount",
        "money: `leaves_unanswered` must be a share", "money: `cost_per_contact` must be an amount",
        "money: `currency`", "money: `saved_customer` is missing"}) {
    INFO(wrong.error().message);
    CHECK(wrong.error().message.find(words) != std::string::npos);
  }
}

TEST_CASE("history may be kept for many years, and for a day at least", "[daemon][config]") {
  const auto with = [](const std::string& keep) {
    return parse_config("[[brand]]\nname = \"Acme\"\n[retention]\nkeep = \"" + keep + "\"\n", "t.toml");
  };
  CHECK(with("1d")->keep == std::chrono::days(1));
  CHECK(with("3650d")->keep == std::chrono::days(3650));
  CHECK_FALSE(with("")->keep);
  for (const char* wrong : {"23h", "36501d", "for ever", "-1d", "0d"}) {
    CAPTURE(wrong);
    const auto config = with(wrong);
    REQUIRE_FALSE(config);
    CHECK(config.error().message.find(
              "t.toml:4:8: retention: `keep` must be from a day to a hundred years") != std::string::npos);
  }
}

TEST_CASE("business hours and targets are read for each brand", "[daemon][config]") {
  const auto config = parse_config(R"(
[[brand]]
name = "Acme"
[[brand]]
name = "Globex"
[[service]]
answer_within = { low = "2d" }
[[service]]
brand = "Acme"
time_zone = "Europe/Berlin"
hours = ["mon-fri 08:00-20:00", "sat 9-14"]
holidays = ["2026-12-25"]
answer_within = { high = "1h", medium = "4h" }
)",
                                   "t.toml");
  REQUIRE(config);
  const auto acme = terms_of(config->service, "Acme"), globex = terms_of(config->service, "Globex");
  CHECK(acme.answer_high == 1h);
  CHECK(acme.answer_medium == 4h);
  CHECK_FALSE(acme.answer_low);
  CHECK(acme.hours.holidays.size() == 1);
  CHECK(acme.hours.days[5].size() == 1);
  CHECK(globex.hours.always());
  CHECK(globex.answer_low == 48h);
  CHECK(terms_of({}, "Acme").hours.always());

  const auto wrong = parse_config(R"(
[[brand]]
name = "Acme"
[[service]]
brand = "Acne"
time_zone = "Berlin"
hours = ["mon 20:00-08:00"]
holidays = ["Christmas"]
answer_within = { hihg = "1h", low = "5" }
)",
                                  "t.toml");
  REQUIRE_FALSE(wrong);
  for (const char* words :
       {"t.toml:5:9: there is no brand 'Acne'", "t.toml:6:13: service: `time_zone`",
        "t.toml:7:9: service: `hours`", "t.toml:8:12: service: `holidays`", "hihg", "low"}) {
    INFO(wrong.error().message);
    CHECK(wrong.error().message.find(words) != std::string::npos);
  }
}

TEST_CASE("durations have a unit", "[daemon][config]") {
  CHECK(parse_duration("90s") == 90s);
  CHECK(parse_duration("1.5h") == 90min);
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("2d") == 48h);
  for (const char* bad : {"", "5", "m", "-3s", "5 m", "1e99d", "nans"}) CHECK_FALSE(parse_duration(bad));
}

TEST_CASE("no input makes the reader of configurations fail badly", "[daemon][config][hostile]") {
  for (const char* bad : {"[[[", "brand = 3", "[[source]]\nname = [1,2]", "[brand]\nname=\"x\"", "\xFF\xFE",
                          "a = 1e999999", "[[source]]\nconnector=\"feed\"\nurls = [\"a\", 3]", "net = []"})
    CHECK_FALSE(parse_config(bad, "t.toml"));
}

TEST_CASE("a source of an unknown connector or with wrong settings is explained", "[daemon][config]") {
  const auto config = parse_config(R"(
[[brand]]
name = "Acme"
[[source]]
connector = "mastodn"
[[source]]
connector = "feed"
url = ["https://a.example/"]
)",
                                   "t.toml");
  REQUIRE(config);
  const auto prepared = prepare(*config, {});
  REQUIRE_FALSE(prepared);
  INFO(prepared.error().message);
  CHECK(prepared.error().message.find("did you mean 'mastodon'?") != std::string::npos);
  CHECK(prepared.error().message.find("t.toml:8:7") != std::string::npos);
}

TEST_CASE("polling adapts within its bounds and obeys the server", "[daemon][schedule]") {
  struct Row {
    ScheduleInput input;
    std::chrono::milliseconds expected;
  };
  const Row rows[] = {
      {{.interval_min = 60s, .interval_max = 30min, .current = 0s}, 90s},
      {{.interval_min = 60s, .interval_max = 30min, .current = 8min, .news = 9}, 4min},
      {{.interval_min = 60s, .interval_max = 30min, .current = 8min, .news = 1}, 8min},
      {{.interval_min = 60s, .interval_max = 30min, .current = 8min, .news = 0}, 12min},
      {{.interval_min = 60s, .interval_max = 30min, .current = 29min, .news = 0}, 30min},
      {{.interval_min = 60s, .interval_max = 30min, .current = 90s, .news = 9}, 60s},
      {{.interval_min = 60s, .interval_max = 30min, .current = 60s, .news = 9, .asked = 2h}, 2h},
  };
  for (const auto& row : rows) CHECK(next_interval(row.input) == row.expected);
  Random random(1);
  for (int i = 0; i < 1'000; ++i) {
    const auto wait = with_jitter(100s, std::nullopt, random);
    CHECK(wait >= 90s);
    CHECK(wait <= 110s);
    CHECK(with_jitter(100s, 105s, random) >= 105s);
  }
}

TEST_CASE("a duration beyond a year is a mistake, since clocks would wrap round", "[daemon][config]") {
  const auto config = parse_config("insight_interval = \"100000000w\"\n[[brand]]\nname = \"A\"\n", "t.toml");
  REQUIRE_FALSE(config);
  CHECK(config.error().message.find("t.toml:1:20") != std::string::npos);
}
