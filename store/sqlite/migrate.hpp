#pragma once
#include "core/base/result.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Number of the newest migration in this program.
int newest_schema();

/// Applies the missing migrations in order, each in one transaction with its number (`user_version`), then
/// recreates the views and the name tables. A schema newer than ours is `forbidden` and nothing is written.
Status migrate(Database& database);

/// Checks that the file is an Earshot database this program can read.
Status check_readable(Database& database);

}  // namespace earshot::store::sqlite
