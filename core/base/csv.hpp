#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

struct CsvRow {
  std::size_t line = 0;  ///< where the row begins, from 1
  std::vector<std::string> fields;
  /// A quote stood where none may be, or was never closed; the fields are the best reading of it.
  bool damaged = false;
  bool operator==(const CsvRow&) const = default;
};

/// RFC 4180 reader for bytes that come in any pieces. Accepts LF, CRLF and CR, a BOM, and quotes inside unquoted
/// fields; empty lines are skipped. Memory is bounded by `row_bytes_max`: what exceeds it is cut and marked damaged.
class CsvReader {
 public:
  explicit CsvReader(char separator = ',', std::size_t row_bytes_max = 4 << 20)
      : separator_(separator), row_bytes_max_(row_bytes_max) {}

  /// Consumes the bytes and appends every row that ended in them.
  void push(std::string_view bytes, std::vector<CsvRow>& rows);
  /// Ends the input: a last row without a line break comes out.
  void finish(std::vector<CsvRow>& rows);

 private:
  enum class State { field_start, plain, quoted, quote_in_quoted };
  void step(char c, std::vector<CsvRow>& rows);
  void keep(char c);
  void end_field();
  void end_row(std::vector<CsvRow>& rows);

  char separator_;
  std::size_t row_bytes_max_;
  State state_ = State::field_start;
  CsvRow row_;
  std::string field_;
  std::size_t row_bytes_ = 0;
  std::size_t line_ = 1;
  std::size_t bom_seen_ = 0;
  bool after_cr_ = false;
  bool row_started_ = false;
};

/// One CSV line with CRLF. Fields are quoted when they must be; a field that a spreadsheet would take for a formula
/// (first character = + - @ tab CR, numbers excepted) gets a leading apostrophe.
std::string csv_line(std::span<const std::string_view> fields);

}  // namespace earshot
