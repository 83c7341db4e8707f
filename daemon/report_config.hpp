#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/toml.hpp"
#include "daemon/config_times.hpp"
#include "daemon/delivery_config.hpp"

namespace earshot::daemon {

/// One [[report]]: a page that is sent to somebody at its time.
struct ReportPlan {
  std::string name = {};  ///< unique
  std::string kind = {};  ///< of report::kinds
  std::vector<std::string> to = {};
  std::vector<std::string> brands = {};  ///< empty: every brand, a page each
  int days = 0;                          ///< that it looks back
  TimeOfDay at = {};
  std::uint8_t weekdays = 0x7F;  ///< bit 0: Mondays
  bool monthly = false;          ///< on the first day of a month alone
  std::string base_url = {};     ///< of the dashboard, as its readers reach it

  /// The last moment at which it was due, at most 32 days back; nothing: there was none.
  std::optional<Timestamp> last_due(Timestamp now) const;
};

/// Reads one [[report]]; mistakes go to the reader's list. Its way goes in front of the routes, since what a
/// report is for is said where it is ordered.
void read_report(TomlReader& reader, std::vector<ReportPlan>& out, DeliveryConfig& delivery);

}  // namespace earshot::daemon
