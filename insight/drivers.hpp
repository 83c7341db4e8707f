#pragma once
#include <string>
#include <vector>

#include "analysis/series/contribution.hpp"
#include "insight/incident_story.hpp"
#include "insight/job.hpp"

/// What moves a brand's net sentiment: which issue types, how far, and the reasons people give.
namespace earshot::insight {

struct Driver {
  unsigned issue = 0;     ///< bit of the type, or analysis::no_group
  std::string name = {};  ///< "none" of no_group
  analysis::Contribution part = {};
  std::int64_t mentions = 0, negative = 0, positive = 0;  ///< scored ones that carry it, each in full
  std::vector<Reason> reasons = {};  ///< of those who pull its way, for the strongest few
};

struct Drivers {
  std::string brand = {};
  Timestamp since = {}, until = {};
  /// The weeks before `since` that are the usual: their mentions together.
  Timestamp usual_since = {};
  int weeks = 0, weeks_left_out = 0;  ///< left out: deaf for more than a day
  analysis::Contributions total = {};
  std::vector<Driver> rows = {};  ///< the strongest first; their totals are the difference

  /// Too few mentions on either side for the difference to mean much.
  bool too_little() const { return total.count < mentions_min || total.usual_count < mentions_min; }
  static constexpr std::int64_t mentions_min = 30;
};

/// `invalid` when the period is empty or longer than a year.
Result<Drivers> find_drivers(const JobInput& input, Timestamp since, Timestamp until);

}  // namespace earshot::insight
