#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "delivery/evidence.hpp"

namespace earshot::delivery {

/// What one hour's rule saw, as docs/insight.md describes it.
struct IncidentSum {
  std::string at = {};  ///< RFC 3339
  int window_minutes = 0;
  std::int64_t observed = 0;  ///< people
  double expected = 0, spread = 0, threshold = 0;
  int weeks = 0, hours = 0;  ///< of history
  bool warm_up = false;
  std::int64_t gap_hours_left_out = 0;
};

using Counted = std::pair<std::string, std::int64_t>;  ///< words, and people

/// An incident's `details`. What is not there, or of another type, stays empty: older versions of them are
/// read too.
struct IncidentDetails {
  std::vector<std::string> issues = {};  ///< names, the first to fire first
  IncidentSum fired = {}, peak = {};
  std::vector<Counted> reasons = {}, words = {}, sources = {};
  std::vector<Evidence> exemplars = {};
};
IncidentDetails incident_details(const std::string& json);

}  // namespace earshot::delivery
