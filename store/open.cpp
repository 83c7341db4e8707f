#include <filesystem>

#include "store/sqlite/store.hpp"
#include "store/store.hpp"

namespace earshot::store {

Result<std::unique_ptr<Store>> open_store(const std::string& path) {
  std::error_code ignored;  // opening says better what is wrong with the path
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  return sqlite::SqliteStore::open(path);
}

Result<std::unique_ptr<Reader>> open_reader(const std::string& path) { return sqlite::open_reader(path); }

}  // namespace earshot::store
