// Looking at a database from outside: nothing is written, and nothing about it is taken for granted.
#include "store/inspection.hpp"

#include <filesystem>

#include "store/sqlite/author_tables.hpp"
#include "store/sqlite/file_size.hpp"
#include "store/sqlite/migrate.hpp"
#include "store/sqlite/search_index.hpp"

namespace earshot::store {
namespace {

using sqlite::Access;
using sqlite::Database;
using sqlite::size_of;
using sqlite::Statement;

Status look_through(Database& database, Milliseconds most, Inspection& out) {
  if (most == most.zero()) return Done{};
  database.time_limit(most);
  auto check = Statement::prepare(database, "PRAGMA quick_check(1)");
  if (!check) return unexpected(check.error());
  Statement::Use use(*check);
  if (use.step()) {
    out.damage = std::string(use.text(0));
    out.soundness = out.damage == "ok" ? Soundness::sound : Soundness::damaged;
    if (out.soundness == Soundness::sound) out.damage.clear();
  }
  auto ended = use.finish();
  database.time_limit(Milliseconds::zero());
  if (ended || ended.error().kind == ErrorKind::timed_out) return Done{};
  out.soundness = Soundness::damaged;
  out.damage = ended.error().message;
  return Done{};
}

/// Erasures of which something may still be in a file.
Status look_at_erasures(Database& database, Inspection& out) {
  auto settled = database.integer(sqlite::settled_to_sql);
  if (!settled) return unexpected(settled.error());
  auto statement =
      Statement::prepare(database, "SELECT count(*),min(erased_at) FROM erasure WHERE erasure_id>?");
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(*settled);
  if (use.step()) {
    out.erasures_unsettled = use.integer(0);
    if (const auto at = use.optional_integer(1)) out.erased_at = from_ms(*at);
  }
  return use.finish();
}

}  // namespace

Result<Inspection> inspect(const std::string& path, Milliseconds check_most) {
  auto database = Database::open(path, Access::read_only);
  if (!database) return unexpected(database.error());
  auto schema = sqlite::schema_of(*database);
  if (!schema) return unexpected(schema.error());
  Inspection out{.schema = *schema,
                 .newest_schema = sqlite::newest_schema(),
                 .database_bytes = size_of(path),
                 .log_bytes = size_of(path + "-wal")};
  out.search_there = std::filesystem::exists(sqlite::search_path(path));
  if (auto status = look_through(*database, check_most, out); !status) return unexpected(status.error());
  if (!out.current() || out.soundness == Soundness::damaged) return out;
  auto waiting = database->integer("SELECT count(*) FROM search_queue");
  if (!waiting) return unexpected(waiting.error());
  out.search_waiting = *waiting;
  if (auto status = look_at_erasures(*database, out); !status) return unexpected(status.error());
  return out;
}

Result<std::int64_t> unseen_since(const std::string& path, std::string_view platform, Timestamp before,
                                  std::int64_t most, Milliseconds time_most) {
  auto database = Database::open(path, Access::read_only);
  if (!database) return unexpected(database.error());
  database->time_limit(time_most);
  auto statement = Statement::prepare(
      *database,
      "SELECT count(*) FROM (SELECT 1 FROM mention WHERE platform_id=(SELECT platform_id FROM platform "
      "WHERE name=?) AND deleted_at IS NULL AND text IS NOT NULL AND fetched_at<? LIMIT ?)");
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(platform).bind(before).bind(most);
  if (use.step()) return use.integer(0);
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return unexpected(ErrorKind::internal, "no count");
}

}  // namespace earshot::store
