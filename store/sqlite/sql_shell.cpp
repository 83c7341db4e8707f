// A person's questions, as many and as free as they like, which can only read this database.
#include "store/sql_shell.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/base/text.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/migrate.hpp"
#include "store/sqlite/rows_of.hpp"
#include "store/sqlite/search_index.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* objects_sql =
    "SELECT m.name,m.type='view',x.name FROM sqlite_schema m JOIN pragma_table_info(m.name) x "
    "WHERE m.type IN ('view','table') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "ORDER BY m.type<>'view',m.name,x.cid";

/// The longest text or blob that a statement may make.
constexpr int value_bytes_max = 64 << 20;

/// Those that only tell something; with a value in brackets it is a table's or an index's name.
constexpr std::array<std::string_view, 7> telling = {
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list"};
constexpr std::array<std::string_view, 5> telling_bare = {"user_version", "data_version", "page_count",
                                                          "freelist_count", "compile_options"};

int allow(void*, int action, const char* first, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
    case SQLITE_READ: return SQLITE_OK;
    case SQLITE_FUNCTION:
      return second && !ascii_iequals(second, "load_extension") && !ascii_iequals(second, "fts3_tokenizer")
                 ? SQLITE_OK
                 : SQLITE_DENY;
    case SQLITE_PRAGMA: {
      const auto name = ascii_lower(first ? first : "");
      if (std::ranges::find(telling, name) != telling.end()) return SQLITE_OK;
      return !second && std::ranges::find(telling_bare, name) != telling_bare.end() ? SQLITE_OK : SQLITE_DENY;
    }
    // No BEGIN either: a reader that stays keeps the write-ahead log from being taken in.
    default: return SQLITE_DENY;
  }
}

/// While it lives, statements are prepared and run under `allow`.
class Confined {
 public:
  explicit Confined(sqlite3* handle) : handle_(handle) { sqlite3_set_authorizer(handle, allow, nullptr); }
  ~Confined() { sqlite3_set_authorizer(handle_, nullptr, nullptr); }
  Confined(const Confined&) = delete;
  Confined& operator=(const Confined&) = delete;

 private:
  sqlite3* handle_;
};

SqlValue value_of(sqlite3_stmt* statement, int column) {
  SqlValue out;
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      out.kind = SqlValue::Kind::integer;
      out.integer = sqlite3_column_int64(statement, column);
      return out;
    case SQLITE_FLOAT:
      out.kind = SqlValue::Kind::real;
      out.real = sqlite3_column_double(statement, column);
      return out;
    case SQLITE_NULL: return out;
    case SQLITE_BLOB: out.kind = SqlValue::Kind::blob; break;
    default: out.kind = SqlValue::Kind::text; break;
  }
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
  if (bytes) out.text = {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
  return out;
}

class SqliteShell final : public SqlShell {
 public:
  explicit SqliteShell(Database database) : database_(std::move(database)) {}

  Status run(std::string_view sql, std::chrono::milliseconds most, const SqlAnswer& answer) override {
    if (sql.size() > sql_bytes_max) return unexpected(ErrorKind::invalid, "more than 1 MB of SQL");
    connect_virtual_tables();
    const Confined confined(database_.handle());
    const std::string text(sql);
    const char* rest = text.c_str();
    const char* end = rest + text.size();
    while (rest < end) {
      database_.time_limit(most);
      sqlite3_stmt* raw = nullptr;
      const int code =
          sqlite3_prepare_v2(database_.handle(), rest, static_cast<int>(end - rest) + 1, &raw, &rest);
      const StatementHandle statement(raw);
      if (code != SQLITE_OK) return unexpected(failure(code, most));
      if (!raw) {
        // Only space and comments were left, or a zero byte, behind which SQLite reads nothing.
        if (rest < end && *rest == '\0') return unexpected(ErrorKind::invalid, "the SQL holds a zero byte");
        continue;
      }
      if (sqlite3_stmt_readonly(raw) == 0) return unexpected(refusal());
      if (auto status = step_all(raw, most, answer); !status) return status;
    }
    return Done{};
  }

  Result<std::vector<SqlObject>> objects() override {
    database_.time_limit({});
    struct Line {
      std::string name, column;
      bool is_view = false;
    };
    auto lines = rows_of<Line>(
        database_, objects_sql, [](Statement::Use&) {},
        [](const Statement::Use& use) {
          return Line{.name = std::string(use.text(0)),
                      .column = std::string(use.text(2)),
                      .is_view = use.integer(1) != 0};
        });
    if (!lines) return unexpected(lines.error());
    std::vector<SqlObject> out;
    for (auto& line : *lines) {
      if (out.empty() || out.back().name != line.name)
        out.push_back({.name = std::move(line.name), .is_view = line.is_view});
      out.back().columns.push_back(std::move(line.column));
    }
    return out;
  }

 private:
  /// SQLite declares them when they are first used, and asks the authorizer whether it may write a schema
  /// then; afterwards they are only read. One that is not there is no matter here.
  void connect_virtual_tables() {
    static_cast<void>(Statement::prepare(database_, "SELECT 1 FROM search.mention_fts"));
    for (const auto pragma : telling)
      static_cast<void>(Statement::prepare(database_, "SELECT 1 FROM pragma_" + std::string(pragma)));
  }

  Status step_all(sqlite3_stmt* raw, std::chrono::milliseconds most, const SqlAnswer& answer) {
    const int columns = sqlite3_column_count(raw);
    std::vector<std::string> names;
    for (int i = 0; i < columns; ++i) {
      const char* name = sqlite3_column_name(raw, i);
      names.emplace_back(name ? name : "");
    }
    if (columns > 0) answer.columns(names);
    std::vector<SqlValue> values(static_cast<std::size_t>(columns));
    for (;;) {
      const int code = sqlite3_step(raw);
      if (code == SQLITE_DONE) return Done{};
      if (code != SQLITE_ROW) return unexpected(failure(code, most));
      for (int i = 0; i < columns; ++i) values[static_cast<std::size_t>(i)] = value_of(raw, i);
      if (!answer.row(values)) return Done{};
    }
  }

  static Error refusal() {
    return {
        .kind = ErrorKind::invalid,
        .message =
            "this shell only reads: SELECT, WITH, VALUES, EXPLAIN and PRAGMA table_info; it does not write, "
            "attach files or load code"};
  }

  Error failure(int code, std::chrono::milliseconds most) const {
    if ((code & 0xFF) == SQLITE_AUTH) return refusal();
    if ((code & 0xFF) == SQLITE_INTERRUPT)
      return {.kind = ErrorKind::timed_out,
              .message = "the query took longer than " + std::to_string(most.count()) +
                         " ms and was ended: ask for less, or give it longer with --limit-time"};
    auto error = database_.last_error("sql");
    const bool of_the_query = (code & 0xFF) == SQLITE_ERROR || (code & 0xFF) == SQLITE_TOOBIG ||
                              (code & 0xFF) == SQLITE_RANGE || (code & 0xFF) == SQLITE_MISMATCH;
    if (of_the_query) error.kind = ErrorKind::invalid;
    return error;
  }

  Database database_;
};

}  // namespace
}  // namespace earshot::store::sqlite

namespace earshot::store {

bool is_whole_sql(const std::string& sql) { return sqlite3_complete(sql.c_str()) != 0; }

Result<std::unique_ptr<SqlShell>> open_sql_shell(const std::string& path) {
  if (!std::filesystem::exists(path))
    return unexpected(ErrorKind::invalid, "there is no database " + path + ": start the daemon or give --db");
  auto database = sqlite::Database::open(path, sqlite::Access::read_only);
  if (!database) return unexpected(database.error());
  if (auto status = sqlite::check_readable(*database); !status)
    return unexpected(status.error().kind, path + ": " + status.error().message);
  const auto search = sqlite::search_path(path);
  if (std::filesystem::exists(search))
    if (auto status = database->attach(search, "search"); !status) return unexpected(status.error());
  auto* handle = database->handle();
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 1);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, sqlite::value_bytes_max);
  sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
  return std::unique_ptr<SqlShell>(std::make_unique<sqlite::SqliteShell>(std::move(*database)));
}

}  // namespace earshot::store
