#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace earshot::parquet {

enum class Kind : std::uint8_t { boolean, integer, real, text, time };

struct Column {
  std::string name;
  Kind kind = Kind::text;
};

/// Writes one Parquet file front to back: plain values, no NULLs, pages compressed with zstd, one page for
/// each column of a row group. Memory is that of one row group (at most 10,000 rows or 16 MB) and of the
/// footer (a kilobyte or two for each group). A file is whole once `finish` succeeded; readers refuse it
/// before.
class Writer {
 public:
  using Sink = std::function<Status(std::string_view bytes)>;
  using Notes = std::vector<std::pair<std::string, std::string>>;

  /// `notes` become the file's key-value metadata.
  Writer(std::vector<Column> columns, Notes notes, Sink sink);

  /// Values of a row in the order of the columns; one that does not fit its column's kind asserts.
  void add(bool value);
  void add(std::int64_t value);
  void add(double value);
  void add(std::string_view value);
  void add(Timestamp value);
  /// Ends a row, and with it a row group when that is full. Fails as the sink does.
  Status end_row();
  Status finish();

 private:
  struct Buffer {
    std::string bytes = {};
    std::uint8_t bits = 0;  ///< of booleans, those that do not fill a byte yet
  };
  struct Chunk {
    std::int64_t offset = 0, plain_bytes = 0, packed_bytes = 0;
  };
  struct Group {
    std::vector<Chunk> chunks = {};
    std::int64_t rows = 0;
  };

  Buffer& next(Kind kind);
  Status put(std::string_view bytes);
  Status end_group();
  Result<Chunk> write_page(Buffer& buffer);
  std::string footer() const;

  std::vector<Column> columns_;
  Notes notes_;
  Sink sink_;
  std::vector<Buffer> buffers_;
  std::vector<Group> groups_;
  std::size_t at_ = 0;  ///< column of the next value
  std::int64_t rows_ = 0;
  std::size_t bytes_ = 0;     ///< of texts in the open group
  std::int64_t written_ = 0;  ///< bytes so far
};

}  // namespace earshot::parquet
