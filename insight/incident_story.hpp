#pragma once
#include <string>
#include <vector>

#include "insight/incident_detect.hpp"
#include "store/rows.hpp"

/// What an incident is told as: severity, title, and the `details` that docs/insight.md describes. Pure.
namespace earshot::insight {

struct Reason {
  std::string phrase = {};  ///< "since the 4.2 update"
  int authors = 0;
};

/// Short phrases that begin with since, because, after or when, which two or more authors share; most authors
/// first. Shorter forms of a phrase that as many authors share are left out. A phrase without a word of
/// meaning ("because fernwave is") is none; `brand_name` means nothing here.
std::vector<Reason> shared_reasons(const std::vector<store::MentionRow>& mentions,
                                   const std::string& brand_name);

/// 1 … 10 as a sum of parts, each of which `details` names.
struct Severity {
  double height = 0;    ///< up to 4: how far the peak was above the threshold, in doublings × 1.5
  double duration = 0;  ///< up to 2: a third of a point per hour
  double echoes = 0;    ///< up to 2: log10(1 + copies)
  double sources = 0;   ///< 1 when three or more sources tell of it
  int score() const;
};
Severity severity_of(const FoundIncident& incident, std::size_t sources);

struct StoryInput {
  const FoundIncident& incident;
  const std::vector<Trouble>& troubles;
  const std::vector<store::MentionRow>& mentions;  ///< of the members, in time order
  std::vector<std::string> issue_names = {};       ///< of the incident, the first to fire first
  std::string brand_name = {};
  std::int64_t gap_hours = 0;  ///< left out of the history
};

struct Story {
  std::string title = {};
  int severity = 1;
  std::string details = {};
};
Story tell(const StoryInput& input);

}  // namespace earshot::insight
