// migrate: brings an older database forward, with a copy of how it was.
#include <cstdio>
#include <filesystem>

#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/forecast.hpp"
#include "store/upgrade.hpp"

namespace earshot::cli {
namespace {

void print_plan(const std::string& path, const store::UpgradePlan& plan) {
  std::printf("%s: schema %lld to %lld\n", printable(path).c_str(), static_cast<long long>(plan.from),
              static_cast<long long>(plan.to));
  for (const auto& step : plan.steps) std::printf("  migration %s\n", step.c_str());
  if (!plan.backup.empty()) std::printf("  copy of today's: %s\n", printable(plan.backup).c_str());
  std::printf("  needs %s beside it, there are %s\n",
              daemon::show_bytes(static_cast<double>(plan.needed_bytes)).c_str(),
              daemon::show_bytes(static_cast<double>(plan.free_bytes)).c_str());
}

}  // namespace

int migrate(const Options& options) {
  const auto path = database_path(options);
  const auto keep = options.no_backup ? store::KeepBackup::no : store::KeepBackup::yes;
  auto plan = store::plan_upgrade(path, keep);
  if (!plan) return fail(path + ": " + plan.error().message);
  if (!std::filesystem::exists(path)) {
    std::printf("%s is not there yet: the daemon's first start makes it\n", printable(path).c_str());
    return 0;
  }
  if (plan->nothing_to_do()) {
    std::printf("%s has schema %lld already: nothing to do\n", printable(path).c_str(),
                static_cast<long long>(plan->to));
    return 0;
  }
  if (options.dry_run) {
    print_plan(path, *plan);
    return plan->free_bytes < plan->needed_bytes ? fail("there is too little room") : 0;
  }
  auto done = store::upgrade(
      path, keep, [](std::string_view line) { std::fprintf(stderr, "%s\n", printable(line).c_str()); });
  if (!done) return fail(path + ": " + done.error().message);
  std::printf("%s has schema %lld now, checked\n", printable(path).c_str(), static_cast<long long>(done->to));
  if (!done->backup.empty())
    std::printf("to go back: stop the daemon, install the older version, put %s in its place\n",
                printable(done->backup).c_str());
  return 0;
}

CommandSpec migrate_command() {
  return {.name = "migrate",
          .group = CommandGroup::keep,
          .purpose = "Bring an older database forward, with a copy of how it was",
          .examples =
              "  earshot migrate --dry-run                 what would be done\n"
              "  earshot migrate                           with the daemon stopped",
          .run = migrate,
          .options = OptionList{
              {.names = "-n,--dry-run", .target = &Options::dry_run, .help = "Only say what would be done"},
              {.names = "--no-backup",
               .target = &Options::no_backup,
               .help = "Make no copy first: there is no way back then"}}};
}

}  // namespace earshot::cli
