#include "store/sqlite/content_reader.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/search_index.hpp"

#include <catch2/catch.hpp>

#include "tests/store/plan.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::store::sqlite;
using earshot::test::plan;

TEST_CASE("the hot list queries never scan or sort the mentions", "[store][plan]") {
  test::TempDir dir;
  { REQUIRE((*store::open_store(dir.file("earshot.db")))->indexer()); }
  auto database = Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(database);
  REQUIRE(database->attach(search_path(dir.file("earshot.db")), "search"));
  const store::MentionFilter filters[] = {
      {.brand = BrandId{1}},
      {.brand = BrandId{1}, .since = from_ms(1), .until = from_ms(2), .polarity = Polarity::negative},
      {.brand = BrandId{1}, .before = MentionId{9}},
      {.brand = BrandId{1}, .lang = "de"},
      {.search = "router"},
      {.brand = BrandId{1}, .since = from_ms(1), .search = "router"}};
  for (const auto& filter : filters) {
    const auto text = plan(*database, mentions_sql(filter));
    INFO(text);
    CHECK(text.find("SCAN m") == std::string::npos);
    CHECK(text.find("TEMP B-TREE") == std::string::npos);
    if (filter.search.empty()) CHECK(text.find("verdict_brand (brand_id=?") != std::string::npos);
  }
}

TEST_CASE("mentions of a product are found by its index, newest first", "[store][plan]") {
  test::TempDir dir;
  { REQUIRE((*store::open_store(dir.file("earshot.db")))->indexer()); }
  auto database = Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(database);
  REQUIRE(database->attach(search_path(dir.file("earshot.db")), "search"));
  for (const auto& filter : {store::MentionFilter{.product = store::ProductId{1}},
                             store::MentionFilter{.brand = BrandId{1}, .product = store::ProductId{1}}}) {
    const auto text = plan(*database, mentions_sql(filter));
    INFO(text);
    CHECK(text.find("USING COVERING INDEX verdict_products_product (product_id=?)") != std::string::npos);
    CHECK(text.find("SCAN") == std::string::npos);
    CHECK(text.find("TEMP B-TREE") == std::string::npos);
  }
  const auto paged = plan(*database, mentions_sql({.product = store::ProductId{1}, .before = MentionId{9}}));
  INFO(paged);
  CHECK(paged.find("verdict_products_product (product_id=? AND mention_id<?)") != std::string::npos);
  const auto words = plan(*database, mentions_sql({.product = store::ProductId{1}, .search = "router"}));
  INFO(words);
  CHECK(words.find("SEARCH n USING PRIMARY KEY (mention_id=? AND brand_id=? AND product_id=?)") !=
        std::string::npos);
  CHECK(words.find("TEMP B-TREE") == std::string::npos);
}

TEST_CASE("questions about a period read days by their key, and hours only at its ends", "[store][plan]") {
  test::TempDir dir;
  { REQUIRE(store::open_store(dir.file("earshot.db"))); }
  auto database = Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(database);
  const std::pair<std::string, const char*> cut[] = {{series_sql(true), "rollup_day"},
                                                     {issues_sql(), "rollup_day_issue"},
                                                     {languages_sql(), "rollup_day_language"},
                                                     {products_sql(), "rollup_day_product"},
                                                     {tones_sql(), "rollup_day_tone"}};
  for (const auto& [sql, table] : cut) {
    const auto text = plan(*database, sql);
    INFO(text);
    CHECK(text.find(std::string("SEARCH ") + table +
                    " USING PRIMARY KEY (brand_id=? AND day_at>? AND day_at<?)") != std::string::npos);
    CHECK(text.find("SCAN rollup") == std::string::npos);
  }
  for (const auto& [sql, key] : {std::pair(hours_sql(), "(brand_id=? AND hour_at>? AND hour_at<?)"),
                                 std::pair(days_sql(), "(brand_id=? AND day_at>? AND day_at<?)")}) {
    const auto text = plan(*database, sql);
    INFO(text);
    CHECK(text.find(key) != std::string::npos);
    CHECK(text.find("TEMP B-TREE") == std::string::npos);
  }
}

TEST_CASE("the queue is read and counted by its index, journeys by theirs", "[store][plan]") {
  test::TempDir dir;
  { REQUIRE(store::open_store(dir.file("earshot.db"))); }
  auto database = Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(database);
  const auto queue = plan(*database, waiting_sql());
  INFO(queue);
  CHECK(queue.find("SEARCH w USING INDEX waiting_priority (brand_id=?)") != std::string::npos);
  CHECK(queue.find("TEMP B-TREE") == std::string::npos);
  const auto count = plan(*database, waiting_count_sql());
  INFO(count);
  CHECK(count.find("COVERING INDEX waiting_priority (brand_id=?)") != std::string::npos);
  CHECK(count.find("SEARCH d USING PRIMARY KEY (mention_id>?)") != std::string::npos);
  CHECK(count.find("SCAN waiting") == std::string::npos);
  for (const bool one : {false, true}) {
    const auto journeys = plan(*database, journeys_sql(one));
    INFO(journeys);
    CHECK(journeys.find(one ? "journey_outcome (brand_id=? AND outcome=?" : "PRIMARY KEY (brand_id=?") !=
          std::string::npos);
    CHECK(journeys.find("TEMP B-TREE") == std::string::npos);
  }
  const auto counts = plan(*database, journey_counts_sql());
  INFO(counts);
  CHECK(counts.find("SEARCH journey_day USING PRIMARY KEY (brand_id=? AND day_at>? AND day_at<?)") !=
        std::string::npos);
  CHECK(counts.find("SCAN journey") == std::string::npos);
}

TEST_CASE("scoring again walks the verdicts by id", "[store][plan]") {
  test::TempDir dir;
  { REQUIRE(store::open_store(dir.file("earshot.db"))); }
  auto database = Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(database);
  const auto text = plan(*database, whole_hours_sql());
  INFO(text);
  CHECK(text.find("SEARCH v USING PRIMARY KEY (mention_id>?)") != std::string::npos);
  CHECK(text.find("SCAN") == std::string::npos);
  CHECK(text.find("TEMP B-TREE") == std::string::npos);
}

TEST_CASE("the history queries walk one brand's verdicts by id", "[store][plan]") {
  test::TempDir dir;
  { REQUIRE(store::open_store(dir.file("earshot.db"))); }
  auto database = Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(database);
  for (const auto& sql : {troubles_sql(), questions_sql(), contacts_sql(), issue_mentions_sql()}) {
    const auto text = plan(*database, sql);
    INFO(text);
    CHECK(text.find("SCAN") == std::string::npos);
    CHECK(text.find("TEMP B-TREE") == std::string::npos);
    CHECK(text.find("verdict_brand (brand_id=? AND mention_id>? AND mention_id<?)") != std::string::npos);
  }
}

TEST_CASE("which days were changed is read by day, whatever the number of mentions", "[store][plan]") {
  test::TempDir dir;
  { REQUIRE(store::open_store(dir.file("earshot.db"))); }
  auto database = Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(database);
  const auto text = plan(*database, day_marks_sql());
  INFO(text);
  CHECK(text.find("SEARCH c USING PRIMARY KEY (brand_id=? AND day_at>? AND day_at<?)") != std::string::npos);
  CHECK(text.find("COVERING INDEX verdict_brand (brand_id=? AND mention_id>? AND mention_id<?)") !=
        std::string::npos);
  CHECK(text.find("SCAN") == std::string::npos);
  CHECK(text.find("TEMP B-TREE") == std::string::npos);
}
