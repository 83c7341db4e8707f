#pragma once
#include "core/base/toml.hpp"
#include "insight/money.hpp"

namespace earshot::daemon {

/// Reads one [[money]] table; mistakes go to the reader's list.
insight::MoneyAssumptions read_money(TomlReader& reader);

}  // namespace earshot::daemon
