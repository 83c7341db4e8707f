#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

/// Bringing an older database forward, with a way back.
namespace earshot::store {

struct UpgradePlan {
  std::int64_t from = 0, to = 0;        ///< schemas; equal: there is nothing to do
  std::vector<std::string> steps = {};  ///< migrations by name, in order
  std::int64_t database_bytes = 0;
  std::int64_t needed_bytes = 0, free_bytes = 0;  ///< on the database's disk, with the copy
  std::string backup = {};                        ///< where the copy goes

  bool nothing_to_do() const { return from == to; }
};

enum class KeepBackup { yes, no };

/// What an upgrade would do; nothing is written. A file that is not there yet has nothing to do. `forbidden`
/// where the schema is newer than this program (both are named) or the file is another program's.
Result<UpgradePlan> plan_upgrade(const std::string& path, KeepBackup backup = KeepBackup::yes);

/// Told before each step and after the last.
using UpgradeProgress = std::function<void(std::string_view line)>;

/// Looks the database through, copies it to `UpgradePlan::backup` (replacing what an upgrade from the same
/// schema left there), checks the copy, migrates step by step, and looks it through again. Killed at any
/// moment, the next call goes on after the last step that was done. Fails with `busy` (somebody writes it),
/// `disk_full` (too little room, before anything is touched), `corrupt`, or like `plan_upgrade`.
Result<UpgradePlan> upgrade(const std::string& path, KeepBackup backup, const UpgradeProgress& progress);

}  // namespace earshot::store
