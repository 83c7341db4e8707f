#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "connectors/import/import_reader.hpp"
#include "core/base/result.hpp"

namespace earshot::connectors::import {

class FastLine;

/// Reads lines of the interchange format one by one, reusing its buffers.
class LineParser {
 public:
  LineParser();
  ~LineParser();
  /// One line without its line break. `malformed` says what is wrong and with which key.
  Result<Mention> parse(std::string_view line, const ImportOptions& options);
  /// The same into a mention that holds nothing yet; where it fails, what it holds counts for nothing.
  Status parse_into(Mention& out, std::string_view line, const ImportOptions& options);

 private:
  std::unique_ptr<FastLine> fast_;
};

/// One CSV row under its header.
class RowMapper {
 public:
  explicit RowMapper(const ImportOptions& options) : options_(options) {}
  bool has_header() const { return !names_.empty(); }
  /// Takes the header row; an error names the required columns that are missing.
  Result<bool> set_header(const CsvRow& header);
  Result<Mention> map(const CsvRow& row) const;

 private:
  const ImportOptions& options_;
  std::vector<std::string>
      names_;  ///< per column: a field of the interchange format, or "extra:" and its own name
};

}  // namespace earshot::connectors::import
