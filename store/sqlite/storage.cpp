// How much there is, and a copy of it.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "store/sqlite/reader.hpp"
#include "store/sqlite/search_index.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* stored_sql =
    "SELECT coalesce(sum(stored),0)-coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key='purged'),0) "
    "FROM source";
/// Hours lie within brands: newest hour first per brand, then a sum over a week. Rollups alone are read.
constexpr const char* week_sql =
    "SELECT coalesce(sum(r.mentions),0) FROM brand b CROSS JOIN rollup_hour r ON r.brand_id=b.brand_id "
    "AND r.hour_at>(SELECT max(h) FROM (SELECT (SELECT max(hour_at) FROM rollup_hour x WHERE "
    "x.brand_id=b2.brand_id) h FROM brand b2))-7*86400000";

/// 0 where there is no such file.
std::int64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  return failed ? 0 : static_cast<std::int64_t>(size);
}

Status sync_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const int failure = errno;
  if (file >= 0) ::close(file);
  if (synced) return Done{};
  return unexpected(ErrorKind::internal, "cannot sync " + path + ": " + std::strerror(failure));
}

}  // namespace

Result<StorageUse> SqliteReader::storage() {
  StorageUse out;
  const std::pair<std::int64_t*, const char*> all[] = {
      {&out.database_bytes, "PRAGMA page_count"},
      {&out.free_bytes, "PRAGMA freelist_count"},
      {&out.mentions, stored_sql},
      {&out.week_mentions, week_sql},
      {&out.search_waiting, "SELECT count(*) FROM search_queue"}};
  for (const auto& [value, sql] : all) {
    auto found = database_.integer(sql);
    if (!found) return unexpected(found.error());
    *value = *found;
  }
  auto size = database_.integer("PRAGMA page_size");
  if (!size) return unexpected(size.error());
  out.database_bytes *= *size;
  out.free_bytes *= *size;
  out.log_bytes = size_of(path_ + "-wal");
  out.search_bytes = size_of(search_path(path_)) + size_of(search_path(path_) + "-wal");
  return out;
}

Status SqliteReader::backup(const std::string& file) {
  if (std::filesystem::exists(file))
    return unexpected(ErrorKind::invalid, file + " is there already: name a new file");
  // Under another name until it is whole: a copy that was broken off must not look like one.
  const auto part = file + ".part";
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  const auto copy = [&]() -> Status {
    // The connection is opened read-only; SQLite takes the copy for a write to it if it was also told so.
    if (auto status = database_.execute("PRAGMA query_only=0"); !status) return status;
    auto statement = Statement::prepare(database_, "VACUUM INTO ?");
    if (!statement) return unexpected(statement.error());
    Statement::Use use(*statement);
    use.bind(part);
    return use.run();
  };
  if (auto status = copy(); !status) {
    std::filesystem::remove(part, ignored);
    return status;
  }
  auto made = Database::open(part, Access::read_only);
  if (!made) return unexpected(made.error());
  auto sound = made->integer("SELECT count(*) FROM pragma_quick_check WHERE quick_check='ok'");
  if (!sound || *sound != 1) return unexpected(ErrorKind::corrupt, "the copy " + part + " is damaged");
  if (auto status = sync_file(part); !status) return status;
  std::error_code failed;
  std::filesystem::rename(part, file, failed);
  if (failed)
    return unexpected(ErrorKind::internal, "cannot name the copy " + file + ": " + failed.message());
  const auto folder = std::filesystem::absolute(file).parent_path().string();
  return sync_file(folder);
}

}  // namespace earshot::store::sqlite
