#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/series/anomaly.hpp"
#include "insight/job.hpp"

/// The rule of incidents over the stored history: what it would have raised, and when.
namespace earshot::insight {

/// What people made of an alarm. `wrong`: somebody dismissed the incident, or of three or more of its
/// mentions that people labelled, most are not negative. `right`: somebody acknowledged it, or most labels
/// are negative.
enum class Judged { nobody, right, wrong };

struct Alarm {
  std::string issue = {};
  Timestamp started_at = {}, detected_at = {}, last_at = {};
  std::int64_t authors = 0, mentions = 0;
  double observed = 0, expected = 0, threshold = 0;
  bool warm_up = false;
  MentionId first_mention = {};
  std::optional<IncidentId> known = {};  ///< the stored incident it is
  Judged judged = Judged::nobody;
  std::int64_t labels = 0, labels_negative = 0;

  double hours_to_detect() const {
    return std::chrono::duration<double, std::ratio<3600>>(detected_at - started_at).count();
  }
};

struct Backtest {
  std::string brand = {};
  Timestamp since = {}, until = {};
  analysis::UnusualRule rule = {};
  double weeks = 0;                ///< heard ones: deaf hours are left out
  std::vector<Alarm> alarms = {};  ///< oldest first
  std::vector<store::IncidentRow> missed =
      {};  ///< stored incidents of the stretch that this rule would not raise, but for false alarms

  double alarms_per_week() const { return weeks > 0 ? static_cast<double>(alarms.size()) / weeks : 0; }
  double wrong_per_week() const;
};

/// Replays [now − days, now) hour by hour, each decision with what was known then. `invalid`: days outside 1
/// … 366.
Result<Backtest> backtest(const JobInput& input, int days, const analysis::UnusualRule& rule);

}  // namespace earshot::insight
