#pragma once
#include "store/sqlite/database.hpp"
#include "store/upgrade.hpp"

namespace earshot::store::sqlite {

/// `upgrade` for who holds the writer's lock already.
Result<UpgradePlan> upgrade_locked(const std::string& path, KeepBackup backup,
                                   const UpgradeProgress& progress);

}  // namespace earshot::store::sqlite
