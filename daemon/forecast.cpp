#include "daemon/forecast.hpp"

#include <cstdio>
#include <filesystem>

namespace earshot::daemon {

Forecast forecast(const store::StorageUse& use, const std::string& database) {
  Forecast out{.available_bytes = available_beside(database)};
  const auto kept = static_cast<double>(use.database_bytes - use.free_bytes + use.search_bytes);
  if (use.mentions > 0) out.bytes_per_mention = kept / static_cast<double>(use.mentions);
  out.mentions_per_day = static_cast<double>(use.week_mentions) / 7;
  out.bytes_per_day = out.mentions_per_day * out.bytes_per_mention;
  if (out.bytes_per_day > 0) out.days_left = out.available_bytes / out.bytes_per_day;
  return out;
}

double available_beside(const std::string& path) {
  std::error_code failed;
  const auto space = std::filesystem::space(std::filesystem::absolute(path).parent_path(), failed);
  return failed ? 0 : static_cast<double>(space.available);
}

std::string show_bytes(double bytes) {
  const char* unit = "B";
  for (const char* next : {"kB", "MB", "GB", "TB"}) {
    if (bytes < 1000) break;
    bytes /= 1000;
    unit = next;
  }
  char out[32];
  std::snprintf(out, sizeof out, bytes < 10 ? "%.1f %s" : "%.0f %s", bytes, unit);
  return out;
}

}  // namespace earshot::daemon
