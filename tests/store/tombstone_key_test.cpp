#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/model/identity.hpp"
#include "store/keyed_hash.hpp"
#include "store/sqlite/database.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using namespace std::chrono_literals;
using store::KeyedHash;
using store::sqlite::Access;
using store::sqlite::Database;

namespace {

Fixture open(const TempDir& dir) {
  auto opened = store::open_store(dir.file("earshot.db"));
  REQUIRE(opened);
  return Fixture(std::move(*opened));
}

Mention gone(Mention mention) {
  mention.deleted = true;
  mention.fetched_at += 1h;
  return mention;
}

/// An article: of those the time may change, so that a second table leads to them.
Mention article(const std::string& id, int minute) {
  auto out = mention(id, minute);
  out.platform = "feed";
  return out;
}

std::int64_t ask(const TempDir& dir, const std::string& sql) {
  auto database = *Database::open(dir.file("earshot.db"), Access::read_only);
  auto value = database.integer(sql.c_str());
  REQUIRE(value);
  return *value;
}

std::int64_t with_hash(const TempDir& dir, const Mention& of) {
  const auto hash =
      std::to_string(static_cast<std::int64_t>(identity::native_hash(of.platform, of.native_id)));
  return ask(dir, "SELECT (SELECT count(*) FROM mention WHERE native_hash=" + hash +
                      ")+(SELECT count(*) FROM mention_alias WHERE native_hash=" + hash + ")");
}

mode_t mode_of(const std::string& path) {
  struct stat seen {};
  REQUIRE(::stat(path.c_str(), &seen) == 0);
  return seen.st_mode & 07777;
}

}  // namespace

TEST_CASE("a key is made once, for its owner alone, and stays out of the database", "[store][privacy]") {
  TempDir dir;
  const auto path = dir.file("earshot.db");
  const auto key = [&] {
    std::ifstream in(path + ".key");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  };
  { auto f = open(dir); }
  const auto first = key();
  CHECK(first.size() == 64);
  CHECK(mode_of(path + ".key") == 0600);
  {
    auto f = open(dir);
    f.write({scored(mention("1", 1), f.brand)});
    f.write({scored(gone(mention("1", 1)), f.brand)});
  }
  CHECK(key() == first);
  for (const auto* end : {"", "-wal"}) {
    std::ifstream in(path + end, std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    CHECK(bytes.str().find(first) == std::string::npos);
  }
}

TEST_CASE("keyed numbers are the key's own", "[store][privacy]") {
  const auto one = *KeyedHash::of_database(":memory:", KeyedHash::Missing::make);
  const auto other = *KeyedHash::of_database(":memory:", KeyedHash::Missing::make);
  CHECK(one(7) == one(7));
  CHECK(one(7) != one(8));
  CHECK(one(7) != other(7));
  CHECK(one.fingerprint() != other.fingerprint());
}

TEST_CASE("a tombstone does not give away what it was, and what it was does not come back",
          "[store][privacy]") {
  TempDir dir;
  for (const auto& post : {mention("1", 1), article("2", 2)}) {
    INFO(post.platform);
    {
      auto f = open(dir);
      f.epoch = f.store->stream(f.source, "tag:fernwave")->epoch;
      f.write({scored(post, f.brand)});
      CHECK(with_hash(dir, post) > 0);
      f.write({scored(gone(post), f.brand)});
      CHECK(with_hash(dir, post) == 0);
    }
    // Another process knows it again, by the key.
    auto f = open(dir);
    f.epoch = f.store->stream(f.source, "tag:fernwave")->epoch;
    CHECK(f.write({scored(post, f.brand)}).stored == 0);
    auto edited = post;
    edited.text = "Fernwave is down again";
    edited.edited_at = post.created_at + 1h;
    edited.fetched_at += 2h;
    CHECK(f.write({scored(edited, f.brand)}).stored == 0);
    CHECK(with_hash(dir, post) == 0);
    f.rollups_agree();
  }
  CHECK(ask(dir, "SELECT count(*) FROM mention WHERE text IS NOT NULL") == 0);
  CHECK(ask(dir, "SELECT count(*) FROM mention") == 2);
}

TEST_CASE("a deletion that is heard before its post is keyed too", "[store][privacy]") {
  TempDir dir;
  auto f = open(dir);
  f.write({scored(gone(mention("1", 1)), f.brand)});
  CHECK(with_hash(dir, mention("1", 1)) == 0);
  CHECK(f.write({scored(mention("1", 1), f.brand)}).stored == 0);
  CHECK(ask(dir, "SELECT count(*) FROM mention WHERE text IS NOT NULL") == 0);
}

TEST_CASE("tombstones from before there was a key get theirs", "[store][privacy][migration]") {
  TempDir dir;
  const auto post = article("1", 1);
  const auto hash = static_cast<std::int64_t>(identity::native_hash(post.platform, post.native_id));
  {
    auto f = open(dir);
    f.write({scored(post, f.brand)});
    f.write({scored(gone(post), f.brand)});
  }
  {
    // As a version without keys left it.
    auto database = *Database::open(dir.file("earshot.db"), Access::read_write);
    const auto old = std::to_string(hash);
    REQUIRE(database.execute(("UPDATE mention SET native_hash=" + old +
                              ";UPDATE mention_alias SET native_hash=" + old +
                              ";DELETE FROM meta WHERE key='tombstone_key'")
                                 .c_str()));
  }
  CHECK(with_hash(dir, post) == 2);
  auto f = open(dir);
  f.epoch = f.store->stream(f.source, "tag:fernwave")->epoch;
  CHECK(with_hash(dir, post) == 0);
  CHECK(f.write({scored(post, f.brand)}).stored == 0);
  CHECK(ask(dir, "SELECT count(*) FROM mention WHERE text IS NOT NULL") == 0);
}

TEST_CASE("a database does not open with another key than its own", "[store][privacy][faults]") {
  TempDir dir;
  const auto path = dir.file("earshot.db"), key = path + ".key";
  { auto f = open(dir); }
  // Without tombstones nothing hangs on it.
  std::filesystem::remove(key);
  {
    auto f = open(dir);
    f.write({scored(mention("1", 1), f.brand)});
    f.write({scored(gone(mention("1", 1)), f.brand)});
  }
  const auto refused = [&](const char* word) {
    const auto opened = store::open_store(path);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::forbidden);
    CHECK(opened.error().message.find(word) != std::string::npos);
  };
  REQUIRE(::chmod(key.c_str(), 0640) == 0);
  refused("chmod 0600");
  std::filesystem::rename(key, dir.file("kept"));
  refused("put it back");
  CHECK_FALSE(std::filesystem::exists(key));
  std::ofstream(key) << std::string(64, 'a');
  REQUIRE(::chmod(key.c_str(), 0600) == 0);
  refused("is not the key");
  std::ofstream(key) << "half a ke";
  refused("holds no key");
  std::filesystem::remove(key);
  std::filesystem::copy(dir.file("kept"), key);
  REQUIRE(::chmod(key.c_str(), 0600) == 0);
  { auto f = open(dir); }
  // Who says that it is lost gets a new one.
  std::filesystem::resize_file(key, 0);
  { auto f = open(dir); }
  CHECK(std::filesystem::file_size(key) == 64);
  { auto f = open(dir); }
}
