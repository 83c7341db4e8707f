#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "store/rows.hpp"

namespace earshot::daemon {

/// How long a disk lasts at the pace of the last week.
struct Forecast {
  double bytes_per_mention = 0;
  double mentions_per_day = 0;
  double bytes_per_day = 0;
  double available_bytes = 0;
  std::optional<double> days_left = {};  ///< nothing: nothing was heard
};
/// `database` names the disk.
Forecast forecast(const store::StorageUse& use, const std::string& database);

/// Bytes that may still be written beside a file; 0 where that cannot be told.
double available_beside(const std::string& path);

/// 1.2 GB; powers of 1000, as disks are sold and as the configuration reads them.
std::string show_bytes(double bytes);

}  // namespace earshot::daemon
