// What is said of products: kept with its verdict, counted, and missing from databases that are older.

#include "store/sqlite/database.hpp"
#include "store/sqlite/migrate.hpp"
#include "tests/store/older_schema.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using store::sqlite::Access;
using store::sqlite::Database;
using store::sqlite::Statement;

namespace {

std::vector<store::ProductCount> counts(Fixture& f) {
  return *(*f.store->reader())->products(f.brand, from_ms(monday_ms), from_ms(monday_ms * 2));
}

/// Rows of v_products, columns joined by '|'.
std::vector<std::string> view(const TempDir& dir) {
  auto database = *Database::open(dir.file("earshot.db"), Access::read_only);
  auto statement =
      *Statement::prepare(database,
                          "SELECT brand||'|'||product||'|'||day||'|'||mentions||'|'||positive||'|'||neutral||"
                          "'|'||negative||'|'||unscored||'|'||coalesce(net_sentiment,'-') "
                          "FROM v_products ORDER BY brand,product,day");
  Statement::Use use(statement);
  std::vector<std::string> rows;
  while (use.step()) rows.emplace_back(use.text(0));
  REQUIRE(use.finish());
  return rows;
}

}  // namespace

TEST_CASE("what is said of products is stored with the verdict and counted per day", "[store][products]") {
  TempDir dir;
  auto f = fresh(dir);
  auto both = with_product(scored(mention("1", 5), f.brand), "Fernwave Play", Polarity::negative);
  both = with_product(std::move(both), "Fernwave Hub", Polarity::positive);
  auto own = with_product(scored(mention("own", 6), f.brand), "Fernwave Hub", Polarity::positive);
  own.verdicts[0].match = MatchKind::own;
  auto spam = with_product(scored(mention("spam", 7), f.brand), "Fernwave Hub", Polarity::positive);
  spam.verdicts[0].verdict.intents = {ScoredIntent{.intent = Intent::spam, .score = 1}};
  f.write({both, own, spam, scored(mention("none", 8), f.brand),
           with_product(scored(mention("2", 9), f.brand), "Fernwave Hub", Polarity::negative),
           with_product(scored(mention("3", 10), f.brand), "Fernwave Hub", Polarity::neutral),
           with_product(scored(mention("nl", 11), f.brand), "Fernwave Play", Polarity::unscored),
           with_product(scored(mention("late", 24 * 60), f.brand), "Fernwave Hub", Polarity::positive)});

  auto reader = *f.store->reader();
  const auto rows = *reader->mentions({.brand = f.brand});
  REQUIRE(rows.size() == 8);
  const std::vector<store::ProductRow> expected{
      {.product = "Fernwave Hub", .polarity = Polarity::positive, .score = 0.5},
      {.product = "Fernwave Play", .polarity = Polarity::negative, .score = -0.5}};
  CHECK(rows.back().verdict.products == expected);
  CHECK((*reader->mention(rows.back().id))[0].verdict.products == expected);
  CHECK(rows[4].verdict.products.empty());

  CHECK(counts(f) ==
        std::vector<store::ProductCount>{
            {.product = "Fernwave Hub", .mentions = 4, .positive = 2, .neutral = 1, .negative = 1},
            {.product = "Fernwave Play", .mentions = 2, .negative = 1, .unscored = 1}});
  CHECK(reader->products(f.brand, from_ms(monday_ms), from_ms(monday_ms + 6 * 60'000))->size() == 2);
  CHECK(reader->products(BrandId{77}, from_ms(0), from_ms(monday_ms * 2))->empty());
  CHECK(view(dir) == std::vector<std::string>{"Fernwave|Fernwave Hub|2026-03-02|3|1|1|1|0|0.0",
                                              "Fernwave|Fernwave Hub|2026-03-03|1|1|0|0|0|1.0",
                                              "Fernwave|Fernwave Play|2026-03-02|2|0|0|1|1|-1.0"});
}

TEST_CASE("an edit says anew what is said of products, a deletion leaves the numbers", "[store][products]") {
  TempDir dir;
  auto f = fresh(dir);
  auto post = mention("1", 5, "Fernwave Hub is down");
  f.write({with_product(scored(post, f.brand), "Fernwave Hub", Polarity::negative)});
  post.text = "Fernwave Play is down";
  post.edited_at = post.created_at + std::chrono::minutes(1);
  f.write({with_product(scored(post, f.brand), "Fernwave Play", Polarity::negative)});
  const std::vector<store::ProductCount> expected{{.product = "Fernwave Play", .mentions = 1, .negative = 1}};
  CHECK(counts(f) == expected);
  post.deleted = true;
  f.write({store::ScoredMention{.mention = post}});
  CHECK(counts(f) == expected);

  auto other = mention("2", 6, "Fernwave Hub is down");
  f.write({with_product(scored(other, f.brand), "Fernwave Hub", Polarity::negative)});
  other.text = "never mind";
  other.edited_at = other.created_at + std::chrono::minutes(1);
  f.write({store::ScoredMention{.mention = other}});
  CHECK(counts(f) == expected);
}

TEST_CASE("two brands may have a product of one name", "[store][products]") {
  TempDir dir;
  auto f = fresh(dir);
  auto item = with_product(scored(mention("1", 5), f.brand), "Hub", Polarity::negative);
  auto other = item.verdicts[0];
  other.brand = *f.store->ensure_brand("Quillnet");
  other.verdict.products[0].sentiment.polarity = Polarity::positive;
  item.verdicts.push_back(other);
  f.write({item});
  CHECK(view(dir) == std::vector<std::string>{"Fernwave|Hub|2026-03-02|1|0|0|1|0|-1.0",
                                              "Quillnet|Hub|2026-03-02|1|1|0|0|0|1.0"});
}

TEST_CASE("a product first named in a page that was rolled back keeps its name",
          "[store][products][faults]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto page = [&](std::string product, std::string stream, std::int64_t epoch) {
    return store::Batch{
        .source = f.source,
        .stream = std::move(stream),
        .epoch = epoch,
        .mentions = {with_product(scored(mention(product, 5), f.brand), product, Polarity::negative)},
        .now = from_ms(monday_ms)};
  };
  // The second page of the group is stale, so that the first is rolled back with it.
  const std::vector<store::Batch> group = {page("Hub", "a", 0), page("Hub", "b", 7)};
  REQUIRE_FALSE(f.store->write(group));
  for (const auto* product : {"Play", "Hub"}) {
    const std::vector<store::Batch> alone = {page(product, product, 0)};
    REQUIRE(f.store->write(alone));
  }
  CHECK(counts(f) == std::vector<store::ProductCount>{{.product = "Hub", .mentions = 1, .negative = 1},
                                                      {.product = "Play", .mentions = 1, .negative = 1}});
}

TEST_CASE("a database from before products is brought forward and keeps what it has", "[store][products]") {
  TempDir dir;
  {
    auto f = fresh(dir);
    f.write({scored(mention("1", 5), f.brand)});
  }
  {
    // Back to the first schema: the same tables without what later ones brought.
    auto old = *Database::open(dir.file("earshot.db"), Access::read_write);
    undo_to_schema_6(old);
    REQUIRE(
        old.execute("DROP TABLE waiting; DROP TABLE response_day; DROP TABLE journey;"
                    "DROP TABLE search_queue; DROP TABLE search_removed;"
                    "CREATE VIRTUAL TABLE mention_fts USING fts5(title, text, content='');"
                    "DROP TABLE verdict_products; DROP TABLE product; DROP TABLE account_mention;"
                    "ALTER TABLE verdict DROP COLUMN urgency; ALTER TABLE verdict DROP COLUMN severity;"
                    "PRAGMA user_version=1; UPDATE meta SET value='1' WHERE key='schema_version'"));
  }
  const auto refused = store::open_reader(dir.file("earshot.db"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::forbidden);
  const auto newest = std::to_string(store::sqlite::newest_schema());
  CHECK(refused.error().message.find("schema 1, this program reads " + newest + ": start the daemon") !=
        std::string::npos);

  auto f = fresh(dir);
  f.epoch = f.store->stream(f.source, "tag:fernwave")->epoch;
  const auto rows = *(*f.store->reader())->mentions({.brand = f.brand});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].verdict.products.empty());
  CHECK(counts(f).empty());
  f.rollups_agree();
  f.write({with_product(scored(mention("2", 6), f.brand), "Hub", Polarity::positive)});
  CHECK(counts(f).size() == 1);
  auto database = *Database::open(dir.file("earshot.db"), Access::read_only);
  CHECK(*database.integer("SELECT schema_version FROM v_schema") == store::sqlite::newest_schema());
}
