#pragma once
#include "core/base/json_writer.hpp"
#include "store/rows.hpp"

namespace earshot::api {

/// {"incident","post","to_check":[…],"threads":[…]}: a draft for followers; see delivery/advisory.hpp.
void write_advisory(JsonWriter& out, const store::IncidentRow& incident);

}  // namespace earshot::api
