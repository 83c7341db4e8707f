// The configuration: every mistake, or what was read.
#include "core/base/text.hpp"
#include "daemon/doctor/checks.hpp"
#include "daemon/prepare.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr std::size_t mistakes_max = 20;

Findings mistakes_of(const Error& error) {
  Findings out;
  const auto lines = split(error.message, '\n');
  for (const auto line : lines) {
    if (out.size() == mistakes_max) break;
    out.push_back({.level = Level::bad,
                   .group = "configuration",
                   .what = std::string(line),
                   .why = "a daemon does not start on it, and one that runs keeps what it had",
                   .advice = "mend it, then run `earshot check`"});
  }
  if (lines.size() > out.size())
    out.push_back({.level = Level::bad,
                   .group = "configuration",
                   .what = std::to_string(lines.size() - out.size()) + " more mistakes",
                   .advice = "`earshot check` lists them all"});
  return out;
}

}  // namespace

Findings check_configuration(const std::string& path, const Result<Config>& loaded) {
  if (!loaded) return mistakes_of(loaded.error());
  if (auto prepared = prepare(*loaded, {}); !prepared) return mistakes_of(prepared.error());
  std::size_t on = 0;
  for (const auto& source : loaded->sources) on += source.enabled ? 1 : 0;
  Findings out = {{.level = Level::ok,
                   .group = "configuration",
                   .what = path + ": " + std::to_string(loaded->brands.size()) + " brands, " +
                           std::to_string(on) + " sources, " +
                           std::to_string(loaded->delivery.destinations.size()) + " destinations"}};
  if (on == 0)
    out.push_back({.level = Level::warn,
                   .group = "configuration",
                   .what = "no source is on",
                   .why = "nothing will be heard",
                   .advice = "add a [[source]]; `earshot sources` lists what there is"});
  if (loaded->contact.empty() && loaded->user_agent.empty() && on > 0)
    out.push_back({.level = Level::note,
                   .group = "configuration",
                   .what = "platforms are not told whom to write to",
                   .why = "a platform that is displeased turns a nameless client away instead of writing",
                   .advice = "set `contact` in [net]"});
  return out;
}

}  // namespace earshot::daemon::doctor
