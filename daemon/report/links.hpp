#pragma once
#include <string>

#include "daemon/report/model.hpp"

namespace earshot::report {

/// Where a number leads: the target of the API, or of the dashboard where the report says so, behind
/// base_url; empty where there is nothing to list. What the dashboard has no view of keeps the API's target.
/// Pure.
std::string address_of(const Report& report, const Behind& behind);

}  // namespace earshot::report
