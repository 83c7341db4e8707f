// The full-text index beside the database: it lags, it catches up, and however it was interrupted it ends as
// if it had been made at once from what is there.
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "store/sqlite/search_index.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using store::sqlite::Access;
using store::sqlite::Database;

namespace {

const std::vector<std::string> words = {"router", "light", "red", "café", "slow", "bill"};

std::string index_of(const TempDir& dir) { return store::sqlite::search_path(dir.file("earshot.db")); }

void lose_index(const TempDir& dir) {
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(index_of(dir) + part);
}

/// Everything that is found, word by word, and what SQLite says of the index's soundness.
std::vector<std::string> found(Fixture& f, const TempDir& dir) {
  std::vector<std::string> out;
  auto reader = *f.store->reader();
  for (const auto& word : words)
    for (const auto& row : *reader->mentions({.search = word, .limit = 10'000}))
      out.push_back(word + " " + std::to_string(row.id.value));
  auto index = *Database::open(index_of(dir), Access::read_write);
  CHECK(index.execute("INSERT INTO mention_fts(mention_fts) VALUES('integrity-check')"));
  // Nor may there be rows in the index that the mentions hide.
  for (const auto& word : words) {
    const auto sql = "SELECT count(*) FROM mention_fts WHERE mention_fts MATCH '" + word + "'";
    out.push_back(word + " in all " + std::to_string(*index.integer(sql.c_str())));
  }
  return out;
}

/// What a new index finds.
std::vector<std::string> found_anew(Fixture& f, const TempDir& dir) {
  lose_index(dir);
  f.index();
  return found(f, dir);
}

/// A page of new mentions, edits and deletions among `count` of them.
std::vector<store::ScoredMention> page(std::mt19937& random, BrandId brand, unsigned count, int version) {
  std::vector<store::ScoredMention> out;
  const auto word = [&] { return words[random() % words.size()]; };
  for (int i = 0; i < 5; ++i) {
    const auto number = static_cast<int>(random() % count);
    auto m = mention(std::to_string(number), number * 5, word() + " " + word());
    m.fetched_at = m.created_at + std::chrono::minutes(version);
    if (version > 0) m.edited_at = m.fetched_at;
    m.deleted = random() % 12 == 0;
    out.push_back(m.deleted ? store::ScoredMention{.mention = m} : scored(m, brand));
  }
  return out;
}

}  // namespace

TEST_CASE("what is written is found once the index has it, what is deleted at once no more",
          "[store][search]") {
  TempDir dir;
  auto f = fresh(dir);
  auto reader = *f.store->reader();
  const auto early = reader->mentions({.search = "router"});
  REQUIRE_FALSE(early);
  CHECK(early.error().message.find("no search index yet") != std::string::npos);
  f.index();
  f.write({scored(mention("1", 1, "red router"), f.brand)});
  CHECK(reader->mentions({.search = "router"})->empty());
  f.index();
  CHECK(reader->mentions({.search = "router"})->size() == 1);
  auto gone = mention("1", 1);
  gone.deleted = true;
  f.write({store::ScoredMention{.mention = gone}});
  CHECK(reader->mentions({.search = "router"})->empty());
}

TEST_CASE("an index that follows in small steps finds what one made at once finds", "[store][search]") {
  for (unsigned seed = 0; seed < 12; ++seed) {
    TempDir dir;
    auto f = fresh(dir);
    std::mt19937 random(seed);
    auto indexer = *f.store->indexer();
    for (int version = 0; version < 60; ++version) {
      f.write(page(random, f.brand, 25, version));
      // It lags by many pages or by none, and now and then is lost and begins anew while pages wait.
      if (random() % 3 == 0) REQUIRE(indexer->advance(1 + random() % 7));
      if (random() % 15 == 0) indexer = *f.store->indexer();
      if (version == 40) REQUIRE(f.store->purge(from_ms(monday_ms + 3'600'000), 3));
      if (random() % 25 == 0) {
        indexer.reset();
        lose_index(dir);
        indexer = *f.store->indexer();
      }
    }
    indexer.reset();
    f.index();
    const auto followed = found(f, dir);
    INFO(seed);
    CHECK(followed == found_anew(f, dir));
    // What the index has taken in waits no longer.
    REQUIRE(f.store->checkpoint());
    auto main = *Database::open(dir.file("earshot.db"), Access::read_only);
    CHECK(*main.integer("SELECT (SELECT count(*) FROM search_queue)+(SELECT count(*) FROM search_removed)") ==
          0);
  }
}

TEST_CASE("a damaged index is made anew", "[store][search][faults]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write({scored(mention("1", 1, "red router"), f.brand)});
  f.index();
  std::ofstream(index_of(dir), std::ios::trunc) << "not a database at all, and longer than a header";
  f.index();
  CHECK((*f.store->reader())->mentions({.search = "router"})->size() == 1);
}

TEST_CASE("an index that turns out to be damaged inside is made anew", "[store][search][faults]") {
  for (const long page : {2L, 3L, 4L, 6L}) {
    TempDir dir;
    auto f = fresh(dir);
    for (int i = 0; i < 40; ++i)
      f.write(
          {scored(mention(std::to_string(i), i, "red router number " + std::to_string(i * 977)), f.brand)});
    f.index();
    {
      std::fstream file(index_of(dir), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(page * 4096);
      file << std::string(4096, '\x5A');
    }
    // A page that nobody needs may stay damaged; what is found must be right.
    f.write({scored(mention("new", 90, "slow router"), f.brand)});
    auto indexer = *f.store->indexer();
    for (int step = 0; step < 50; ++step) {
      const auto more = indexer->advance();
      if (more && !*more) break;
      REQUIRE(step < 49);
    }
    INFO(page);
    const auto rows = (*f.store->reader())->mentions({.search = "slow"});
    REQUIRE(rows);
    CHECK(rows->size() == 1);
  }
}

TEST_CASE("an index that is ahead of an older copy of the database begins anew", "[store][search][faults]") {
  TempDir dir;
  {
    auto f = fresh(dir);
    f.write({scored(mention("1", 1, "red router"), f.brand)});
    f.index();
    REQUIRE(f.store->checkpoint());
  }
  std::filesystem::copy_file(dir.file("earshot.db"), dir.file("copy.db"));
  {
    auto f = fresh(dir);
    f.write({scored(mention("2", 2, "slow router"), f.brand)});
    f.index();
  }
  for (const char* part : {"-wal", "-shm"}) std::filesystem::remove(dir.file("earshot.db") + part);
  std::filesystem::rename(dir.file("copy.db"), dir.file("earshot.db"));
  auto f = fresh(dir);
  f.index();
  const auto followed = found(f, dir);
  CHECK(followed == found_anew(f, dir));
}

TEST_CASE("an index that is an older copy of itself begins anew", "[store][search][faults]") {
  TempDir dir;
  auto f = fresh(dir);
  f.write({scored(mention("1", 1, "red router"), f.brand)});
  f.index();
  std::filesystem::copy_file(index_of(dir), dir.file("copy.db"));
  f.write({scored(mention("2", 2, "slow router"), f.brand)});
  f.index();
  REQUIRE(f.store->checkpoint());  // what was taken in is dropped from the queue
  lose_index(dir);
  std::filesystem::rename(dir.file("copy.db"), index_of(dir));
  f.index();
  CHECK((*f.store->reader())->mentions({.search = "router"})->size() == 2);
}

TEST_CASE("an index killed at any moment catches up", "[store][search][faults]") {
  for (unsigned round = 0; round < 6; ++round) {
    TempDir dir;
    int progress[2];
    REQUIRE(::pipe(progress) == 0);
    const auto child = ::fork();
    if (child == 0) {
      auto f = fresh(dir);
      auto indexer = *f.store->indexer();
      std::mt19937 random(round);
      for (int version = 0;; ++version) {
        f.write(page(random, f.brand, 200, version));
        if (version % 2 == 0 && !indexer->advance(3)) ::_exit(1);
        if (::write(progress[1], "+", 1) != 1) ::_exit(1);
      }
    }
    ::close(progress[1]);
    char step = 0;
    for (unsigned steps = 0; steps < 3 + 2 * round; ++steps) REQUIRE(::read(progress[0], &step, 1) == 1);
    ::usleep(round * 1'300);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(progress[0]);
    auto f = fresh(dir);
    f.index();
    const auto followed = found(f, dir);
    INFO(round);
    CHECK(followed.size() > words.size());
    CHECK(followed == found_anew(f, dir));
  }
}
