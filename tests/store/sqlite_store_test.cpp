#include <sys/wait.h>
#include <unistd.h>

#include "store/sqlite/database.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

TEST_CASE("the views say which lexicon judged last", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  auto first = scored(mention("1", 1), f.brand), second = scored(mention("2", 2), f.brand);
  first.verdicts[0].verdict.lexicon_version = 7;
  second.verdicts[0].verdict.lexicon_version = 8;
  f.write({first});
  f.write({second});
  auto database = *store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
  const auto judged_by = [&] {
    return *database.integer("SELECT CAST(lexicon_version AS INTEGER) FROM v_schema");
  };
  CHECK(judged_by() == 8);
  // A page that is refused changes nothing of it either, and does not keep the next from saying so.
  store::Batch stale{
      .source = f.source, .stream = "tag:fernwave", .mentions = {first}, .now = from_ms(monday_ms)};
  CHECK_FALSE(f.store->write(std::span(&stale, 1)));
  CHECK(judged_by() == 8);
  first.mention.native_id = "3";
  f.write({first});
  CHECK(judged_by() == 7);
}

TEST_CASE("a page is stored with its verdicts, rollups and cursor", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto receipt = f.write({scored(mention("1", 5), f.brand),
                                scored(mention("2", 6, "love it", "bob"), f.brand, Polarity::positive)});
  CHECK(receipt.stored == 2);
  CHECK(f.store->stream(f.source, "tag:fernwave")->cursor->json == "{\"n\":0}");
  auto reader = *f.store->reader();
  CHECK((*reader->cursor(f.source, "tag:fernwave"))->json == "{\"n\":0}");
  CHECK_FALSE(*reader->cursor(f.source, "tag:other"));
  const auto rows = *reader->mentions({.brand = f.brand});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].text == "love it");
  const auto hours = *reader->hours(f.brand, from_ms(0), from_ms(monday_ms * 2));
  REQUIRE(hours.size() == 1);
  CHECK(hours[0].mentions == 2);
  CHECK(hours[0].negative == 1);
  CHECK(hours[0].authors.estimate() == 2);
  const auto issues = *reader->issues(f.brand, from_ms(0), from_ms(monday_ms * 2));
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].mentions == 2);
  f.rollups_agree();
}

TEST_CASE("a page that comes again changes nothing", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write({scored(mention("1", 5), f.brand)});
  const auto before = f.state();
  const auto receipt = f.write({scored(mention("1", 5), f.brand)});
  CHECK(receipt.duplicate == 1);
  CHECK(receipt.stored == 0);
  CHECK(f.state() == before);
  f.rollups_agree();
}

TEST_CASE("a database with gaps passes SQLite's integrity check", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write({scored(mention("1", 5), f.brand)});
  REQUIRE(f.store->add_gap(
      f.source, "s", Gap{.from = from_ms(monday_ms), .to = from_ms(monday_ms + 5), .reason = "page_cap"}));
  auto database = store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
  REQUIRE(database);
  CHECK(*database->integer("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check='ok'") == 1);
}

TEST_CASE("a platform first seen in a page that was rolled back keeps its name", "[store][faults]") {
  TempDir dir;
  auto f = fresh(dir);
  const auto page = [&](std::string platform, std::string stream, std::int64_t epoch) {
    auto item = scored(mention("1", 5), f.brand);
    item.mention.platform = std::move(platform);
    return store::Batch{.source = f.source,
                        .stream = std::move(stream),
                        .epoch = epoch,
                        .mentions = {item},
                        .now = from_ms(monday_ms)};
  };
  // The second page of the group is stale, so that the first is rolled back with it.
  const std::vector<store::Batch> group = {page("mastodon", "a", 0), page("mastodon", "b", 7)};
  REQUIRE_FALSE(f.store->write(group));
  const std::vector<store::Batch> others = {page("bluesky", "c", 0)};
  REQUIRE(f.store->write(others));
  const std::vector<store::Batch> again = {page("mastodon", "a", 0)};
  REQUIRE(f.store->write(again));
  std::vector<std::string> platforms;
  auto reader = *f.store->reader();
  for (const auto& row : *reader->mentions({.brand = f.brand})) platforms.push_back(row.platform);
  std::ranges::sort(platforms);
  CHECK(platforms == std::vector<std::string>{"bluesky", "mastodon"});
}

TEST_CASE("a stale worker's page is refused and leaves nothing behind", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write({scored(mention("1", 5), f.brand)});
  store::Batch stale{.source = f.source,
                     .stream = "tag:fernwave",
                     .epoch = 0,
                     .mentions = {scored(mention("2", 6), f.brand)},
                     .now = from_ms(monday_ms)};
  const auto before = f.state();
  auto refused = f.store->write(std::span(&stale, 1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::cancelled);
  CHECK(f.state() == before);
}

TEST_CASE("a mention of no brand is not stored", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  auto item = scored(mention("1", 5), f.brand);
  item.verdicts.clear();
  CHECK(f.write({item}).unmatched == 1);
  CHECK(f.state().empty());
}

TEST_CASE("mentions whose platform has no fixed time keep one row when the time changes", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  auto first = mention("post", 5, "Fernwave review");
  first.platform = "feed";
  auto moved = first;
  moved.created_at += std::chrono::hours(7);
  moved.fetched_at += std::chrono::hours(8);
  moved.text = "Fernwave review, corrected";
  f.write({scored(first, f.brand)});
  CHECK(f.write({scored(moved, f.brand)}).updated == 1);
  CHECK((*f.store->reader())->mentions({.brand = f.brand})->size() == 1);
  f.rollups_agree();
}

TEST_CASE("a post from the future is one row, also when its time has come", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  auto early = mention("1", 5);
  early.created_at = early.fetched_at;  // what normalising makes of an impossible time
  auto later = mention("1", 300);
  later.fetched_at = later.created_at + std::chrono::hours(2);
  f.write({scored(early, f.brand)});
  CHECK(f.write({scored(later, f.brand)}).stored == 0);
  CHECK((*f.store->reader())->mentions({.brand = f.brand})->size() == 1);
  f.rollups_agree();
}

TEST_CASE("two posts with the same id bits both live", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  // 30,000 posts within one second against 22 bits of hash: about a hundred share an id.
  std::vector<store::ScoredMention> items;
  for (int i = 0; i < 30'000; ++i) items.push_back(scored(mention(std::to_string(i), 5), f.brand));
  auto again = items;
  CHECK(f.write(std::move(items)).stored == 30'000);
  CHECK(f.write(std::move(again)).duplicate == 30'000);
  f.rollups_agree();
}

TEST_CASE("edits and deletions in any order end in the same state", "[store]") {
  std::vector<store::ScoredMention> versions;
  const BrandId brand{1};
  for (int post = 0; post < 12; ++post) {
    const auto id = std::to_string(post);
    auto base = mention(id, post * 17, "Fernwave down again", "author" + std::to_string(post % 5));
    versions.push_back(with_product(scored(base, brand), "Hub", Polarity::negative));
    if (post % 2 == 0) {
      auto edit = base;
      edit.text = "Fernwave is back, thanks";
      edit.edited_at = edit.created_at + std::chrono::minutes(30);
      versions.push_back(with_product(scored(edit, brand, Polarity::positive, IssueType::praise), "Play",
                                      Polarity::positive));
      auto second = edit;
      second.text = "never mind";
      second.edited_at = edit.created_at + std::chrono::minutes(90);
      auto item = scored(second, brand);
      if (post % 4 == 0) item.verdicts.clear();
      versions.push_back(item);
    }
    if (post % 3 == 0) {
      auto gone = base;
      gone.deleted = true;
      gone.text.clear();
      versions.push_back(store::ScoredMention{.mention = gone, .verdicts = {}});
    }
  }
  std::vector<std::string> expected;
  std::mt19937 shuffle(7);
  for (int round = 0; round < 40; ++round) {
    TempDir dir;
    auto f = fresh(dir);
    REQUIRE(f.brand == brand);
    for (std::size_t at = 0; at < versions.size();) {
      const auto page = std::min<std::size_t>(1 + shuffle() % 7, versions.size() - at);
      f.write({versions.begin() + static_cast<std::ptrdiff_t>(at),
               versions.begin() + static_cast<std::ptrdiff_t>(at + page)});
      at += page;
    }
    f.rollups_agree();
    if (round == 0) expected = f.state();
    CHECK(f.state() == expected);
    std::ranges::shuffle(versions, shuffle);
  }
}

TEST_CASE("a deletion takes the words and leaves the numbers", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write({scored(mention("1", 5, "Fernwave canaryword"), f.brand)});
  f.index();
  auto gone = mention("1", 5);
  gone.deleted = true;
  f.write({store::ScoredMention{.mention = gone, .verdicts = {}}});
  auto reader = *f.store->reader();
  CHECK(reader->mentions({.search = "canaryword"})->empty());
  const auto rows = *reader->mentions({.brand = f.brand});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].deleted);
  CHECK(rows[0].text.empty());
  CHECK(rows[0].author_handle.empty());
  CHECK((*reader->hours(f.brand, from_ms(0), from_ms(monday_ms * 2)))[0].mentions == 1);
  f.write({scored(mention("1", 5, "Fernwave canaryword"), f.brand)});
  CHECK(reader->mentions({.search = "canaryword"})->empty());
}

TEST_CASE("search finds words, phrases and prefixes, newest first, page by page", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  std::vector<store::ScoredMention> items;
  for (int i = 0; i < 30; ++i)
    items.push_back(scored(
        mention(std::to_string(i), i, i % 3 ? "router light is red" : "red router café light"), f.brand));
  f.write(std::move(items));
  f.index();
  auto reader = *f.store->reader();
  CHECK(reader->mentions({.search = "\"router light\""})->size() == 20);
  CHECK(reader->mentions({.search = "cafe"})->size() == 10);
  CHECK(reader->mentions({.search = "rout*"})->size() == 30);
  const auto first = *reader->mentions({.brand = f.brand, .search = "red", .limit = 12});
  const auto second =
      *reader->mentions({.brand = f.brand, .search = "red", .before = first.back().id, .limit = 12});
  REQUIRE(second.size() == 12);
  CHECK(first.back().id > second.front().id);
  auto bad = reader->mentions({.search = "\"unclosed"});
  REQUIRE_FALSE(bad);
  CHECK(bad.error().kind == ErrorKind::invalid);
}

TEST_CASE("a second writer is refused and told who holds the database", "[store]") {
  TempDir dir;
  auto f = fresh(dir);
  auto second = store::open_store(dir.file("earshot.db"));
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::busy);
  CHECK(second.error().message.find("in use by pid " + std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE("a newer schema and a foreign file are refused without a write", "[store]") {
  TempDir dir;
  { auto f = fresh(dir); }
  {
    auto db = store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_write);
    REQUIRE(db->execute("PRAGMA user_version=999"));
  }
  auto refused = store::open_store(dir.file("earshot.db"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("schema 999") != std::string::npos);
  {
    auto db = store::sqlite::Database::open(dir.file("other.db"), store::sqlite::Access::read_write);
    REQUIRE(db->execute("CREATE TABLE theirs(x)"));
  }
  CHECK_FALSE(store::open_store(dir.file("other.db")));
}

TEST_CASE("a process killed at any moment loses nothing it acknowledged", "[store][faults]") {
  for (int round = 0; round < 10; ++round) {
    TempDir dir;
    int pipe_ends[2];
    REQUIRE(::pipe(pipe_ends) == 0);
    const auto child = ::fork();
    if (child == 0) {
      ::close(pipe_ends[0]);
      auto opened = store::open_store(dir.file("earshot.db"));
      const auto brand = *(*opened)->ensure_brand("Fernwave");
      const auto source = *(*opened)->ensure_source("social", "mastodon");
      for (int n = 0;; ++n) {
        store::Batch batch{.source = source,
                           .stream = "s",
                           .epoch = n,
                           .mentions = {},
                           .cursor = Cursor{.schema = 1, .json = std::to_string(n)},
                           .now = from_ms(monday_ms)};
        for (int i = 0; i < 20; ++i)
          batch.mentions.push_back(
              scored(mention(std::to_string(n) + "-" + std::to_string(i), n * 20 + i), brand));
        if (!(*opened)->write(std::span(&batch, 1))) ::_exit(1);
        if (::write(pipe_ends[1], &n, sizeof n) != sizeof n) ::_exit(2);
      }
    }
    ::close(pipe_ends[1]);
    int acknowledged = -1, n = 0;
    const int stop_after = 3 + round * 4;
    while (acknowledged < stop_after && ::read(pipe_ends[0], &n, sizeof n) == sizeof n) acknowledged = n;
    ::usleep(static_cast<unsigned>(round) * 700);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(pipe_ends[0], &n, sizeof n) == sizeof n) acknowledged = n;
    ::close(pipe_ends[0]);

    auto f = fresh(dir);
    const auto stream = *f.store->stream(f.source, "s");
    const auto cursor = std::stoi(stream.cursor->json);
    CHECK(cursor >= acknowledged);
    const auto rows = *(*f.store->reader())->mentions({.brand = f.brand, .limit = 100'000});
    CHECK(rows.size() == static_cast<std::size_t>(cursor + 1) * 20);
    f.rollups_agree();
  }
}
