// A user's own question: one SELECT over the documented views, which can neither write nor look elsewhere.
#include <sqlite3.h>

#include <algorithm>
#include <string_view>

#include "core/base/text.hpp"
#include "store/sqlite/reader.hpp"

namespace earshot::store::sqlite {
namespace {

bool is_view(const char* name) { return name && std::string_view(name).starts_with("v_"); }

/// Allows reading values of views by name, and of tables only as part of one; functions, but not the one that
/// loads code. A read without a column takes no value: it is how SQLite counts rows and joins what a view
/// holds.
int allow(void*, int action, const char* what, const char* column, const char*, const char* within) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ:
      return is_view(what) || is_view(within) || (column && *column == '\0') ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
      // Its name stands where a read has the column.
      return column && std::string_view(column) != "load_extension" ? SQLITE_OK : SQLITE_DENY;
    default: return SQLITE_DENY;
  }
}

/// Whether a WITH calls something v_…: SQLite would take what it reads for what a view of ours reads. No
/// comments, which could stand between the words.
bool names_own_view(std::string_view sql) {
  if (sql.find("--") != std::string_view::npos || sql.find("/*") != std::string_view::npos) return true;
  const auto text = ascii_lower(sql);
  const auto skip = [&](std::size_t at, std::string_view of) {
    return std::min(text.find_first_not_of(of, at), text.size());
  };
  constexpr std::string_view space = " \t\r\n\f\v";
  const auto word = [&](std::size_t at, std::string_view wanted) {
    return text.substr(at).starts_with(wanted) ? skip(at + wanted.size(), space) : at;
  };
  for (auto at = text.find("v_"); at != std::string::npos; at = text.find("v_", at + 2)) {
    auto end = skip(at, "abcdefghijklmnopqrstuvwxyz0123456789_$\"`]");
    end = skip(end, space);
    if (end < text.size() && text[end] == '(')
      end = skip(std::min(text.find(')', end), text.size() - 1) + 1, space);
    const auto as = word(end, "as");
    if (as == end) continue;
    end = word(word(as, "not"), "materialized");
    if (end < text.size() && text[end] == '(') return true;
  }
  return false;
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

Error unfit(std::string_view why) {
  return Error{.kind = ErrorKind::invalid,
               .message = std::string(why) +
                          ": write one SELECT over v_* views (docs/store.md) that gives one number"};
}

}  // namespace

Result<std::optional<double>> SqliteReader::ask(const std::string& sql, const std::string& brand,
                                                std::chrono::milliseconds most) {
  if (names_own_view(sql)) return unexpected(unfit("it has a comment, or a WITH whose name begins with v_"));
  const Confined confined(database_, most);
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v2(database_.handle(), sql.c_str(), static_cast<int>(sql.size()) + 1, &raw, &rest);
  const StatementHandle statement(raw);
  if (code == SQLITE_INTERRUPT) return unexpected(database_.last_error("ask"));
  if (code != SQLITE_OK) return unexpected(unfit(sqlite3_errmsg(database_.handle())));
  if (!raw || sqlite3_stmt_readonly(raw) == 0) return unexpected(unfit("it is no SELECT"));
  if (!trim(rest).empty()) return unexpected(unfit("it is more than one statement"));
  for (int at = 1; at <= sqlite3_bind_parameter_count(raw); ++at) {
    const char* name = sqlite3_bind_parameter_name(raw, at);
    if (!name || std::string_view(name) != ":brand") return unexpected(unfit("the only parameter is :brand"));
    sqlite3_bind_text64(raw, at, brand.data(), brand.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  if (sqlite3_column_count(raw) != 1) return unexpected(unfit("it gives more than one column"));
  const int step = sqlite3_step(raw);
  if (step == SQLITE_DONE) return std::optional<double>();
  if (step != SQLITE_ROW) return unexpected(database_.last_error("ask"));
  switch (sqlite3_column_type(raw, 0)) {
    case SQLITE_NULL: return std::optional<double>();
    case SQLITE_INTEGER:
    case SQLITE_FLOAT: return std::optional(sqlite3_column_double(raw, 0));
    default: return unexpected(unfit("it gives text"));
  }
}

}  // namespace earshot::store::sqlite
