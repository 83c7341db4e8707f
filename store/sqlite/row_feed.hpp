#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/model/ids.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Rows of ours that a statement reads as if they were a table, `INSERT INTO … SELECT * FROM <name>`: what a
/// statement for each row costs (binding, opening the trees, resetting) is paid once for all of them. A
/// handle; the rows belong to the connection, and the statements that name the table must be gone before it
/// closes.
class RowFeed {
 public:
  /// Makes the table known to the connection under a name that no other table has.
  static Result<RowFeed> create(Database& database, const char* name, std::size_t columns);

  /// The next value, row after row in the order of the columns. Texts and blobs must outlive `run`.
  RowFeed& bind(std::int64_t value);
  RowFeed& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
  RowFeed& bind(double value);
  RowFeed& bind(std::string_view text);
  RowFeed& bind(const std::string& text) { return bind(std::string_view(text)); }
  RowFeed& bind(std::string&& text) = delete;  // would be gone before the statement runs
  RowFeed& bind_blob(std::string_view bytes);
  RowFeed& bind_null();
  /// Empty text is stored as NULL: the columns that use it mean "unknown".
  RowFeed& bind_text_or_null(std::string_view text) { return text.empty() ? bind_null() : bind(text); }
  template <typename T>
  RowFeed& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }

  bool empty() const;
  /// Runs a statement that reads the table, and forgets the rows whatever comes of it. Nothing where there
  /// are none.
  Status run(Statement& statement);
  void discard();

  struct Rows;  ///< what the connection keeps

 private:
  Rows* rows_ = nullptr;
};

}  // namespace earshot::store::sqlite
