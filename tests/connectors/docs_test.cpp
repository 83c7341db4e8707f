// The page of every connector shows a sample that works and names every key.
#include <toml++/toml.h>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::connectors;

namespace {

Settings settings_from(const toml::table& table, const TomlNode& tree) {
  Settings settings;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (name == "name" || name == "connector" || name == "about" || name == "interval") continue;
    const auto* own = tree.find(name);
    REQUIRE(own != nullptr);
    const bool tables = own->is(TomlNode::Kind::array) && !own->elements.empty() &&
                        own->elements[0].is(TomlNode::Kind::table);
    if (own->is(TomlNode::Kind::table) || tables) {
      settings.set(name, {*own, name});
      continue;
    }
    if (const auto* text = node.as_string())
      settings.set(name, {text->get(), EARSHOT_SOURCE_DIR "/earshot.toml:1:1"});
    else if (const auto* number = node.as_integer())
      settings.set(name, {number->get(), name});
    else if (const auto* flag = node.as_boolean())
      settings.set(name, {flag->get(), name});
    else if (const auto* list = node.as_array()) {
      std::vector<std::string> values;
      for (const auto& item : *list) values.push_back(item.value_or(std::string()));
      settings.set(name, {std::move(values), name});
    }
  }
  return settings;
}

}  // namespace

TEST_CASE("the sample on every connector's page is accepted", "[connectors][docs]") {
  for (const auto* spec : catalog()) {
    CAPTURE(spec->name);
    std::ifstream file(std::string(EARSHOT_SOURCE_DIR) + "/docs/connectors/" + std::string(spec->name) +
                       ".md");
    std::stringstream text;
    text << file.rdbuf();
    const auto page = text.str();
    const auto begin = page.find("```toml\n");
    REQUIRE(begin != std::string::npos);
    const auto sample = page.substr(begin + 8, page.find("```", begin + 8) - begin - 8);
    const auto parsed = toml::parse(sample);
    const auto tree = parse_toml(sample, "docs");
    REQUIRE(tree);
    const auto* source = parsed["source"].as_array()->get(0)->as_table();
    CHECK((*source)["connector"].value_or(std::string()) == spec->name);
    const ConnectorInput input{"docs", settings_from(*source, tree->find("source")->elements[0]), {}};
    const auto made = spec->make(input);
    CAPTURE(made ? std::string() : made.error().message);
    REQUIRE(made);
    CHECK_FALSE((*made)->streams().empty());
    // As the code has it: whoever changes a rule changes the page.
    CHECK(page.find("**Rules.** " + describe(spec->legal) + "\n") != std::string::npos);
    for (const auto* part : {"**Terms of use.**", "**Access.**", "**Cost.**", "| field | from |"})
      CHECK(page.find(part) != std::string::npos);
  }
}
