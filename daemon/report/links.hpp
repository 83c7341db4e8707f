#pragma once
#include <string>
#include <utility>

#include "daemon/report/model.hpp"

namespace earshot::report {

/// Where a number leads: the target of the API, or of the dashboard where the report says so, behind
/// base_url; empty where there is nothing to list. What the dashboard has no view of keeps the API's target.
/// Pure.
std::string address_of(const Report& report, const Behind& behind);

/// What stands before and behind the figure of a paragraph; all of it before, where there is none.
std::pair<std::string, std::string> around(const Paragraph& paragraph);

}  // namespace earshot::report
