#include "store/sqlite/database.hpp"

#include <sqlite3.h>

#include "store/sqlite/sketch_functions.hpp"

namespace earshot::store::sqlite {
namespace {

/// How long a statement waits for another connection.
constexpr int busy_ms = 5000;
/// Of the write-ahead log, from which on it is copied into the main file; SQLite's own default.
constexpr int log_pages_max = 1000;

/// SQLite counts its memory under a lock at every request; nobody here asks for the count. Heard once, before
/// the first connection; later it changes nothing.
void count_no_memory() {
  [[maybe_unused]] static const int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// After every commit. SQLite's own hook keeps a failed sync to itself; here the commit says so, although it
/// is in the log: after a failed sync nobody knows what the disk holds. Whatever else goes wrong (a reader, a
/// full disk) is tried again after the next commit.
int copy_log(void*, sqlite3* database, const char* name, int pages) {
  if (pages < log_pages_max) return SQLITE_OK;
  const int code = sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  return code == SQLITE_IOERR_FSYNC ? code : SQLITE_OK;
}

}  // namespace

void CloseDatabase::operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
void FinalizeStatement::operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }

Error error_from(int code, std::string_view message, std::string_view doing) {
  auto kind = ErrorKind::internal;
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: kind = ErrorKind::busy; break;
    case SQLITE_FULL: kind = ErrorKind::disk_full; break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: kind = ErrorKind::corrupt; break;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: kind = ErrorKind::forbidden; break;
    // Nothing but the time limit and a stop interrupts.
    case SQLITE_INTERRUPT: kind = ErrorKind::timed_out; break;
    default: break;
  }
  // A write that hits a quota or RLIMIT_FSIZE reports an I/O error; to the operator it is a full disk. A
  // failed fsync stays internal: the state of the pages is then unknown and the process must restart.
  if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE) kind = ErrorKind::disk_full;
  return Error{.kind = kind, .message = std::string(doing) + ": " + std::string(message)};
}

Result<Database> Database::open(const std::string& path, Access access) {
  count_no_memory();
  const int flags =
      (access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database;
  database.handle_.reset(raw);
  if (code != SQLITE_OK)
    return unexpected(error_from(code, raw ? sqlite3_errmsg(raw) : "out of memory", "cannot open " + path));
  sqlite3_busy_timeout(raw, busy_ms);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Told to a database that has tables it would be written anew each time, also into one that is refused.
  auto pages = access == Access::read_write ? database.integer("PRAGMA page_count") : Result<std::int64_t>(1);
  if (!pages) return unexpected(pages.error());
  if (*pages == 0)
    if (auto status = database.execute("PRAGMA auto_vacuum=INCREMENTAL"); !status)
      return unexpected(status.error());
  const char* setup =
      access == Access::read_only
          ? "PRAGMA query_only=1; PRAGMA cache_size=-8192; PRAGMA foreign_keys=ON;"
          : "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
            "foreign_keys=ON;"
            "PRAGMA cache_size=-16384; PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY;";
  if (auto status = database.execute(setup); !status) return unexpected(status.error());
  if (access == Access::read_write)
    sqlite3_wal_hook(raw, copy_log, nullptr);
  else  // writers keep theirs by name
    database.statements_ = std::make_unique<StatementCache>();
  if (auto status = add_sketch_functions(raw); !status) return unexpected(status.error());
  return database;
}

Status Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return unexpected(last_error("sql"));
  return Done{};
}

Result<std::int64_t> Database::integer(const char* sql) {
  auto statement = Statement::prepare(*this, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  if (use.step()) return use.integer(0);
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return unexpected(ErrorKind::internal, "no row");
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_.get()); }

std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(handle_.get()); }

Result<bool> Database::truncate_log() {
  sqlite3_busy_timeout(handle_.get(), 0);
  const int code =
      sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle_.get(), busy_ms);
  if (code == SQLITE_OK) return true;
  if ((code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED) return false;
  return unexpected(last_error("cutting the write-ahead log short"));
}

Status Database::attach(const std::string& path, const char* name) {
  auto statement = Statement::prepare(*this, std::string("ATTACH ? AS ") + name);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(path);
  return use.run();
}

void Database::time_limit(std::chrono::milliseconds most) {
  run_until(most == most.zero() ? std::nullopt : std::optional(std::chrono::steady_clock::now() + most));
}

std::optional<std::chrono::steady_clock::time_point> Database::deadline() const {
  return limits_ ? limits_->deadline : std::nullopt;
}

void Database::run_until(std::optional<std::chrono::steady_clock::time_point> deadline) {
  limits().deadline = deadline;
  watch_limits();
}

void Database::stop_when(std::stop_token stop) {
  limits().stop = std::move(stop);
  watch_limits();
}

Database::Limits& Database::limits() {
  if (!limits_) limits_ = std::make_unique<Limits>();
  return *limits_;
}

void Database::watch_limits() {
  // Looked at about a thousand times a second; SQLite counts its own instructions.
  constexpr int steps = 20'000;
  if (!limits_->deadline && !limits_->stop.stop_possible())
    return sqlite3_progress_handler(handle_.get(), 0, nullptr, nullptr);
  const auto passed = [](void* given) -> int {
    const auto& limits = *static_cast<const Limits*>(given);
    if (limits.stop.stop_requested()) return 1;
    return limits.deadline && std::chrono::steady_clock::now() > *limits.deadline ? 1 : 0;
  };
  sqlite3_progress_handler(handle_.get(), steps, passed, limits_.get());
}

Error Database::last_error(std::string_view doing) const {
  return error_from(sqlite3_extended_errcode(handle_.get()), sqlite3_errmsg(handle_.get()), doing);
}

Result<Statement> Statement::prepare(Database& database, std::string_view sql) {
  auto* const cache = database.statements_.get();
  auto* raw = cache ? cache->take(sql) : nullptr;
  if (!raw && sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK)
    return unexpected(database.last_error("prepare"));
  Statement statement;
  statement.database_ = database.handle();
  statement.handle_ = CachedStatement(raw, {cache});
  return statement;
}

Statement::Use::Use(Statement& statement) : statement_(statement) {}

Statement::Use::~Use() {
  sqlite3_reset(statement_.handle_.get());
  sqlite3_clear_bindings(statement_.handle_.get());
}

Statement::Use& Statement::Use::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_.handle_.get(), next_++, value);
  return *this;
}

Statement::Use& Statement::Use::bind(double value) {
  sqlite3_bind_double(statement_.handle_.get(), next_++, value);
  return *this;
}

Statement::Use& Statement::Use::bind(std::string_view text) {
  sqlite3_bind_text64(statement_.handle_.get(), next_++, text.data() ? text.data() : "", text.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement::Use& Statement::Use::bind_blob(std::string_view bytes) {
  sqlite3_bind_blob64(statement_.handle_.get(), next_++, bytes.data() ? bytes.data() : "", bytes.size(),
                      SQLITE_STATIC);
  return *this;
}

Statement::Use& Statement::Use::bind_null() {
  sqlite3_bind_null(statement_.handle_.get(), next_++);
  return *this;
}

Statement::Use& Statement::Use::bind_text_or_null(std::string_view text) {
  return text.empty() ? bind_null() : bind(text);
}

bool Statement::Use::step() {
  code_ = sqlite3_step(statement_.handle_.get());
  return code_ == SQLITE_ROW;
}

Status Statement::Use::run() {
  while (step()) {
  }
  return finish();
}

Status Statement::Use::finish() {
  if (code_ == SQLITE_DONE || code_ == SQLITE_ROW) return Done{};
  return unexpected(error_from(sqlite3_extended_errcode(statement_.database_),
                               sqlite3_errmsg(statement_.database_), sqlite3_sql(statement_.handle_.get())));
}

std::int64_t Statement::Use::integer(int column) const {
  return sqlite3_column_int64(statement_.handle_.get(), column);
}

double Statement::Use::real(int column) const {
  return sqlite3_column_double(statement_.handle_.get(), column);
}

std::string_view Statement::Use::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.handle_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.handle_.get(), column));
  return bytes ? std::string_view(bytes, size) : std::string_view();
}

bool Statement::Use::is_null(int column) const {
  return sqlite3_column_type(statement_.handle_.get(), column) == SQLITE_NULL;
}

std::optional<std::int64_t> Statement::Use::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

Result<Transaction> Transaction::begin(Database& database) {
  if (auto status = database.execute("BEGIN IMMEDIATE"); !status) return unexpected(status.error());
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // After some errors SQLite has rolled back by itself; a second ROLLBACK then fails harmlessly.
  if (database_) static_cast<void>(database_->execute("ROLLBACK"));
}

Status Transaction::commit() {
  auto status = database_->execute("COMMIT");
  if (status) database_ = nullptr;
  return status;
}

}  // namespace earshot::store::sqlite
