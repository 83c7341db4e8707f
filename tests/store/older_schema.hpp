#pragma once
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "embedded/migrations.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::test {

/// Makes a database as the program that knew `version` migrations left it, with one of each thing in it.
inline void make_schema(const std::string& path, std::size_t version) {
  auto old = *store::sqlite::Database::open(path, store::sqlite::Access::read_write);
  for (std::size_t i = 0; i < version; ++i)
    REQUIRE(old.execute(std::string(embedded::migrations()[i].bytes).c_str()));
  REQUIRE(old.execute(
      ("PRAGMA application_id=1164014195;PRAGMA user_version=" + std::to_string(version) +
       ";INSERT INTO meta VALUES('schema_version','" + std::to_string(version) +
       "');INSERT INTO brand VALUES(1,'Fernwave');INSERT INTO platform VALUES(1,'mastodon');"
       "INSERT INTO source(source_id,name,connector) VALUES(1,'social','mastodon');"
       "INSERT INTO mention(mention_id,native_hash,platform_id,source_id,kind,created_at,fetched_at,"
       "content_hash,text) VALUES(77,1,1,1,0,1000,1000,5,'it is down');"
       "INSERT INTO "
       "verdict(mention_id,brand_id,match,polarity,score,p_negative,p_positive,issues,top_issue,"
       "intents,emotion,question,complaint,lang,lexicon_version) "
       "VALUES(77,1,0,-1,-500,600,100,1,0,0,0,0,1,'en',9);"
       "INSERT INTO incident VALUES(3,1,0,'open','Outage',5,1000,2000,3000,5,6,0,1,5,77,'{}');"
       "INSERT INTO "
       "idea(idea_id,brand_id,key,state,title,askers,mentions,unanswered,trend,score,first_at,last_at,"
       "updated_at,details) VALUES(4,1,'k','accepted','How?',3,3,3,0,2,1000,2000,2000,'{}');"
       "INSERT INTO "
       "idea(idea_id,brand_id,key,state,title,askers,mentions,unanswered,trend,score,first_at,last_at,"
       "updated_at,details) VALUES(5,1,'l','new','Why?',3,3,3,0,1,1000,2000,2000,'{}');" +
       (version >= 5 ? "INSERT INTO waiting(brand_id,mention_id,priority,reasons) VALUES(1,77,40,'{}');"
                     : ""))
          .c_str()));
}

/// Takes from a database what came after schema 6, and its views, which the next start makes anew.
inline void undo_to_schema_6(store::sqlite::Database& database) {
  std::vector<std::string> views;
  {
    auto statement =
        store::sqlite::Statement::prepare(database, "SELECT name FROM sqlite_schema WHERE type='view'");
    REQUIRE(statement);
    store::sqlite::Statement::Use use(*statement);
    while (use.step()) views.emplace_back(use.text(0));
  }
  for (const auto& view : views) REQUIRE(database.execute(("DROP VIEW " + view).c_str()));
  REQUIRE(database.execute(
      "ALTER TABLE source DROP COLUMN quota_limit; ALTER TABLE source DROP COLUMN quota_remaining;"
      "ALTER TABLE source DROP COLUMN quota_resets_at;"
      "ALTER TABLE source DROP COLUMN hydrated_at; ALTER TABLE source DROP COLUMN hydrate_asked;"
      "ALTER TABLE source DROP COLUMN hydrate_gone; ALTER TABLE source DROP COLUMN hydrate_overdue;"
      "ALTER TABLE source DROP COLUMN hydrate_oldest_at; ALTER TABLE source DROP COLUMN poll_rate;"
      "ALTER TABLE gap DROP COLUMN rate;"
      "DROP TABLE idea_page; DROP TABLE page; DROP TABLE story_consent; DROP TABLE term_mention;"
      "DROP TABLE term_move; DROP TABLE changed_day; DROP TABLE answer;"
      "DROP TABLE erasure;"
      "DROP TABLE misled_mention; DROP TABLE misled; DROP TABLE misled_told; DROP TABLE claim;"
      "DROP TABLE campaign; DROP TABLE idea_day; DROP TABLE idea_answer;"
      "ALTER TABLE idea DROP COLUMN published_at;"
      "DROP TABLE person_role; DROP TABLE person; DROP TABLE stance_step; DROP TABLE defence;"
      "DROP TABLE person_event; DROP TABLE promise; DROP TABLE praise; DROP TABLE conduct;"
      "DROP TABLE conduct_day; ALTER TABLE waiting DROP COLUMN due_at;"
      "ALTER TABLE response_day DROP COLUMN open_median_s;"
      "ALTER TABLE response_day DROP COLUMN open_slow_s;"
      "ALTER TABLE response_day DROP COLUMN late;"
      "DROP TABLE rollup_tone; DROP TABLE rollup_day_tone;"
      "DROP TABLE rollup_product; DROP TABLE rollup_day; DROP TABLE rollup_day_issue;"
      "DROP TABLE rollup_day_language; DROP TABLE rollup_day_product; DROP TABLE journey_day;"
      "DROP INDEX journey_outcome; DROP INDEX waiting_priority;"
      "ALTER TABLE waiting DROP COLUMN at_risk;"
      "DROP TABLE delivery; DROP TABLE destination; DROP TABLE rollup_language;"
      "DROP TABLE label; DROP TABLE incident_decision; DROP TABLE waiting_decision;"
      "ALTER TABLE idea DROP COLUMN owner; ALTER TABLE idea DROP COLUMN due;"
      "ALTER TABLE idea DROP COLUMN url; ALTER TABLE idea DROP COLUMN note;"
      "ALTER TABLE idea DROP COLUMN decided_at; ALTER TABLE verdict DROP COLUMN labelled;"
      "DELETE FROM baseline WHERE issue_id<>-1;"
      "CREATE TABLE baseline_before AS SELECT brand_id,source_id,metric,hour_of_week,centre,"
      "spread,weeks,computed_at FROM baseline;"
      "DROP TABLE baseline;"
      "CREATE TABLE baseline(brand_id INTEGER NOT NULL,source_id INTEGER NOT NULL,"
      "metric TEXT NOT NULL,hour_of_week INTEGER NOT NULL,centre REAL NOT NULL,"
      "spread REAL NOT NULL,weeks INTEGER NOT NULL,computed_at INTEGER NOT NULL,"
      "PRIMARY KEY(brand_id,source_id,metric,hour_of_week)) STRICT, WITHOUT ROWID;"
      "INSERT INTO baseline SELECT * FROM baseline_before; DROP TABLE baseline_before;"
      "PRAGMA user_version=6"));
}

}  // namespace earshot::test
