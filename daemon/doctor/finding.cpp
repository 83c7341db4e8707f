#include "daemon/doctor/finding.hpp"

#include <algorithm>
#include <iterator>

namespace earshot::daemon::doctor {

std::string_view to_string(Level level) {
  switch (level) {
    case Level::ok: return "ok";
    case Level::note: return "note";
    case Level::warn: return "warn";
    case Level::bad: return "bad";
  }
  return {};
}

void add(Findings& all, Findings more) { std::ranges::move(more, std::back_inserter(all)); }

Level worst(const Findings& findings) {
  auto level = Level::ok;
  for (const auto& finding : findings) level = std::max(level, finding.level);
  return level;
}

}  // namespace earshot::daemon::doctor
