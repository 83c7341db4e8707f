#pragma once
#include <string>
#include <string_view>

#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// What a person is called in a database at `path`: as they are, or by their pseudonym where those are kept.
/// `forbidden` without the key.
Result<std::string> stored_name(Database& database, const std::string& path, std::string_view name);

}  // namespace earshot::store::sqlite
