// What platforms' rules do to what is kept.
#include "daemon/legal.hpp"

#include <catch2/catch.hpp>

#include "daemon/retention.hpp"
#include "store/sqlite/database.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::daemon;
using std::chrono::hours;

namespace {

constexpr const char* brand_text = "[[brand]]\nname = \"Fernwave\"\n";

Config config_of(const std::string& text) {
  auto config = parse_config(brand_text + text, "t.toml");
  if (!config) FAIL(config.error().message);
  return *config;
}

std::int64_t let_go_all(store::Store& store, const Config& config, Timestamp now, const std::string& file) {
  for (bool more = true; more;) {
    const auto gone = let_go(store, config, now);
    REQUIRE(gone);
    more = *gone;
  }
  auto database = store::sqlite::Database::open(file, store::sqlite::Access::read_only);
  return *database->integer("SELECT count(*) FROM mention WHERE text IS NOT NULL");
}

}  // namespace

TEST_CASE("a source's rules are its platform's and the company's own, the narrower of each",
          "[daemon][legal]") {
  const auto config = config_of(R"([[source]]
connector = "youtube"
name = "tube"
videos = ["v"]
credential = "k"
[[legal]]
source = "tube"
days = 7
deletion_hours = 24
documents = { days = "Our policy", deletion_hours = "Our policy" }
[[legal]]
source = "survey"
author = "forbidden"
documents = { author = "Works council, 2026" }
)");
  const auto tube = legal_of(config.legal, "tube", "youtube");
  CHECK(tube.days == 7);
  CHECK(tube.documents.at("days") == "Our policy");
  CHECK(legal_of(config.legal, "other", "youtube").days == 30);
  CHECK_FALSE(keeping_of(legal_of(config.legal, "survey", "import")).author);
  CHECK(legal_of(config.legal, "nobody", "import") == connectors::LegalProfile{});
}

TEST_CASE("mistakes in [[legal]] are named with their places", "[daemon][legal][config]") {
  const auto wrong = [](const std::string& text) {
    const auto config = parse_config(text, "t.toml");
    return config ? std::string() : config.error().message;
  };
  CHECK(wrong("[[legal]]\ndays = 3\ndocuments = { days = \"x\" }\n").find("t.toml:1:1: legal: `source`") !=
        std::string::npos);
  CHECK(wrong("[[legal]]\nsource = \"a\"\ndays = 3\n").find("t.toml:3:8: legal: `days` needs its document") !=
        std::string::npos);
  CHECK(wrong("[[legal]]\nsource = \"a\"\n[[legal]]\nsource = \"a\"\n").find("is used twice") !=
        std::string::npos);
  CHECK(wrong("[[source]]\nconnector = \"feed\"\nhydrate = \"never\"\n").find("t.toml:3:11: source: ") !=
        std::string::npos);
}

TEST_CASE(
    "retention takes the smaller of the configuration and the rules, also for sources that are configured no "
    "more",
    "[daemon][legal]") {
  test::TempDir dir;
  auto store = *store::open_store(dir.file("earshot.db"));
  const auto brand = *store->ensure_brand("Fernwave");
  for (const auto* connector : {"youtube", "feed"}) {
    const auto source = *store->ensure_source(connector, connector);
    store::Batch batch{.source = source, .stream = "s", .now = from_ms(test::monday_ms)};
    for (int i = 0; i < 3; ++i)
      batch.mentions.push_back(test::scored(test::mention(connector + std::to_string(i), i), brand));
    REQUIRE(store->write(std::span(&batch, 1)));
  }
  const auto day = [](int number) { return from_ms(test::monday_ms) + hours(24 * number); };
  const auto file = dir.file("earshot.db");
  CHECK(let_go_all(*store, config_of(""), day(29), file) == 6);
  CHECK(let_go_all(*store, config_of(""), day(31), file) == 3);  // YouTube's thirty days
  CHECK(store->verify_rollups()->empty());
  const auto own = config_of("[[legal]]\nsource = \"feed\"\ndays = 60\ndocuments = { days = \"Ours\" }\n");
  CHECK(let_go_all(*store, own, day(59), file) == 3);
  const auto shorter = config_of("[retention]\nkeep = \"40d\"\n" + std::string(R"([[legal]]
source = "feed"
days = 60
documents = { days = "Ours" }
)"));
  CHECK(let_go_all(*store, shorter, day(61), file) == 0);
  CHECK(store->oldest()->has_value() == false);
}

TEST_CASE("what may not be kept is judged and then left out", "[daemon][legal]") {
  test::TempDir dir;
  auto store = *store::open_store(dir.file("earshot.db"));
  const auto brand = *store->ensure_brand("Fernwave");
  const auto source = *store->ensure_source("s", "webhook");
  const auto pipeline = *Pipeline::create({Brand{.id = brand, .name = "Fernwave"}}, {});
  const auto write = [&](const char* stream, const char* id, Keeping keeping) {
    Page page;
    page.mentions.push_back(test::mention(id, 1));
    page.mentions.back().raw = R"({"a":1})";
    page.mentions.back().tags = {"router"};
    const auto batch = pipeline->process(
        std::move(page), {.source = source, .stream = stream, .keeping = keeping}, from_ms(test::monday_ms));
    REQUIRE(store->write(std::span(&batch, 1)));
  };
  write("a", "1", {.raw = false});
  write("b", "2", {.author = false});
  write("c", "3", {.text = false});
  auto database = store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
  const auto count = [&](const char* sql) { return *database->integer(sql); };
  CHECK(
      count(
          "SELECT count(*) FROM mention WHERE raw IS NULL AND text IS NOT NULL AND author_id IS NOT NULL") ==
      1);
  CHECK(count("SELECT count(*) FROM mention WHERE author_id IS NULL AND author_handle IS NULL AND "
              "author_name IS NULL "
              "AND author_key<>0 AND text IS NOT NULL") == 1);
  CHECK(count("SELECT count(*) FROM mention WHERE text IS NULL AND title IS NULL AND tags IS NULL AND raw IS "
              "NULL AND "
              "author_id IS NOT NULL AND deleted_at IS NULL") == 1);
  CHECK(count("SELECT sum(mentions) FROM rollup_hour") == 3);
  CHECK(count("SELECT sum(negative) FROM rollup_hour") == count("SELECT sum(mentions) FROM rollup_hour"));
  CHECK(store->verify_rollups()->empty());
}
