#pragma once
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "daemon/cli/terminal.hpp"
#include "store/sql_shell.hpp"

namespace earshot::cli {

enum class SqlFormat { table, csv, json };

/// Writes answers of SQL to a stream. Tables are aligned a few hundred rows at a time, so that long answers
/// begin at once and need no memory. For a `terminal` control characters become spaces in every format. In
/// JSON, one object a line, whole numbers beyond 2^53 are texts, as everywhere.
class SqlWriter {
 public:
  SqlWriter(std::FILE* out, SqlFormat format, bool terminal)
      : out_(out), format_(format), terminal_(terminal) {}

  void columns(std::span<const std::string> names);
  /// False when the stream takes no more.
  bool row(std::span<const store::SqlValue> values);
  /// Behind the last row of all; false when something could not be written.
  bool finish();
  std::size_t rows() const { return rows_; }

 private:
  std::string text_of(const store::SqlValue& value) const;
  void write_csv(std::span<const store::SqlValue> values);
  void write_json(std::span<const store::SqlValue> values);
  void flush_table();
  void put(const std::string& text) { std::fwrite(text.data(), 1, text.size(), out_); }

  std::FILE* out_;
  SqlFormat format_;
  bool terminal_;
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> waiting_;  ///< rows of a table that are not yet written
  std::vector<int> widths_;
  bool header_written_ = false;
  std::size_t rows_ = 0;
};

}  // namespace earshot::cli
