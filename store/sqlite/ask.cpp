// A user's own question: one SELECT over the documented views, which can neither write nor look elsewhere.
#include <sqlite3.h>

#include <string_view>

#include "core/base/text.hpp"
#include "store/sqlite/reader.hpp"

namespace earshot::store::sqlite {
namespace {

bool is_view(const char* name) { return name && std::string_view(name).starts_with("v_"); }

/// Allows reading views by name, and tables only as part of one; functions, but none that loads or reads
/// files.
int allow(void*, int action, const char* what, const char* function, const char*, const char* within) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ: return is_view(what) || is_view(within) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
      return function && std::string_view(function) != "load_extension" ? SQLITE_OK : SQLITE_DENY;
    default: return SQLITE_DENY;
  }
}

/// While it lives, statements are prepared under `allow`, and end at a moment of their own.
class Confined {
 public:
  Confined(Database& database, std::chrono::milliseconds most)
      : database_(database), before_(database.deadline()) {
    sqlite3_set_authorizer(database.handle(), allow, nullptr);
    const auto until = std::chrono::steady_clock::now() + most;
    database.run_until(before_ ? std::min(*before_, until) : until);
  }
  ~Confined() {
    sqlite3_set_authorizer(database_.handle(), nullptr, nullptr);
    database_.run_until(before_);
  }
  Confined(const Confined&) = delete;
  Confined& operator=(const Confined&) = delete;

 private:
  Database& database_;
  std::optional<std::chrono::steady_clock::time_point> before_;
};

Error wrong(std::string_view why) {
  return Error{.kind = ErrorKind::invalid,
               .message = std::string(why) +
                          ": write one SELECT over v_* views (docs/store.md) that gives one number"};
}

}  // namespace

Result<std::optional<double>> SqliteReader::ask(const std::string& sql, const std::string& brand,
                                                std::chrono::milliseconds most) {
  const Confined confined(database_, most);
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v2(database_.handle(), sql.c_str(), static_cast<int>(sql.size()) + 1, &raw, &rest);
  const StatementHandle statement(raw);
  if (code == SQLITE_INTERRUPT) return unexpected(database_.last_error("ask"));
  if (code != SQLITE_OK) return unexpected(wrong(sqlite3_errmsg(database_.handle())));
  if (!raw || sqlite3_stmt_readonly(raw) == 0) return unexpected(wrong("it is no SELECT"));
  if (!trim(rest).empty()) return unexpected(wrong("it is more than one statement"));
  for (int at = 1; at <= sqlite3_bind_parameter_count(raw); ++at) {
    const char* name = sqlite3_bind_parameter_name(raw, at);
    if (!name || std::string_view(name) != ":brand") return unexpected(wrong("the only parameter is :brand"));
    sqlite3_bind_text64(raw, at, brand.data(), brand.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  if (sqlite3_column_count(raw) != 1) return unexpected(wrong("it gives more than one column"));
  const int step = sqlite3_step(raw);
  if (step == SQLITE_DONE) return std::optional<double>();
  if (step != SQLITE_ROW) return unexpected(database_.last_error("ask"));
  switch (sqlite3_column_type(raw, 0)) {
    case SQLITE_NULL: return std::optional<double>();
    case SQLITE_INTEGER:
    case SQLITE_FLOAT: return std::optional(sqlite3_column_double(raw, 0));
    default: return unexpected(wrong("it gives text"));
  }
}

}  // namespace earshot::store::sqlite
