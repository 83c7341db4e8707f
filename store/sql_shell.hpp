#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace earshot::store {

/// One value of an answer; `text` holds a text's or a blob's bytes, valid until the next row.
struct SqlValue {
  enum class Kind : std::uint8_t { null, integer, real, text, blob };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text = {};
};

/// Who takes an answer, in order: the columns' names once per statement that has any, then its rows. The
/// statement ends when `row` returns false.
struct SqlAnswer {
  std::function<void(std::span<const std::string> names)> columns;
  std::function<bool(std::span<const SqlValue> values)> row;
};

struct SqlObject {
  std::string name = {};
  bool is_view = false;
  std::vector<std::string> columns = {};
};

/// Questions of people to the database, on a connection that can neither write, nor open other files, nor
/// load code, nor hold up the writer: each statement ends by itself. The full-text index, where there is one,
/// is `search`. One thread at a time.
class SqlShell {
 public:
  static constexpr std::size_t sql_bytes_max = 1 << 20;

  virtual ~SqlShell() = default;
  /// Runs every statement of `sql`; the first that fails ends it. `invalid` for what does not parse and what
  /// is not allowed, `timed_out` for a statement that takes longer than `most`.
  virtual Status run(std::string_view sql, std::chrono::milliseconds most, const SqlAnswer& answer) = 0;
  /// Views and tables by name, with their columns; views first.
  virtual Result<std::vector<SqlObject>> objects() = 0;
};

/// Whether `sql` ends with a whole statement, so that nothing more needs to be read.
bool is_whole_sql(const std::string& sql);

/// Refuses what is not an Earshot database.
Result<std::unique_ptr<SqlShell>> open_sql_shell(const std::string& path);

}  // namespace earshot::store
