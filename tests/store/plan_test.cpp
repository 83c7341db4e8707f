#include "store/sqlite/reader.hpp"
#include "store/sqlite/search_index.hpp"

#include <catch2/catch.hpp>

#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::store::sqlite;

namespace {

std::string plan(Database& database, const std::string& sql) {
  auto statement = Statement::prepare(database, "EXPLAIN QUERY PLAN " + sql);
  REQUIRE(statement);
  Statement::Use use(*statement);
  std::string out;
  while (use.step()) out += std::string(use.text(3)) + "\n";
  return out;
}

}  // namespace

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

TEST_CASE("products are counted by their index, never by a scan", "[store][plan]") {
  test::TempDir dir;
  { REQUIRE(store::open_store(dir.file("earshot.db"))); }
  auto database = Database::open(dir.file("earshot.db"), Access::read_only);
  REQUIRE(database);
  const auto counted = plan(*database, products_sql());
  INFO(counted);
  CHECK(counted.find("verdict_products_product (product_id=? AND mention_id>? AND mention_id<?)") !=
        std::string::npos);
  const auto viewed = plan(*database, "SELECT * FROM v_products WHERE brand='Fernwave' AND product='Hub'");
  INFO(viewed);
  CHECK(viewed.find("verdict_products_product (product_id=?)") != std::string::npos);
  for (const auto& text : {counted, viewed}) {
    CHECK(text.find("SCAN d\n") == std::string::npos);
    CHECK(text.find("SCAN v\n") == std::string::npos);
  }
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
  // Counting by issue types groups the rows it walked; the walk itself is the same.
  const auto counted = plan(*database, tones_sql());
  INFO(counted);
  CHECK(counted.find("SCAN") == std::string::npos);
  CHECK(counted.find("verdict_brand (brand_id=? AND mention_id>? AND mention_id<?)") != std::string::npos);
  for (const auto& sql : {troubles_sql(), questions_sql(), contacts_sql(), issue_mentions_sql()}) {
    const auto text = plan(*database, sql);
    INFO(text);
    CHECK(text.find("SCAN") == std::string::npos);
    CHECK(text.find("TEMP B-TREE") == std::string::npos);
    CHECK(text.find("verdict_brand (brand_id=? AND mention_id>? AND mention_id<?)") != std::string::npos);
  }
}
