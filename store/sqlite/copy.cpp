#include "store/sqlite/copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace earshot::store::sqlite {
namespace {

Status sync_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const int failure = errno;
  if (file >= 0) ::close(file);
  if (synced) return Done{};
  return unexpected(ErrorKind::internal, "cannot sync " + path + ": " + std::strerror(failure));
}

Status write_copy(Database& database, const std::string& part) {
  // A connection that is opened read-only takes the copy for a write to it if it was also told so.
  if (auto status = database.execute("PRAGMA query_only=0"); !status) return status;
  auto statement = Statement::prepare(database, "VACUUM INTO ?");
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(part);
  return use.run();
}

}  // namespace

Status copy_database(Database& database, const std::string& file, Existing existing) {
  if (existing == Existing::refuse && std::filesystem::exists(file))
    return unexpected(ErrorKind::invalid, file + " is there already: name a new file");
  const auto part = file + ".part";
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  if (auto status = write_copy(database, part); !status) {
    std::filesystem::remove(part, ignored);
    return status;
  }
  {
    auto made = Database::open(part, Access::read_only);
    if (!made) return unexpected(made.error());
    auto sound = made->integer("SELECT count(*) FROM pragma_quick_check WHERE quick_check='ok'");
    if (!sound || *sound != 1) return unexpected(ErrorKind::corrupt, "the copy " + part + " is damaged");
  }
  if (auto status = sync_file(part); !status) return status;
  std::error_code failed;
  std::filesystem::rename(part, file, failed);
  if (failed)
    return unexpected(ErrorKind::internal, "cannot name the copy " + file + ": " + failed.message());
  return sync_file(std::filesystem::absolute(file).parent_path().string());
}

}  // namespace earshot::store::sqlite
