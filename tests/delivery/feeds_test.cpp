#include "delivery/feeds.hpp"

#include <sys/stat.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::delivery;

namespace {

const std::string hostile =
    "</title><script>alert(1)</script> ]]> & \"quotes\" 'a' \x01\x1B[31m \xFF\xC3 \xEF\xBF\xBE \u202E é "
    "😀\r\n";

store::IdeaRow idea(std::string key, std::string title) {
  return {
      .key = std::move(key),
      .state = "new",
      .title = std::move(title),
      .askers = 7,
      .mentions = 9,
      .unanswered = 4,
      .trend = 1.25,
      .first_at = from_ms(1'772'409'600'000),
      .last_at = from_ms(1'772'409'700'123),
      .details =
          R"j({"quotes":[{"text":"how <b>do</b> I?","source":"social","url":"javascript:alert(1)"},{"text":"x","source":"y","url":"z"}]})j"};
}

store::IncidentRow incident(std::string title) {
  return {.issue = 0,
          .state = "open",
          .title = std::move(title),
          .severity = 8,
          .started_at = from_ms(1'772'409'600'000),
          .detected_at = from_ms(1'772'409'600'000),
          .last_at = from_ms(1'772'413'200'000),
          .authors = 61,
          .mentions = 70,
          .echoes = 12,
          .expected = 1.26,
          .threshold = 6,
          .details = R"({"exemplars":[{"text":"down","source":"s","url":"https://x.example/1?a=1&b=2"}]})"};
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

Status write_feeds(const std::string& directory, const std::string& brand,
                   const std::vector<store::IdeaRow>& ideas, const std::vector<store::IncidentRow>& incidents,
                   Timestamp now) {
  auto status = write_feed(directory, brand, "ideas", idea_feed(brand, ideas, now));
  return status ? write_feed(directory, brand, "incidents", incident_feed(brand, incidents, now)) : status;
}

bool strict_check(const test::TempDir& dir, const std::string& base) {
  const std::string script = std::string(EARSHOT_SOURCE_DIR) + "/tests/delivery/check_feeds.py";
  return std::system(("python3 \"" + script + "\" \"" + dir.path().string() + "\" " + base).c_str()) == 0;
}

}  // namespace

TEST_CASE("feeds parse back, hostile text included", "[delivery][feeds]") {
  test::TempDir dir;
  const auto now = from_ms(1'772'500'000'000);
  REQUIRE(write_feeds(dir.path().string(), "Fernwave",
                      {idea("csv-invoice", hostile), idea("csv-wifi", "Wi-Fi?")},
                      {incident(hostile),
                       [] {
                         auto other = incident("second");
                         other.issue = 40;
                         other.details = "not json";
                         return other;
                       }()},
                      now));
  CHECK(strict_check(dir, "fernwave"));
  const auto ideas = content(dir.file("fernwave-ideas.atom"));
  CHECK(ideas.find("<script>") == std::string::npos);
  CHECK(ideas.find("javascript:") == std::string::npos);
  CHECK(ideas.find("7 people asked this in 9 posts (+125%") != std::string::npos);
  CHECK(content(dir.file("fernwave-ideas.json")).find("javascript:") == std::string::npos);
  const auto incidents = content(dir.file("fernwave-incidents.atom"));
  CHECK(incidents.find("href=\"https://x.example/1?a=1&amp;b=2\"") != std::string::npos);
  CHECK(incidents.find("tag:earshot,2026:incident/fernwave/outage/492336") != std::string::npos);
}

TEST_CASE("empty feeds are valid, and brands with odd names have safe file names", "[delivery][feeds]") {
  test::TempDir dir;
  for (const auto& [brand, base] :
       {std::pair("../../etc/Acme & Söhne", "etc-acme-sc3b6hne"), std::pair("///", "brand")}) {
    REQUIRE(write_feeds(dir.path().string(), brand, {}, {}, from_ms(0)));
    CHECK(strict_check(dir, base));
  }
}

TEST_CASE("ids do not change from one writing to the next", "[delivery][feeds]") {
  auto grown = idea("csv-invoice", "another title");
  grown.askers = 50;
  const auto before = idea_feed("Fernwave", {idea("csv-invoice", "a")}, from_ms(1)),
             after = idea_feed("Fernwave", {grown}, from_ms(2));
  CHECK(before.entries[0].id == "tag:earshot,2026:idea/fernwave/csv-invoice");
  CHECK(before.entries[0].id == after.entries[0].id);
  CHECK(before.id == after.id);
}

TEST_CASE("a directory that cannot be written is an error, and the old feed stays", "[delivery][feeds]") {
  test::TempDir dir;
  std::ofstream(dir.file("plain")) << "a file";
  CHECK_FALSE(write_feeds(dir.file("plain"), "Fernwave", {}, {}, from_ms(0)));
  REQUIRE(write_feeds(dir.path().string(), "Fernwave", {idea("k", "t")}, {}, from_ms(0)));
  const auto before = content(dir.file("fernwave-ideas.atom"));
  std::filesystem::remove(dir.file("fernwave-ideas.json"));
  std::filesystem::create_directories(
      dir.file("fernwave-ideas.json/full"));  // a directory in the way of the second file
  CHECK_FALSE(write_feeds(dir.path().string(), "Fernwave", {idea("k", "t")}, {}, from_ms(0)));
  CHECK(content(dir.file("fernwave-ideas.atom")) == before);
}
