// The SQL shell: it answers, and whatever is asked of it, it only reads, and only this database.
#include "store/sql_shell.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using namespace std::chrono_literals;

namespace {

struct Answer {
  Status status = Done{};
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;
};

Answer ask(store::SqlShell& shell, const std::string& sql, std::chrono::milliseconds most = 5s) {
  Answer out;
  out.status = shell.run(sql, most,
                         {.columns = [&](auto names) { out.names.assign(names.begin(), names.end()); },
                          .row =
                              [&](auto values) {
                                auto& row = out.rows.emplace_back();
                                for (const auto& value : values)
                                  row.push_back(value.kind == store::SqlValue::Kind::integer
                                                    ? std::to_string(value.integer)
                                                    : std::string(value.text));
                                return true;
                              }});
  return out;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("the shell answers statements one after the other", "[store][sql_shell]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  f.write({scored(mention("a", 5), f.brand), scored(mention("b", 6), f.brand, Polarity::positive)});
  auto shell = store::open_sql_shell(dir.file("earshot.db"));
  REQUIRE(shell);
  const auto answer =
      ask(**shell, "SELECT 'x' AS a; -- and\n SELECT brand, count(*) AS n FROM v_mention GROUP BY 1;\n");
  REQUIRE(answer.status);
  CHECK(answer.names == std::vector<std::string>{"brand", "n"});
  CHECK(answer.rows == std::vector<std::vector<std::string>>{{"x"}, {"Fernwave", "2"}});
  CHECK(ask(**shell, "  -- nothing\n").status);
  CHECK(ask(**shell, "EXPLAIN QUERY PLAN SELECT * FROM v_day").status);
  CHECK(ask(**shell, "PRAGMA table_info(v_mention)").rows.size() > 10);
  CHECK(ask(**shell, "SELECT name FROM pragma_table_info('mention')").rows.size() > 10);
  // What the writer commits meanwhile is seen by the next statement.
  f.write({scored(mention("c", 7), f.brand)});
  CHECK(ask(**shell, "SELECT count(*) FROM mention").rows == std::vector<std::vector<std::string>>{{"3"}});
  // Every view the documentation names can be read.
  auto objects = (*shell)->objects();
  REQUIRE(objects);
  std::size_t views = 0;
  for (const auto& object : *objects) {
    if (!object.is_view) continue;
    ++views;
    INFO(object.name);
    CHECK(ask(**shell, "SELECT * FROM " + object.name).status);
    CHECK_FALSE(object.columns.empty());
  }
  CHECK(views > 30);
}

TEST_CASE("the full-text index is there as `search`", "[store][sql_shell]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto one = mention("a", 5);
  one.text = "the router blinks red";
  f.write({scored(one, f.brand)});
  auto indexer = f.store->indexer();
  REQUIRE(indexer);
  while (*(*indexer)->advance()) {
  }
  auto shell = store::open_sql_shell(dir.file("earshot.db"));
  REQUIRE(shell);
  const std::string found = "SELECT count(*) FROM search.mention_fts WHERE mention_fts MATCH 'blinks'";
  const auto answer = ask(**shell, found);
  INFO((answer.status ? "" : answer.status.error().message));
  CHECK(answer.rows == std::vector<std::vector<std::string>>{{"1"}});
}

TEST_CASE("whatever the shell is asked, it changes nothing and opens nothing", "[store][sql_shell]") {
  TempDir dir;
  const auto path = dir.file("earshot.db"), other = dir.file("other.db");
  {
    Fixture f(*store::open_store(path));
    f.write({scored(mention("a", 5), f.brand)});
  }
  const auto before = bytes_of(path);
  auto shell = store::open_sql_shell(path);
  REQUIRE(shell);
  for (const auto& sql : {
           std::string("DELETE FROM mention"),
           std::string("INSERT INTO brand(name) VALUES('x')"),
           std::string("UPDATE mention SET text='x'"),
           std::string("REPLACE INTO brand(brand_id,name) VALUES(1,'x')"),
           std::string("DROP VIEW v_day"),
           std::string("CREATE TABLE t(x)"),
           std::string("CREATE TEMP TABLE t AS SELECT 1"),
           std::string("CREATE TEMP VIEW t AS SELECT 1"),
           std::string("CREATE VIRTUAL TABLE t USING fts5(x)"),
           "ATTACH '" + other + "' AS o",
           "VACUUM INTO '" + other + "'",
           std::string("VACUUM"),
           std::string("REINDEX"),
           std::string("ANALYZE"),
           std::string("DETACH search"),
           std::string("BEGIN"),
           std::string("SAVEPOINT s"),
           std::string("COMMIT"),
           std::string("SELECT load_extension('/tmp/x.so')"),
           std::string("SELECT LOAD_extension('/tmp/x.so', 'y')"),
           std::string("SELECT writefile('" + other + "', 'x')"),
           std::string("SELECT fts3_tokenizer('simple')"),
           std::string("PRAGMA query_only=0"),
           std::string("PRAGMA query_only(0)"),
           std::string("PRAGMA writable_schema=1"),
           std::string("PRAGMA journal_mode=DELETE"),
           std::string("PRAGMA wal_checkpoint(TRUNCATE)"),
           std::string("PRAGMA user_version=99"),
           std::string("PRAGMA temp_store_directory='/tmp'"),
           std::string("PRAGMA data_store_directory"),
           std::string("PRAGMA trusted_schema=1"),
           std::string("PRAGMA cache_size=-100000000"),
           std::string("SELECT * FROM pragma_wal_checkpoint"),
           std::string("EXPLAIN DELETE FROM mention"),
           std::string("WITH x AS (SELECT 1) DELETE FROM mention"),
           std::string("SELECT 1; DROP TABLE mention"),
           std::string("SELECT zeroblob(2000000000)"),
           std::string("SELECT"),
           std::string("SELECT 1;\0SELECT 2", 18),
           std::string("\xff\xfe\x00", 3),
           std::string(100'000, '('),
           std::string((1 << 20) + 1, ' '),
       }) {
    INFO(sql.substr(0, 200));
    const auto answer = ask(**shell, sql);
    REQUIRE_FALSE(answer.status);
    CHECK(answer.status.error().kind == ErrorKind::invalid);
    CHECK_FALSE(answer.status.error().message.empty());
  }
  CHECK_FALSE(std::filesystem::exists(other));
  CHECK(ask(**shell, "SELECT count(*) FROM mention").rows == std::vector<std::vector<std::string>>{{"1"}});
  CHECK(bytes_of(path) == before);
}

TEST_CASE("a query without end is ended, and the shell goes on", "[store][sql_shell]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto shell = store::open_sql_shell(dir.file("earshot.db"));
  REQUIRE(shell);
  const auto answer = ask(
      **shell, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT max(x) FROM n", 50ms);
  REQUIRE_FALSE(answer.status);
  CHECK(answer.status.error().kind == ErrorKind::timed_out);
  CHECK(answer.status.error().message.find("--limit-time") != std::string::npos);
  CHECK(ask(**shell, "SELECT 1").status);
}

TEST_CASE("who has enough gets no more rows", "[store][sql_shell]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto shell = store::open_sql_shell(dir.file("earshot.db"));
  REQUIRE(shell);
  int rows = 0;
  const auto status =
      (*shell)->run("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT x FROM n", 60s,
                    {.columns = [](auto) {}, .row = [&](auto) { return ++rows < 7; }});
  CHECK(status);
  CHECK(rows == 7);
}

TEST_CASE("what is no Earshot database is refused", "[store][sql_shell]") {
  TempDir dir;
  CHECK_FALSE(store::open_sql_shell(dir.file("none.db")));
  CHECK_FALSE(std::filesystem::exists(dir.file("none.db")));
  std::ofstream(dir.file("text.db")) << std::string(5000, 'x');
  CHECK_FALSE(store::open_sql_shell(dir.file("text.db")));
}

TEST_CASE("a statement is whole when its semicolon is no part of a text", "[store][sql_shell]") {
  CHECK(store::is_whole_sql("SELECT 1;\n"));
  CHECK_FALSE(store::is_whole_sql("SELECT 1"));
  CHECK_FALSE(store::is_whole_sql("SELECT ';"));
}
