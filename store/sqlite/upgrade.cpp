// Bringing an older database forward: look, copy, migrate, look again.
#include "store/sqlite/upgrade.hpp"

#include <filesystem>

#include "store/lock.hpp"
#include "store/sqlite/copy.hpp"
#include "store/sqlite/file_size.hpp"
#include "store/sqlite/migrate.hpp"

namespace earshot::store {
namespace {

using sqlite::Access;
using sqlite::Database;
using sqlite::size_of;

std::int64_t free_beside(const std::string& path) {
  std::error_code failed;
  const auto space = std::filesystem::space(std::filesystem::absolute(path).parent_path(), failed);
  return failed ? 0 : static_cast<std::int64_t>(space.available);
}

std::string megabytes(std::int64_t bytes) { return std::to_string((bytes + 999'999) / 1'000'000) + " MB"; }

bool is_empty(const std::string& path) { return path == ":memory:" || size_of(path) == 0; }

UpgradePlan no_plan() {
  const auto newest = static_cast<std::int64_t>(sqlite::newest_schema());
  return {.from = newest, .to = newest};
}

Status look_through(Database& database, const char* when) {
  auto sound = database.integer("SELECT count(*) FROM pragma_quick_check WHERE quick_check='ok'");
  if (sound && *sound == 1) return Done{};
  return unexpected(ErrorKind::corrupt, "the database is damaged" + std::string(when) +
                                            (sound ? "" : ": " + sound.error().message));
}

Status enough_room(const UpgradePlan& plan) {
  if (plan.free_bytes >= plan.needed_bytes) return Done{};
  return unexpected(ErrorKind::disk_full,
                    "bringing the database from schema " + std::to_string(plan.from) + " to " +
                        std::to_string(plan.to) + " needs " + megabytes(plan.needed_bytes) +
                        " beside it and there are " + megabytes(plan.free_bytes) +
                        ": make room, or do without the copy (`earshot migrate --no-backup`)");
}

Result<UpgradePlan> plan_for(Database& database, const std::string& path, KeepBackup backup) {
  auto schema = sqlite::schema_of(database);
  if (!schema) return unexpected(schema.error());
  UpgradePlan plan{.from = *schema, .to = sqlite::newest_schema()};
  // An empty file is one that somebody has just begun.
  if (plan.from == 0) plan.from = plan.to;
  if (plan.nothing_to_do()) return plan;
  for (auto number = plan.from + 1; number <= plan.to; ++number)
    plan.steps.emplace_back(sqlite::migration_name(static_cast<int>(number)));
  plan.database_bytes = size_of(path) + size_of(path + "-wal");
  // A migration may write a table anew: once into the log, and from there into the file.
  plan.needed_bytes = plan.database_bytes * (backup == KeepBackup::yes ? 2 : 1) + 16'000'000;
  plan.free_bytes = free_beside(path);
  if (backup == KeepBackup::yes) plan.backup = path + ".schema-" + std::to_string(plan.from);
  return plan;
}

}  // namespace

Result<UpgradePlan> plan_upgrade(const std::string& path, KeepBackup backup) {
  if (is_empty(path)) return no_plan();
  auto database = Database::open(path, Access::read_only);
  if (!database) return unexpected(database.error());
  return plan_for(*database, path, backup);
}

Result<UpgradePlan> upgrade(const std::string& path, KeepBackup backup, const UpgradeProgress& progress) {
  // Without the lock, so that nothing to do is said while a daemon runs; what is wrong is found with it.
  if (auto plan = plan_upgrade(path, backup); plan && plan->nothing_to_do()) return plan;
  auto lock = WriterLock::acquire(path);
  if (!lock) return unexpected(lock.error());
  return sqlite::upgrade_locked(path, backup, progress);
}

Result<UpgradePlan> sqlite::upgrade_locked(const std::string& path, KeepBackup backup,
                                           const UpgradeProgress& progress) {
  if (is_empty(path)) return no_plan();
  // For writing: where power failed while the file was new, a journal waits to be rolled back, which a reader
  // may not do.
  auto database = Database::open(path, Access::read_write);
  if (!database) return unexpected(database.error());
  auto plan = plan_for(*database, path, backup);
  if (!plan || plan->nothing_to_do()) return plan;
  if (auto room = enough_room(*plan); !room) return unexpected(room.error());
  progress("looking the database through");
  if (auto sound = look_through(*database, ""); !sound) return unexpected(sound.error());
  if (backup == KeepBackup::yes) {
    progress("copying it to " + plan->backup);
    if (auto copied = copy_database(*database, plan->backup, Existing::replace); !copied)
      return unexpected(copied.error());
  }
  const auto mentions = "SELECT count(*) FROM mention";
  auto before = database->integer(mentions);
  if (!before) return unexpected(before.error());
  if (auto migrated = migrate(*database, progress); !migrated) return unexpected(migrated.error());
  progress("looking it through again");
  if (auto sound = look_through(*database, " after the upgrade"); !sound) return unexpected(sound.error());
  auto after = database->integer(mentions);
  if (!after) return unexpected(after.error());
  if (*after != *before)
    return unexpected(ErrorKind::corrupt, "the upgrade left " + std::to_string(*after) + " of " +
                                              std::to_string(*before) + " mentions");
  return plan;
}

}  // namespace earshot::store
