#pragma once
#include <string>

#include "core/base/result.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

enum class Existing { refuse, replace };

/// Writes a whole and consistent copy of the database to a file, checks it, and makes it durable before it
/// gets its name: what is broken off must not look like a copy. `invalid` when the file is there and may not
/// be replaced.
Status copy_database(Database& database, const std::string& file, Existing existing);

}  // namespace earshot::store::sqlite
