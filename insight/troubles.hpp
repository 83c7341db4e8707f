#pragma once
#include "insight/incident_detect.hpp"
#include "insight/job.hpp"

/// A brand's troubles as the detection of incidents reads them. Private to insight/.
namespace earshot::insight {

/// Negative and complaining mentions since then, oldest first, copies marked; the newest half a million.
Result<std::vector<Trouble>> read_troubles(const JobInput& input, Timestamp since);

}  // namespace earshot::insight
