#pragma once
#include "insight/people.hpp"

/// How the stories of unhappy customers went on. Private to insight/.
namespace earshot::insight {

/// By author. Staff, press, bots and affiliates have none. Fails when words that decide one cannot be read.
Result<std::vector<store::JourneyRow>> find_journeys(const JobInput& input, const Dialogue& dialogue,
                                                     const People& people,
                                                     const std::vector<store::IncidentRow>& incidents);

}  // namespace earshot::insight
