#pragma once
#include <string>
#include <vector>

#include "delivery/incident_details.hpp"
#include "store/rows.hpp"

namespace earshot::delivery {

/// What a brand could tell its followers about a widespread problem: a draft, for a person to check and to
/// post. What only the brand knows stands in [brackets]; nobody is quoted or named in it.
struct Advisory {
  std::string post = {};                   ///< one paragraph that fits a post: at most 280 characters
  std::vector<std::string> to_check = {};  ///< what people say and nobody has confirmed, and what is missing
  std::vector<Evidence> threads = {};      ///< where people wait for it, the first who told of it first
};

/// Pure. Times of day are UTC. Of an incident that is over the draft says so.
Advisory advisory_of(const store::IncidentRow& incident);

}  // namespace earshot::delivery
