#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Number of the newest migration in this program.
int newest_schema();

/// "0012_people".
std::string migration_name(int number);

/// The schema of one of our databases; 0: an empty file. `forbidden` when it is newer than ours (both are
/// named) or the file is another program's.
Result<std::int64_t> schema_of(Database& database);

/// Told the name of each migration before it is applied.
using MigrationProgress = std::function<void(std::string_view line)>;

/// Applies the missing migrations in order, each in one transaction with its number (`user_version`), then
/// recreates the views and the name tables. Fails like `schema_of`; nothing is written then.
Status migrate(Database& database, const MigrationProgress& progress = {});

/// Checks that the file is an Earshot database this program can read.
Status check_readable(Database& database);

}  // namespace earshot::store::sqlite
