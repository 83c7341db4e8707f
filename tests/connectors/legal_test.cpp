// What platforms' rules say: read with their places, and never more lenient for being written twice.
#include <catch2/catch.hpp>

#include "connectors/connector.hpp"
#include "connectors/declarative/platform.hpp"

using namespace earshot;
using namespace earshot::connectors;

namespace {

LegalProfile read(const std::string& text, std::string* wrong = nullptr) {
  const auto root = parse_toml(text, "f.toml");
  REQUIRE(root);
  TomlMistakes mistakes("f.toml");
  auto out = read_legal(*root->find("legal"), "legal", mistakes);
  if (wrong != nullptr) *wrong = mistakes.text();
  return out;
}

}  // namespace

TEST_CASE("rules are read with their documents, and what is not written stays unknown",
          "[connectors][legal]") {
  std::string wrong;
  const auto rules = read(R"([legal]
text = "allowed"
raw = "forbidden"
days = 30
no_inference = ["health", "crime"]
documents = { text = "Terms", raw = "Terms", days = "Policy, 3", no_inference = "Policy, 4" }
)",
                          &wrong);
  CHECK(wrong.empty());
  CHECK(rules.text == Permission::allowed);
  CHECK(rules.author == Permission::unknown);
  CHECK(rules.raw == Permission::forbidden);
  CHECK(rules.days == 30);
  CHECK_FALSE(rules.deletion_hours);
  CHECK(describe(rules) ==
        "Keeping text: allowed (Terms). Keeping author: unknown. Keeping raw: forbidden (Terms). "
        "Kept at most: 30 days since it was last read (Policy, 3). Deletions follow within: unknown. "
        "Never derived: health, crime (Policy, 4).");
}

TEST_CASE("every mistake in rules has its line and column", "[connectors][legal]") {
  std::string wrong;
  (void)read(R"([legal]
text = "perhaps"
days = 0
deletion_hours = 24
keep = 3
documents = { days = "", raw = "Terms" }
)",
             &wrong);
  INFO(wrong);
  CHECK(wrong.find("f.toml:2:8: legal: ") != std::string::npos);
  CHECK(wrong.find("f.toml:3:8: legal: ") != std::string::npos);
  CHECK(wrong.find("f.toml:4:18: legal: `deletion_hours` needs its document") != std::string::npos);
  CHECK(wrong.find("f.toml:5:8: legal: unknown key `keep`") != std::string::npos);
  CHECK(wrong.find("legal.documents: `days` must name a document") != std::string::npos);
  CHECK(wrong.find("legal.documents: `raw` names a document, but the rule itself is missing") !=
        std::string::npos);
}

TEST_CASE("of two sets of rules the narrower holds, with the document that made it so",
          "[connectors][legal]") {
  const LegalProfile platform{.text = Permission::allowed,
                              .days = 30,
                              .no_inference = {"health"},
                              .documents = {{"text", "P"}, {"days", "P"}, {"no_inference", "P"}}};
  const LegalProfile own{
      .text = Permission::forbidden,
      .days = 60,
      .deletion_hours = 12,
      .no_inference = {"crime", "health"},
      .documents = {{"text", "O"}, {"days", "O"}, {"deletion_hours", "O"}, {"no_inference", "O"}}};
  const auto both = stricter(platform, own);
  CHECK(both.text == Permission::forbidden);
  CHECK(both.days == 30);
  CHECK(both.deletion_hours == 12);
  CHECK(both.no_inference == std::vector<std::string>{"health", "crime"});
  CHECK(both.documents == std::map<std::string, std::string>{
                              {"text", "O"}, {"days", "P"}, {"deletion_hours", "O"}, {"no_inference", "P"}});
  CHECK(stricter(own, platform).days == 30);
  CHECK(stricter(platform, {}) == platform);
}

TEST_CASE("every rule that a shipped connector states names its document", "[connectors][legal]") {
  for (const auto* spec : catalog()) {
    CAPTURE(spec->name);
    const auto& rules = spec->legal;
    const std::pair<const char*, bool> stated[] = {{"text", rules.text != Permission::unknown},
                                                   {"author", rules.author != Permission::unknown},
                                                   {"raw", rules.raw != Permission::unknown},
                                                   {"days", rules.days.has_value()},
                                                   {"deletion_hours", rules.deletion_hours.has_value()},
                                                   {"no_inference", !rules.no_inference.empty()}};
    for (const auto& [rule, is_stated] : stated) CHECK(rules.documents.contains(rule) == is_stated);
  }
  CHECK(find_connector("x")->legal.deletion_hours == 24);
  CHECK(find_connector("x")->legal.no_inference == find_connector("x_stream")->legal.no_inference);
  CHECK(find_connector("youtube")->legal.days == 30);
  CHECK(find_connector("feed")->legal == LegalProfile{});
}
