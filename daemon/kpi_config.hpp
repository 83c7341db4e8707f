#pragma once
#include "core/base/toml.hpp"
#include "insight/kpi.hpp"

namespace earshot::daemon {

/// Reads one [[kpi]] table; mistakes go to the reader's list.
insight::Kpi read_kpi(TomlReader& reader);

}  // namespace earshot::daemon
