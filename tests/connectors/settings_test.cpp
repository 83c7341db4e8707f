#include "connectors/settings.hpp"

#include <catch2/catch.hpp>

using namespace earshot::connectors;

TEST_CASE("one reading reports every mistake with its place", "[connectors][settings]") {
  Settings settings;
  settings.set("base", {std::int64_t{3}, "earshot.toml:4:1"});
  settings.set("histroy_days", {std::int64_t{3}, "earshot.toml:5:1"});
  settings.set("pages", {std::int64_t{900}, "earshot.toml:6:1"});
  settings.set("tags", {std::vector<std::string>{"a", ""}, "earshot.toml:7:1"});
  SettingsReader reader(settings);
  CHECK(reader.text("base", "x") == "x");
  CHECK(reader.integer("history_days", 7, 0, 90) == 7);
  CHECK(reader.integer("pages", 5, 1, 100) == 5);
  reader.list("tags");
  CHECK(reader.required_text("name").empty());
  CHECK(reader.flag("public", true));
  CHECK(reader.finish() == std::vector<std::string>{
                               "earshot.toml:4:1: `base` must be a string",
                               "earshot.toml:6:1: `pages` must be between 1 and 100",
                               "earshot.toml:7:1: `tags` must not hold empty strings",
                               "`name` is missing",
                               "earshot.toml:5:1: unknown key `histroy_days`; did you mean `history_days`?",
                           });
}

TEST_CASE("one string stands for a list of one", "[connectors][settings]") {
  Settings settings;
  settings.set("urls", {std::string("https://a.example/"), ""});
  SettingsReader reader(settings);
  CHECK(reader.list("urls") == std::vector<std::string>{"https://a.example/"});
  CHECK(reader.finish().empty());
}
