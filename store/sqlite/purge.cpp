// Letting go of old mentions: whole hours, in batches short enough that pages which wait to be written do not
// notice. What was counted stays counted.
#include "core/model/identity.hpp"
#include "store/sqlite/changed_days.hpp"
#include "store/sqlite/store.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* oldest_sql = "SELECT coalesce((SELECT min(mention_id) FROM mention),0)";
constexpr const char* last_sql =
    "SELECT mention_id FROM mention WHERE mention_id<? ORDER BY mention_id LIMIT 1 OFFSET ?";
constexpr const char* words_sql =
    "SELECT mention_id,title,text FROM mention WHERE mention_id<=? AND text IS NOT NULL";
constexpr const char* delete_sql[] = {("DELETE FROM account_mention WHERE (author_key,mention_id) IN "
                                       "(SELECT author_key,mention_id FROM mention WHERE mention_id<=?)"),
                                      "DELETE FROM waiting_decision WHERE mention_id<=?",
                                      ("DELETE FROM waiting WHERE brand_id IN (SELECT brand_id FROM brand) "
                                       "AND mention_id<=?"),
                                      "UPDATE label SET note=NULL WHERE mention_id<=? AND note IS NOT NULL",
                                      ("UPDATE story_consent SET note=NULL WHERE rant_mention<=? AND note "
                                       "IS NOT NULL"),
                                      days_gone_sql,
                                      day_cut_sql,
                                      "DELETE FROM verdict_products WHERE mention_id<=?",
                                      "DELETE FROM verdict WHERE mention_id<=?",
                                      "DELETE FROM mention WHERE mention_id<=?"};
constexpr const char* remember_sql =
    "INSERT INTO meta VALUES('purged_before',?) ON CONFLICT(key) DO UPDATE SET "
    "value=max(CAST(value AS INTEGER),CAST(excluded.value AS INTEGER))";

constexpr const char* purged_before_sql =
    "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key='purged_before'),0)";
/// How many went, so that what is left need not be counted.
constexpr const char* count_sql =
    "INSERT INTO meta VALUES('purged',?) ON CONFLICT(key) DO UPDATE SET "
    "value=CAST(value AS INTEGER)+CAST(excluded.value AS INTEGER)";

/// Runs a statement with one number.
Result<std::int64_t> run(Database& database, const char* sql, std::int64_t number) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(number);
  if (auto status = use.run(); !status) return unexpected(status.error());
  return database.changes();
}

}  // namespace

Result<Purged> SqliteStore::purge(Timestamp before, std::size_t mentions_max) {
  const auto limit = identity::make_id(std::chrono::floor<std::chrono::hours>(before), 0).value;
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  const auto fail = [&](Error error) -> Result<Purged> {
    mentions_.forget();
    return unexpected(std::move(error));
  };
  // The last of this batch, or of all where fewer are left.
  auto last = limit - 1;
  {
    auto statement = Statement::prepare(database_, last_sql);
    if (!statement) return fail(statement.error());
    Statement::Use use(*statement);
    use.bind(limit).bind(static_cast<std::int64_t>(mentions_max) - 1);
    if (use.step()) last = use.integer(0);
    if (auto status = use.finish(); !status) return fail(status.error());
  }
  {
    auto statement = Statement::prepare(database_, words_sql);
    if (!statement) return fail(statement.error());
    Statement::Use use(*statement);
    use.bind(last);
    while (use.step()) mentions_.unfind(MentionId{use.integer(0)}, use.text(1), use.text(2));
    if (auto status = use.finish(); !status) return fail(status.error());
  }
  Purged out;
  for (const auto* sql : delete_sql) {
    auto deleted = run(database_, sql, last);
    if (!deleted) return fail(deleted.error());
    out.mentions = *deleted;
  }
  // Remembered from the first batch on: no page may write into an hour that is half gone.
  if (auto status = run(database_, remember_sql, limit); !status) return fail(status.error());
  if (auto status = run(database_, count_sql, out.mentions); !status) return fail(status.error());
  if (auto status = mentions_.flush(); !status) return fail(status.error());
  if (auto status = transaction->commit(); !status) return fail(status.error());
  leave_alone_before(MentionId{limit});
  out.more = last < limit - 1;
  // Some of the pages that became free go back to the file system, a few at a time.
  if (auto status = database_.execute("PRAGMA incremental_vacuum(2000)"); !status)
    return unexpected(status.error());
  return out;
}

void SqliteStore::leave_alone_before(MentionId id) {
  mentions_.ignore_before(id);
  rollups_.fixed_before(identity::time_of(id));
}

Status SqliteStore::recall_purge() {
  auto before = database_.integer(purged_before_sql);
  if (!before) return unexpected(before.error());
  if (*before > 0) leave_alone_before(MentionId{*before});
  return Done{};
}

Result<std::optional<Timestamp>> SqliteStore::oldest() {
  auto id = database_.integer(oldest_sql);
  if (!id) return unexpected(id.error());
  return *id == 0 ? std::optional<Timestamp>() : identity::time_of(MentionId{*id});
}

Result<std::int64_t> SqliteStore::used_bytes() {
  auto pages = database_.integer("PRAGMA page_count"), free = database_.integer("PRAGMA freelist_count"),
       size = database_.integer("PRAGMA page_size");
  for (const auto* value : {&pages, &free, &size})
    if (!*value) return unexpected(value->error());
  return (*pages - *free) * *size;
}

}  // namespace earshot::store::sqlite
