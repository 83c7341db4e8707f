#include "store/lock.hpp"
#include "store/sqlite/store.hpp"
#include "store/store.hpp"

namespace earshot::store {

Result<std::unique_ptr<Store>> open_store(const std::string& path) { return sqlite::SqliteStore::open(path); }

Result<std::unique_ptr<Reader>> open_reader(const std::string& path) { return sqlite::open_reader(path); }

}  // namespace earshot::store
