#pragma once
#include <string>
#include <string_view>

#include "daemon/report/build.hpp"

namespace earshot::report {

/// A report as a row of the outbox carries it: JSON with `report` (the name it was ordered by), `brand`,
/// `title`, `since`, `until`, the first figures as `figures` [{name, value, usual}], and the whole page as
/// `text`, `markdown` and `html`. Pure.
std::string outbox_text(const Report& report, std::string_view name);

}  // namespace earshot::report
