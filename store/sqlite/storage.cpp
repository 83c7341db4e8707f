// How much there is, and a copy of it.
#include "store/sqlite/copy.hpp"
#include "store/sqlite/file_size.hpp"
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
  return copy_database(database_, file, Existing::refuse);
}

}  // namespace earshot::store::sqlite
