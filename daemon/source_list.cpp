#include "daemon/source_list.hpp"

#include "connectors/connector.hpp"

namespace earshot::daemon {

Result<std::vector<store::SourceStatus>> read_sources(store::Reader& reader) {
  auto rows = reader.sources();
  if (!rows) return unexpected(rows.error());
  for (auto& row : *rows) {
    const auto* spec = connectors::find_connector(row.connector);
    if (spec == nullptr || spec->pushes.stream.empty()) continue;
    const auto cursor = reader.cursor(row.id, spec->pushes.stream);
    if (!cursor) return unexpected(cursor.error());
    if (*cursor) row.last_push_at = spec->pushes.last_at(**cursor);
  }
  return rows;
}

}  // namespace earshot::daemon
