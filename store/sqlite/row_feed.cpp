#include "store/sqlite/row_feed.hpp"

#include <sqlite3.h>

#include <memory>
#include <new>
#include <variant>
#include <vector>

#include "core/base/assert.hpp"

namespace earshot::store::sqlite {
namespace {

struct Blob {
  std::string_view bytes;
};
using Value = std::variant<std::monostate, std::int64_t, double, std::string_view, Blob>;

}  // namespace

struct RowFeed::Rows {
  std::size_t columns = 0;
  std::vector<Value> values = {};
};

namespace {

struct FeedTable : sqlite3_vtab {
  const RowFeed::Rows* rows = nullptr;
};
struct FeedCursor : sqlite3_vtab_cursor {
  const RowFeed::Rows* rows = nullptr;
  std::size_t first = 0;  ///< of `values`, in this row
};

// SQLite calls these from C: nothing may be thrown through them.
int connect(sqlite3* database, void* rows, int, const char* const*, sqlite3_vtab** out, char**) noexcept try {
  auto table = std::make_unique<FeedTable>();
  table->rows = static_cast<const RowFeed::Rows*>(rows);
  std::string shape;
  for (std::size_t i = 0; i < table->rows->columns; ++i)
    shape += (shape.empty() ? "CREATE TABLE feed(c" : ",c") + std::to_string(i);
  const int code = sqlite3_declare_vtab(database, (shape + ")").c_str());
  if (code == SQLITE_OK) *out = table.release();
  return code;
} catch (const std::bad_alloc&) {
  return SQLITE_NOMEM;
}

int disconnect(sqlite3_vtab* table) noexcept {
  delete static_cast<FeedTable*>(table);
  return SQLITE_OK;
}

int plan(sqlite3_vtab*, sqlite3_index_info*) noexcept { return SQLITE_OK; }

int open_cursor(sqlite3_vtab* table, sqlite3_vtab_cursor** out) noexcept {
  auto* cursor = new (std::nothrow) FeedCursor;
  if (!cursor) return SQLITE_NOMEM;
  cursor->rows = static_cast<FeedTable*>(table)->rows;
  *out = cursor;
  return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) noexcept {
  delete static_cast<FeedCursor*>(cursor);
  return SQLITE_OK;
}

int begin_rows(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) noexcept {
  static_cast<FeedCursor*>(cursor)->first = 0;
  return SQLITE_OK;
}

int next_row(sqlite3_vtab_cursor* cursor) noexcept {
  auto& at = *static_cast<FeedCursor*>(cursor);
  at.first += at.rows->columns;
  return SQLITE_OK;
}

int past_end(sqlite3_vtab_cursor* cursor) noexcept {
  const auto& at = *static_cast<FeedCursor*>(cursor);
  return at.first >= at.rows->values.size() ? 1 : 0;
}

/// What is neither number nor bytes is NULL, as the result is to begin with.
int give(sqlite3_vtab_cursor* cursor, sqlite3_context* result, int column) noexcept {
  const auto& at = *static_cast<FeedCursor*>(cursor);
  const auto& value = at.rows->values[at.first + static_cast<std::size_t>(column)];
  if (const auto* number = std::get_if<std::int64_t>(&value))
    sqlite3_result_int64(result, *number);
  else if (const auto* text = std::get_if<std::string_view>(&value))
    sqlite3_result_text64(result, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  else if (const auto* real = std::get_if<double>(&value))
    sqlite3_result_double(result, *real);
  else if (const auto* blob = std::get_if<Blob>(&value))
    sqlite3_result_blob64(result, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
  return SQLITE_OK;
}

int row_number(sqlite3_vtab_cursor* cursor, sqlite3_int64* out) noexcept {
  const auto& at = *static_cast<FeedCursor*>(cursor);
  *out = static_cast<sqlite3_int64>(at.first / at.rows->columns);
  return SQLITE_OK;
}

/// Without xCreate there is one table, of the module's name.
sqlite3_module feed_module() {
  sqlite3_module out = {};
  out.iVersion = 1;
  out.xConnect = connect;
  out.xDisconnect = disconnect;
  out.xBestIndex = plan;
  out.xOpen = open_cursor;
  out.xClose = close_cursor;
  out.xFilter = begin_rows;
  out.xNext = next_row;
  out.xEof = past_end;
  out.xColumn = give;
  out.xRowid = row_number;
  return out;
}

}  // namespace

Result<RowFeed> RowFeed::create(Database& database, const char* name, std::size_t columns) {
  static const sqlite3_module module = feed_module();
  auto* rows = new Rows{.columns = columns};
  // Also where it fails the rows are handed to the last function.
  const int code = sqlite3_create_module_v2(database.handle(), name, &module, rows,
                                            [](void* kept) { delete static_cast<Rows*>(kept); });
  if (code != SQLITE_OK) return unexpected(database.last_error("feeding rows"));
  RowFeed feed;
  feed.rows_ = rows;
  return feed;
}

RowFeed& RowFeed::bind(std::int64_t value) {
  rows_->values.emplace_back(value);
  return *this;
}

RowFeed& RowFeed::bind(double value) {
  rows_->values.emplace_back(value);
  return *this;
}

RowFeed& RowFeed::bind(std::string_view text) {
  rows_->values.emplace_back(text.data() ? text : std::string_view(""));
  return *this;
}

RowFeed& RowFeed::bind_blob(std::string_view bytes) {
  rows_->values.emplace_back(Blob{bytes.data() ? bytes : std::string_view("")});
  return *this;
}

RowFeed& RowFeed::bind_null() {
  rows_->values.emplace_back();
  return *this;
}

bool RowFeed::empty() const { return rows_->values.empty(); }

Status RowFeed::run(Statement& statement) {
  if (empty()) return Done{};
  EARSHOT_ASSERT(rows_->values.size() % rows_->columns == 0);
  Statement::Use use(statement);
  auto status = use.run();
  discard();
  return status;
}

void RowFeed::discard() { rows_->values.clear(); }

}  // namespace earshot::store::sqlite
