// What a person may demand: a copy of everything that is kept of them, and that it goes from every file.
#include <set>

#include "store/sqlite/author_tables.hpp"
#include "store/sqlite/search_index.hpp"
#include "tests/store/town.hpp"

using namespace earshot;
using namespace earshot::test;

TEST_CASE("a person is found by id and by handle, with those who replied", "[store][erase]") {
  const Town town;
  for (const auto* name : {"canaryid", "canaryhandle", "@CanaryHandle"}) {
    const auto trace = town.trace(name);
    CHECK(trace.mentions.size() == 3);
    CHECK(trace.replies == std::vector{town.reply});
    CHECK(trace.ids == std::vector<std::string>{"canaryid"});
    CHECK(trace.handles == std::vector<std::string>{"canaryhandle"});
  }
  auto nobody = (*town.f.store->reader())->author("mastodon", "nobody");
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().kind == ErrorKind::invalid);
  CHECK_FALSE((*town.f.store->reader())->author("x", "canaryid"));
}

TEST_CASE("a handle that two accounts had is asked for by id", "[store][erase]") {
  Town town;
  auto other = mention("later", 20, "Fernwave is down", "anotherid");
  other.author.handle = "canaryhandle";
  town.f.write({scored(other, town.f.brand)});
  auto both = (*town.f.store->reader())->author("mastodon", "canaryhandle");
  REQUIRE_FALSE(both);
  CHECK(both.error().message.find("canaryid, anotherid") != std::string::npos);
  CHECK(town.trace("anotherid").mentions.size() == 1);
  CHECK(town.trace("canaryid").mentions.size() == 3);
}

TEST_CASE("a person's copy holds every row about them, and none of others", "[store][erase]") {
  const Town town;
  auto reader = *town.f.store->reader();
  std::map<std::string, int> tables;
  std::string all;
  REQUIRE(reader->author_rows(town.trace(), [&](std::string_view table, std::string_view row) -> Status {
    ++tables[std::string(table)];
    all += row;
    return Done{};
  }));
  CHECK(tables["mention"] == 3);
  CHECK(tables["verdict"] == 3);
  CHECK(tables["label"] == 1);
  CHECK(tables["incident_mention"] == 1);
  CHECK(all.find(std::to_string(town.theirs.value)) != std::string::npos);
  for (const auto& canary : {"canaryhandle", "Canaryname", "canaryword", "canaryextra"})
    CHECK(all.find(canary) != std::string::npos);
  CHECK(all.find("cleo") == std::string::npos);
  CHECK(all.find("bob") == std::string::npos);
  auto stopped = reader->author_rows(town.trace(), [](std::string_view, std::string_view) -> Status {
    return unexpected(ErrorKind::disk_full, "full");
  });
  CHECK_FALSE(stopped);
}

TEST_CASE("an erased person is in no byte of the files, and every count stays", "[store][erase]") {
  const Town town;
  CHECK(town.left().size() == canaries.size());
  const auto mentions = town.number("SELECT sum(mentions) FROM rollup_hour");
  const auto authors = town.number("SELECT sum(authors) FROM rollup_hour");
  auto report = town.f.store->erase(town.trace(), "their demand", later);
  REQUIRE(report);
  CHECK(report->mentions == 3);
  CHECK(report->replies == 1);
  CHECK(report->findings >= 4);
  CHECK(report->sent == std::vector<std::pair<std::string, std::int64_t>>{{"chat", 1}});
  // Until the index has taken it in, its words wait there.
  CHECK(*town.f.store->settle_erasure() == false);
  {
    auto indexer = *town.f.store->indexer();
    for (bool more = true; more;) more = *indexer->advance();
  }
  CHECK(*town.f.store->settle_erasure());
  CHECK(town.left() == std::vector<std::string>{});
  CHECK(town.number("SELECT sum(mentions) FROM rollup_hour") == mentions);
  CHECK(town.number("SELECT sum(authors) FROM rollup_hour") == authors);
  CHECK(town.number("SELECT count(*) FROM mention WHERE deleted_at IS NOT NULL") == 3);
  CHECK(town.number("SELECT count(*) FROM mention WHERE text IS NOT NULL") == 2);
  CHECK(town.number("SELECT count(*) FROM erasure WHERE mentions=3 AND reason='their demand'") == 1);
  CHECK(town.word("SELECT title FROM idea") == "same");
  CHECK(town.word("SELECT json_array_length(details,'$.exemplars') FROM incident") == "1");
  CHECK(town.word("SELECT json_array_length(payload,'$.details.exemplars') FROM outbox WHERE kind LIKE "
                  "'incident%'") == "1");
  CHECK(town.word("SELECT payload->>'$.title' FROM outbox WHERE kind='report'") == "Brief");
  CHECK(town.word("SELECT conversation FROM mention WHERE author_handle='bob'").starts_with("erased-"));
  CHECK(town.number("SELECT count(*) FROM mention WHERE author_handle='bob' AND in_reply_to=conversation AND "
                    "raw IS NULL") == 1);
  const_cast<Fixture&>(town.f).rollups_agree();
  // Others are found as before, and nobody is found twice.
  CHECK((*town.f.store->reader())->mentions({.search = "slow", .limit = 10})->size() == 1);
  CHECK((*town.f.store->reader())->mentions({.search = "canaryword", .limit = 10})->empty());
  CHECK_FALSE((*town.f.store->reader())->author("mastodon", "canaryid"));
}

TEST_CASE("a reader that lingers puts the end of an erasure off, and never prevents it", "[store][erase]") {
  const Town town;
  const auto path = town.dir.file("earshot.db");
  for (const auto& file : {store::sqlite::search_path(path), path}) {
    CAPTURE(file);
    if (file == path)
      REQUIRE(town.f.store->erase(town.trace("bob"), "", later));
    else
      REQUIRE(town.f.store->erase(town.trace(), "", later));
    auto reader = *store::sqlite::Database::open(file, store::sqlite::Access::read_only);
    REQUIRE(reader.execute("BEGIN; SELECT count(*) FROM sqlite_schema"));
    const_cast<Fixture&>(town.f).index();
    CHECK(*town.f.store->settle_erasure() == false);
    REQUIRE(reader.execute("COMMIT"));
    const_cast<Fixture&>(town.f).index();
    CHECK(*town.f.store->settle_erasure());
  }
  CHECK(town.left() == std::vector<std::string>{});
}

TEST_CASE("what was erased does not come back with a page", "[store][erase]") {
  Town town;
  REQUIRE(town.f.store->erase(town.trace(), "", later));
  const auto receipt =
      town.f.write({scored(canary_post("1", 1, "Fernwave lost my canaryword"), town.f.brand)});
  CHECK(receipt.stored == 0);
  CHECK(receipt.duplicate == 1);
  CHECK(town.number("SELECT count(*) FROM mention WHERE text LIKE '%canary%'") == 0);
  // What they write from now on is new.
  CHECK(town.f.write({scored(canary_post("4", 99, "Fernwave again"), town.f.brand)}).stored == 1);
  CHECK(town.trace().mentions.size() == 1);
}

TEST_CASE("every table that names mentions or authors belongs to a person's copy", "[store][erase]") {
  const Town town;
  auto database =
      *store::sqlite::Database::open(town.dir.file("earshot.db"), store::sqlite::Access::read_only);
  auto statement = *store::sqlite::Statement::prepare(
      database,
      "SELECT DISTINCT s.name FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type='table' AND "
      "(c.name='author_key' OR c.name LIKE '%mention%') AND c.name NOT IN ('mentions','negative_mentions')");
  std::set<std::string> missing;
  {
    store::sqlite::Statement::Use use(statement);
    while (use.step()) missing.insert(std::string(use.text(0)));
  }
  for (const auto& table : store::sqlite::author_tables) missing.erase(table.name);
  // Ids of the incident's first mention; what waits for the full-text index, which takes it in.
  CHECK(missing == std::set<std::string>{"incident", "search_removed"});
}

TEST_CASE("another reading of a reply does not say again whom it answered", "[store][erase]") {
  Town town;
  REQUIRE(town.f.store->erase(town.trace(), "", later));
  const auto reply = [&](const std::string& text, Timestamp fetched_at, std::optional<Timestamp> edited_at) {
    auto answer = mention("answer", 10, text, "bob");
    answer.in_reply_to = answer.conversation = "https://social.example/canarypost-1";
    answer.raw = R"({"to":"canaryid"})";
    answer.fetched_at = fetched_at;
    answer.edited_at = edited_at;
    return scored(answer, town.f.brand);
  };
  const auto count = [&] {
    return town.number(
        "SELECT count(*) FROM mention WHERE author_handle='bob' AND raw IS NULL AND in_reply_to GLOB "
        "'erased-*' AND conversation GLOB 'erased-*'");
  };
  CHECK(count() == 1);
  town.f.write({reply("same here, Fernwave is down", later, std::nullopt)});
  CHECK(count() == 1);
  CHECK(town.f.write({reply("same here, Fernwave is still down", later, later)}).updated == 1);
  CHECK(count() == 1);
  CHECK(town.word("SELECT text FROM mention WHERE author_handle='bob'") ==
        "same here, Fernwave is still down");
}
