#pragma once
#include <string>

#include "store/keyed_hash.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Makes `keyed_hash(number)` known to the connection; `key` must outlive it.
Status add_keyed_hash(Database& database, const KeyedHash& key);

/// There are tombstones that only the key they were made with finds again.
Result<bool> needs_its_key(Database& database);

/// Holds the key against the one that the database's tombstones were made with. The first time, those that
/// are there get theirs. `forbidden` when it is another: what was taken back would come again unnoticed.
/// A fresh key is taken where there is no tombstone yet.
Status adopt_key(Database& database, const KeyedHash& key);

}  // namespace earshot::store::sqlite
