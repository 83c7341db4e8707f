// The description of the configuration, held against the readers that parse and against the documentation.
#include "daemon/config_schema.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "core/base/text.hpp"
#include "daemon/config.hpp"

using namespace earshot;
using namespace earshot::daemon;

namespace {

constexpr std::string_view nobody = "qqqqqqqqqqqqqqqqqqqq";

/// What must stand above a table of that name so that it is read.
std::string heading(std::string_view name) { return name.empty() ? "" : std::string(name) + "\n"; }

std::string mistakes(const std::string& text) {
  const auto config = parse_config(text, "t.toml");
  return config ? "" : config.error().message;
}

/// The keys that the reader of a table knows: it lists them all where it meets one that is like none.
std::set<std::string> known_to_reader(std::string_view table) {
  const auto said = mistakes(heading(table) + std::string(nobody) + " = 1\n");
  const auto at = said.find("unknown key `" + std::string(nobody));
  REQUIRE(at != std::string::npos);
  const std::string list = "; known are ";
  const auto begin = said.find(list, at);
  REQUIRE(begin != std::string::npos);
  const auto end = said.find('\n', begin);
  std::set<std::string> out;
  for (const auto name :
       split(std::string_view(said).substr(begin + list.size(), end - begin - list.size()), ','))
    out.insert(std::string(trim(name)));
  return out;
}

/// Tables whose other keys belong to a connector or kind: their readers list none.
bool is_open(std::string_view table) {
  return table == "[[source]]" || table == "[[destination]]" || table == "[[credential]]";
}

std::string page(const char* name) {
  std::ifstream in(std::string(EARSHOT_SOURCE_DIR) + "/docs/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("the schema has the very keys that the configuration's readers know", "[daemon][config]") {
  std::set<std::string> tables;
  for (const auto& table : config_schema()) {
    if (!table.name.empty()) {
      const auto bare = trim(split(table.name, '[').back());
      tables.insert(std::string(bare.substr(0, bare.find(']'))));
    }
    if (is_open(table.name)) continue;
    INFO(table.name);
    auto known = known_to_reader(table.name);
    std::set<std::string> described;
    for (const auto& key : table.keys) described.insert(std::string(key.name));
    // Tables within it are described as tables.
    for (const char* within :
         {"net", "privacy", "retention", "http", "analysis", "credential", "brand", "source", "money", "kpi",
          "link", "ror", "service", "destination", "route", "legal", "report"})
      if (table.name.empty()) known.erase(within);
    if (table.name == "[http]") known.erase("token");
    if (table.name == "[analysis]") known.erase("issue_type");
    CHECK(described == known);
  }
  const auto top = known_to_reader("");
  for (const auto& name : top) {
    const auto& keys = config_schema().front().keys;
    const bool key = std::ranges::any_of(keys, [&](const ConfigKey& one) { return one.name == name; });
    INFO(name);
    CHECK((key || tables.contains(name)));
  }
}

TEST_CASE("every key of the open tables is read as the schema says", "[daemon][config]") {
  for (const auto& table : config_schema()) {
    if (!is_open(table.name)) continue;
    for (const auto& key : table.keys) {
      // A value of a kind that nothing takes.
      const std::string base = table.name == "[[source]]"        ? "connector = \"bluesky\"\n"
                               : table.name == "[[destination]]" ? "kind = \"file\"\npath = \"/tmp/x\"\n"
                                                                 : "kind = \"bearer\"\nname = \"n\"\n";
      std::string text;
      for (const auto line : split(base, '\n'))
        if (!line.starts_with(std::string(key.name) + " ")) text += std::string(line) + "\n";
      const auto said = mistakes(heading(table.name) + text + std::string(key.name) + " = 1979-05-27\n");
      INFO(table.name << " " << key.name << ": " << said);
      CHECK(said.find("`" + std::string(key.name) + "`") != std::string::npos);
      CHECK(said.find("unknown key `" + std::string(key.name)) == std::string::npos);
    }
  }
}

TEST_CASE("every key says what it is, and stands in the documentation", "[daemon][config]") {
  const auto pages = page("config.md") + page("delivery.md") + page("credentials.md");
  for (const auto& table : config_schema()) {
    CHECK_FALSE(table.what.empty());
    for (const auto& key : table.keys) {
      INFO(table.name << " " << key.name);
      CHECK_FALSE(key.kind.empty());
      CHECK(key.what.size() > 4);
      CHECK(pages.find("`" + std::string(key.name) + "`") != std::string::npos);
    }
  }
}
