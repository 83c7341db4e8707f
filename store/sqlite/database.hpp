#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/model/ids.hpp"
#include "store/sqlite/handle.hpp"
#include "store/sqlite/statement_cache.hpp"

namespace earshot::store::sqlite {

enum class Access { read_only, read_write };

/// One connection, used by one thread at a time. Neither copied nor moved once statements refer to it.
/// SQLite's result codes become errors here: SQLITE_BUSY is busy, SQLITE_FULL disk_full, SQLITE_CORRUPT and
/// SQLITE_NOTADB corrupt, the rest internal.
class Database {
 public:
  /// Opens with WAL, synchronous=FULL and a busy timeout of 5 s; `read_only` opens no journal for writing,
  /// and keeps statements it has used.
  static Result<Database> open(const std::string& path, Access access);

  Status execute(const char* sql);
  /// Value of a one-row, one-column query that returns an integer.
  Result<std::int64_t> integer(const char* sql);
  std::int64_t changes() const;
  std::int64_t last_insert_id() const;
  /// Cuts the write-ahead log short, unless a reader still needs it (false); waits for nobody.
  Result<bool> truncate_log();
  /// Makes another file's tables readable beside these, under a name.
  Status attach(const std::string& path, const char* name);
  /// Statements that run later than this from now end with `timed_out`; zero: none do.
  void time_limit(std::chrono::milliseconds most);
  /// The moment from which on statements end; nothing: none do.
  std::optional<std::chrono::steady_clock::time_point> deadline() const;
  void run_until(std::optional<std::chrono::steady_clock::time_point> deadline);
  /// Statements end with `timed_out` as soon as a stop is requested, on whatever thread.
  void stop_when(std::stop_token stop);
  sqlite3* handle() const { return handle_.get(); }
  Error last_error(std::string_view doing) const;

 private:
  friend class Statement;
  /// What ends a statement before its time.
  struct Limits {
    std::optional<std::chrono::steady_clock::time_point> deadline;
    std::stop_token stop;
  };
  Limits& limits();
  void watch_limits();

  /// On the heap, as SQLite holds its address. Before the handle, which uses it until it is closed.
  std::unique_ptr<Limits> limits_;
  DatabaseHandle handle_;
  std::unique_ptr<StatementCache> statements_;  ///< nothing: none are kept
};

/// A statement prepared once, which must not outlive its connection. `Use` binds and steps it, and resets it
/// when it leaves scope.
class Statement {
 public:
  Statement() = default;
  static Result<Statement> prepare(Database& database, std::string_view sql);

  class Use {
   public:
    explicit Use(Statement& statement);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    Use& bind(std::int64_t value);
    Use& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Use& bind(double value);
    /// The bytes must outlive the Use.
    Use& bind(std::string_view text);
    Use& bind(const std::string& text) { return bind(std::string_view(text)); }
    Use& bind(std::string&& text) = delete;  // would be gone before the statement runs
    Use& bind(const char* text) { return bind(std::string_view(text)); }
    /// As milliseconds since 1970.
    Use& bind(Timestamp at) { return bind(to_ms(at)); }
    Use& bind(MentionId id) { return bind(id.value); }
    Use& bind_blob(std::string_view bytes);
    Use& bind_null();
    /// Empty text is stored as NULL: the columns that use it mean "unknown".
    Use& bind_text_or_null(std::string_view text);
    template <typename T>
    Use& bind(const std::optional<T>& value) {
      return value ? bind(*value) : bind_null();
    }

    /// True while there is a row; an error is kept and ends the rows.
    bool step();
    /// Runs a statement that returns no rows.
    Status run();
    /// After the last row: what ended it.
    Status finish();

    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string_view text(int column) const;  ///< valid until the next step
    bool is_null(int column) const;
    std::optional<std::int64_t> optional_integer(int column) const;

   private:
    Statement& statement_;
    int next_ = 1;
    int code_ = 0;
  };

 private:
  sqlite3* database_ = nullptr;
  CachedStatement handle_;
};

/// BEGIN IMMEDIATE … COMMIT; rolls back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

Error error_from(int code, std::string_view message, std::string_view doing);

}  // namespace earshot::store::sqlite
