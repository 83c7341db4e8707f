#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/csv.hpp"
#include "core/model/mention.hpp"

/// Mentions from files: the NDJSON interchange format, CSV with a map of columns, and mails in an mbox.
namespace earshot::connectors::import {

enum class Format { ndjson, csv, mbox };

struct ImportOptions {
  Format format = Format::ndjson;
  /// Platform of lines that name none; empty: such a line is an error.
  std::string platform;
  Timestamp now;  ///< becomes fetched_at
  /// CSV: field of the interchange format → name of the column ("author.handle" → "User"). A field that is
  /// not named here is looked for under its own name.
  std::map<std::string, std::string> columns;
  std::size_t line_bytes_max = 4 << 20;
  std::size_t first_line = 1;  ///< number of the first line that is pushed, where a file comes in parts
};

struct ImportedMention {
  std::size_t line = 0;  ///< from 1
  Mention mention;
};

struct ImportError {
  std::size_t line = 0;
  std::string reason;
  bool operator==(const ImportError&) const = default;
};

/// What a chunk of bytes brought. A bad line is an error with its number, and the rest goes on.
struct ImportBatch {
  std::vector<ImportedMention> mentions;
  std::vector<ImportError> errors;
};

/// Takes the file in any pieces, gives mentions in its order. No I/O. Memory is bounded by `line_bytes_max`.
class ImportReader {
 public:
  explicit ImportReader(ImportOptions options);
  ~ImportReader();
  ImportReader(ImportReader&&) noexcept;
  ImportReader& operator=(ImportReader&&) noexcept;

  void push(std::string_view bytes, ImportBatch& batch);
  /// Ends the input: reads a last line that has no line break.
  void finish(ImportBatch& batch);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace earshot::connectors::import
