// doctor: everything that can be looked at, and what to do about it.
#include <algorithm>
#include <cstdio>
#include <functional>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/doctor/doctor.hpp"

namespace earshot::cli {
namespace {

using daemon::doctor::Finding;
using daemon::doctor::Findings;
using daemon::doctor::Level;

Colour colour_of(Level level) {
  switch (level) {
    case Level::ok: return Colour::green;
    case Level::note: return Colour::blue;
    case Level::warn: return Colour::yellow;
    case Level::bad: return Colour::red;
  }
  return Colour::none;
}

/// 0 where nothing worries, 1 for warnings, 2 for what is bad.
int code_of(Level worst) { return worst == Level::bad ? 2 : worst == Level::warn ? 1 : 0; }

void print_json(const Findings& findings, Level worst) {
  JsonWriter out;
  out.begin_object().field("worst", to_string(worst)).key("findings").begin_array();
  for (const auto& finding : findings) {
    out.begin_object().field("level", to_string(finding.level)).field("group", finding.group);
    out.field("what", finding.what).field("why", finding.why).field("advice", finding.advice).end_object();
  }
  std::printf("%s\n", out.end_array().end_object().str().c_str());
}

void print_text(const Findings& findings) {
  for (const auto& finding : findings) {
    auto name = std::string(to_string(finding.level));
    name.resize(5, ' ');
    std::printf("%s %s: %s\n", paint(colour_of(finding.level), name).c_str(), finding.group.c_str(),
                printable(finding.what).c_str());
    if (finding.level == Level::ok) continue;
    if (!finding.why.empty()) std::printf("        %s\n", printable(finding.why).c_str());
    if (!finding.advice.empty()) std::printf("      → %s\n", printable(finding.advice).c_str());
  }
  const auto count = [&](Level level) { return std::ranges::count(findings, level, &Finding::level); };
  std::printf("\n%td bad, %td warnings, %td notes, %td fine\n", count(Level::bad), count(Level::warn),
              count(Level::note), count(Level::ok));
}

}  // namespace

int doctor(const Options& options) {
  auto findings = daemon::doctor::examine(
      {.config_path = options.config_path, .database = options.database, .offline = options.offline},
      SystemClock().now());
  std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::level);
  const auto worst = daemon::doctor::worst(findings);
  options.json ? print_json(findings, worst) : print_text(findings);
  return code_of(worst);
}

CommandSpec doctor_command() {
  return {.name = "doctor",
          .group = CommandGroup::set_up,
          .purpose = "What is wrong with this installation, and what to do",
          .examples =
              "  earshot doctor\n"
              "  earshot doctor --offline --json           without asking any server\n"
              "  sudo -u earshot earshot doctor            as the daemon sees it",
          .run = doctor,
          .options =
              OptionList{
                  {.names = "--offline", .target = &Options::offline, .help = "Ask nothing on the network"},
                  json_option()},
          .fails = "There are warnings. 2: something is bad."};
}

}  // namespace earshot::cli
