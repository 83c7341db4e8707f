// Whether names are kept is settled once, and a person is found by either name.
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

TEST_CASE("a pseudonym is the same for every spelling of a name, and another with another key",
          "[store][pseudonyms]") {
  TempDir dir;
  using store::KeyedHash;
  const auto key = *KeyedHash::of_database(dir.file("a.db"), KeyedHash::Missing::make);
  const auto other = *KeyedHash::of_database(dir.file("b.db"), KeyedHash::Missing::make);
  const auto ann = key.pseudonym("ann@social.example");
  CHECK(store::is_pseudonym(ann));
  CHECK(key.pseudonym("@Ann@Social.Example") == ann);
  CHECK(key.pseudonym(ann) == ann);
  CHECK(key.pseudonym("bob") != ann);
  CHECK(other.pseudonym("ann@social.example") != ann);
  CHECK(
      KeyedHash::of_database(dir.file("a.db"), KeyedHash::Missing::refuse)->pseudonym("ann@social.example") ==
      ann);
  CHECK_FALSE(store::is_pseudonym("p_ann"));
  CHECK_FALSE(store::is_pseudonym("p_0123456789abcdeg"));
}

TEST_CASE("whether names are kept can be changed until the first mention comes", "[store][pseudonyms]") {
  TempDir dir;
  Fixture f{*store::open_store(dir.file("earshot.db"))};
  REQUIRE(f.store->ensure_pseudonyms(true));
  CHECK(*f.store->ensure_pseudonyms(true));
  CHECK_FALSE(*f.store->ensure_pseudonyms(false));
  const auto key = *f.store->ensure_pseudonyms(true);
  REQUIRE(key);
  auto post = mention("1", 5, "Fernwave is down", key->pseudonym("did:plc:ann"));
  post.author.handle = key->pseudonym("ann.example");
  f.write({scored(post, f.brand)});
  CHECK(*f.store->ensure_pseudonyms(true));
  const auto refused = f.store->ensure_pseudonyms(false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);

  const auto reader = *f.store->reader();
  for (const auto* name : {"did:plc:ann", "ann.example", "@Ann.Example"}) {
    const auto trace = reader->author("mastodon", name);
    REQUIRE(trace);
    CHECK(trace->mentions.size() == 1);
  }
  CHECK(reader->author("mastodon", key->pseudonym("ann.example"))->mentions.size() == 1);
  CHECK_FALSE(reader->author("mastodon", "bob"));
}

TEST_CASE("names that were kept cannot become pseudonyms", "[store][pseudonyms]") {
  TempDir dir;
  Fixture f{*store::open_store(dir.file("earshot.db"))};
  f.write({scored(mention("1", 5, "Fernwave is down", "ann"), f.brand)});
  CHECK(f.store->ensure_pseudonyms(false));
  const auto refused = f.store->ensure_pseudonyms(true);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("earshot.db") != std::string::npos);
  CHECK((*f.store->reader())->author("mastodon", "ann")->mentions.size() == 1);
}
