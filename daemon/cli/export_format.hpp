#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "store/rows.hpp"

namespace earshot::cli {

/// Writes rows of an export in one format, front to back. The sink takes the bytes.
class ExportFormat {
 public:
  using Sink = std::function<Status(std::string_view bytes)>;
  virtual ~ExportFormat() = default;
  virtual Status begin() = 0;
  virtual Status add(const store::MentionRow& row, const std::string& brand) = 0;
  virtual Status end() = 0;
};

/// "ndjson", "csv" or "parquet"; nothing for another name. Only Parquet has a place for the versions, as
/// metadata of the file.
std::unique_ptr<ExportFormat> export_format(const std::string& name, const store::Versions& versions,
                                            ExportFormat::Sink sink);

}  // namespace earshot::cli
