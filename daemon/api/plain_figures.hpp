#pragma once
#include <string>
#include <vector>

#include "daemon/window.hpp"
#include "insight/money.hpp"
#include "insight/summary.hpp"

namespace earshot::api::plain {

/// Volume and net sentiment by day, the newest first, and the issue mix, as sections of the plain page.
Status course(std::string& out, const insight::JobInput& input, const insight::Summary& summary,
              const daemon::Window& window);

/// How unhappy people's stories went on, and what answering was worth, never without the assumptions.
Status earned(std::string& out, const insight::JobInput& input, const daemon::Window& window,
              const std::vector<insight::MoneyAssumptions>& money);

}  // namespace earshot::api::plain
