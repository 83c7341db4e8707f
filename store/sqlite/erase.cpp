// Taking a person's words and names out, wherever they are kept. What was counted stays counted.
#include <random>

#include "store/sqlite/author_tables.hpp"
#include "store/sqlite/changed_days.hpp"
#include "store/sqlite/rows_of.hpp"
#include "store/sqlite/search_index.hpp"
#include "store/sqlite/store.hpp"
#include "store/sqlite/write_rows.hpp"

namespace earshot::store::sqlite {
namespace {

/// Quotations are objects with the id of their mention, in a list within a JSON column.
struct Quotes {
  const char* table;
  const char* key;
  const char* column;
  const char* list;
};
constexpr Quotes quotes[] = {{"incident", "incident_id", "details", "$.exemplars"},
                             {"idea", "idea_id", "details", "$.quotes"},
                             {"misled", "misled_id", "details", "$.quotes"},
                             {"outbox", "outbox_id", "payload", "$.details.exemplars"},
                             {"outbox", "outbox_id", "payload", "$.details.quotes"}};

/// Rows in whose list one of the mentions ?1 is quoted.
std::string quoting(const Quotes& q) {
  const auto list = "json_each(" + std::string(q.column) + ",'" + q.list + "')";
  return std::string("(SELECT ") + q.key + " FROM " + q.table + " WHERE EXISTS (SELECT 1 FROM " + list +
         " e WHERE CAST(json_extract(e.value,'$.mention') AS TEXT) IN (SELECT CAST(value AS TEXT) FROM "
         "json_each(?1))))";
}

std::string unquote_sql(const Quotes& q) {
  const std::string column = q.column, list = q.list;
  return "UPDATE " + std::string(q.table) + " SET " + column + "=json_set(" + column + ",'" + list +
         "',json((SELECT json_group_array(json(e.value)) FROM json_each(" + column + ",'" + list +
         "') e WHERE CAST(json_extract(e.value,'$.mention') AS TEXT) NOT IN (SELECT CAST(value AS TEXT) FROM "
         "json_each(?1))))) WHERE " +
         q.key + " IN " + quoting(q);
}

std::string sent_sql() {
  return "SELECT destination,count(*) FROM delivery WHERE state='delivered' AND (outbox_id IN " +
         quoting(quotes[3]) + " OR outbox_id IN " + quoting(quotes[4]) +
         ") GROUP BY destination ORDER BY destination";
}

// An idea is called what one of its askers wrote, nobody knows whom: the next run of the jobs finds it a
// name.
constexpr const char* retitle_sql =
    "UPDATE idea SET title=coalesce(json_extract(details,'$.quotes[0].text'),'(erased)'),"
    "details=json_set(details,'$.question',coalesce(json_extract(details,'$.quotes[0].text'),'(erased)')) "
    "WHERE idea_id IN (SELECT idea_id FROM idea_mention WHERE mention_id IN (SELECT value FROM "
    "json_each(?1)))";
constexpr const char* retitle_messages_sql =
    "UPDATE outbox SET payload=json_set(payload,'$.title','(erased)','$.details.question','(erased)') WHERE "
    "kind='idea_new' AND json_extract(payload,'$.idea') IN (SELECT idea_id FROM idea_mention WHERE "
    "mention_id IN "
    "(SELECT value FROM json_each(?1)))";
// Nobody knows whom a report's page quotes; without it the figures are sent.
constexpr const char* drop_pages_sql =
    "UPDATE outbox SET payload=json_remove(payload,'$.text','$.markdown','$.html') WHERE kind='report' AND "
    "json_type(payload,'$.html') IS NOT NULL AND ?1<>'[]'";
constexpr const char* erase_sql[] = {
    "DELETE FROM idea_answer WHERE mention_id IN (SELECT value FROM json_each(?1))",
    ("DELETE FROM praise WHERE brand_id IN (SELECT brand_id FROM brand) AND mention_id "
     "IN (SELECT value FROM json_each(?1))"),
    "DELETE FROM waiting_decision WHERE mention_id IN (SELECT value FROM json_each(?1))",
    "DELETE FROM story_consent WHERE rant_mention IN (SELECT value FROM json_each(?1))"};
constexpr const char* drop_person_sql[] = {
    "DELETE FROM account_mention WHERE author_key=?1", "DELETE FROM person WHERE author_key=?1",
    "DELETE FROM person_role WHERE author_key=?1",     "DELETE FROM person_event WHERE author_key=?1",
    "DELETE FROM defence WHERE author_key=?1",         "DELETE FROM promise WHERE author_key=?1"};
/// What is counted per person stays countable, under a number that leads to nobody.
constexpr const char* rename_sql[] = {
    ("UPDATE mention SET author_key=?2 WHERE author_key=?1 AND mention_id IN "
     "(SELECT value FROM json_each(?3))"),
    "UPDATE journey SET author_key=?2 WHERE author_key=?1 AND ?3 IS NOT NULL",
    "UPDATE stance_step SET author_key=?2 WHERE author_key=?1 AND ?3 IS NOT NULL"};
/// What answers one of their posts, and a thread that one began, goes by a name that leads to nobody, by
/// which the writer knows what it must not bring back (`MentionWriter::replace`). ?1 replies, ?2 theirs.
constexpr const char* unlink_sql =
    "UPDATE mention SET raw=NULL,"
    "in_reply_to=coalesce('erased-' || (SELECT m.mention_id FROM mention m WHERE m.mention_id IN (SELECT "
    "value FROM json_each(?2)) AND m.native_id=mention.in_reply_to),in_reply_to),"
    "conversation=coalesce('erased-' || (SELECT m.mention_id FROM mention m WHERE m.mention_id IN (SELECT "
    "value "
    "FROM json_each(?2)) AND m.native_id=mention.conversation),conversation) "
    "WHERE mention_id IN (SELECT value FROM json_each(?1))";
constexpr const char* remember_sql =
    "INSERT INTO erasure(erased_at,platform,reason,mentions) VALUES(?,?,?,?)";

/// Not zero, and not what another author has by any likelihood.
std::int64_t random_key() {
  std::random_device source;
  const auto high = static_cast<std::uint64_t>(source()), low = static_cast<std::uint64_t>(source());
  return static_cast<std::int64_t>(high << 32 | low | 1);
}

}  // namespace

Result<std::int64_t> SqliteStore::unquote(const std::string& ids) {
  std::int64_t changed = 0;
  std::vector<std::string> statements;
  for (const auto& q : quotes) statements.push_back(unquote_sql(q));
  statements.insert(statements.end(), {retitle_sql, retitle_messages_sql, drop_pages_sql});
  statements.insert(statements.end(), std::begin(erase_sql), std::end(erase_sql));
  for (const auto& sql : statements) {
    if (auto status = run(database_, sql.c_str(), [&](Statement::Use& use) { use.bind(ids); }); !status)
      return unexpected(status.error());
    changed += database_.changes();
  }
  return changed;
}

Result<std::int64_t> SqliteStore::forget_person(const AuthorTrace& trace, const std::string& ids) {
  std::int64_t rows = 0;
  for (const auto author_key : trace.keys) {
    const auto key = static_cast<std::int64_t>(author_key), fresh = random_key();
    for (const char* sql : drop_person_sql) {
      if (auto status = run(database_, sql, [&](Statement::Use& use) { use.bind(key); }); !status)
        return unexpected(status.error());
      rows += database_.changes();
    }
    for (const char* sql : rename_sql)
      if (auto status =
              run(database_, sql, [&](Statement::Use& use) { use.bind(key).bind(fresh).bind(ids); });
          !status)
        return unexpected(status.error());
  }
  return rows;
}

Result<ErasureReport> SqliteStore::erase(const AuthorTrace& trace, std::string_view reason, Timestamp now) {
  const auto ids = ids_json(trace.mentions), replies = ids_json(trace.replies);
  ErasureReport report{.mentions = static_cast<std::int64_t>(trace.mentions.size()),
                       .replies = static_cast<std::int64_t>(trace.replies.size())};
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  const auto fail = [&](const Error& error) -> Result<ErasureReport> {
    mentions_.forget();
    rollups_.discard();
    return unexpected(error);
  };
  auto sent = rows_of<std::pair<std::string, std::int64_t>>(
      database_, sent_sql(), [&](Statement::Use& use) { use.bind(ids); },
      [](const Statement::Use& use) { return std::pair(std::string(use.text(0)), use.integer(1)); });
  if (!sent) return fail(sent.error());
  report.sent = std::move(*sent);
  auto unlinked = run(database_, unlink_sql, [&](Statement::Use& use) { use.bind(replies).bind(ids); });
  if (unlinked)
    unlinked = run(database_, mentions_changed_sql, [&](Statement::Use& use) { use.bind(replies); });
  if (!unlinked) return fail(unlinked.error());
  auto findings = unquote(ids);
  if (!findings) return fail(findings.error());
  report.findings = *findings;
  for (const auto id : trace.mentions)
    if (auto status = mentions_.erase(id, now, rollups_); !status) return fail(status.error());
  auto people = forget_person(trace, ids);
  if (!people) return fail(people.error());
  report.people = *people;
  // Answers that are kept for a repeated change may quote them.
  auto status = run(database_, "DELETE FROM answer", [](Statement::Use&) {});
  if (status) status = run(database_, remember_sql, [&](Statement::Use& use) {
    use.bind(now).bind(trace.platform).bind(reason).bind(report.mentions);
  });
  if (status) status = mentions_.flush();
  if (status) status = rollups_.flush();
  if (status) status = transaction->commit();
  if (!status) return fail(status.error());
  return report;
}

/// A page that SQLite rebuilds keeps, in its unused part, bytes of rows that moved to its neighbours,
/// whatever secure_delete says; only a copy of all live rows is free of them.
Status SqliteStore::copy_live_rows(std::int64_t erasure) {
  if (copied_to_ >= erasure) return Done{};
  // The copy may be larger than memory.
  auto status = database_.execute("PRAGMA temp_store=FILE");
  if (status) status = database_.execute("VACUUM");
  if (auto back = database_.execute("PRAGMA temp_store=MEMORY"); status) status = back;
  if (status) copied_to_ = erasure;
  return status;
}

Result<bool> SqliteStore::settle_erasure() {
  if (auto status = trim_queue(); !status) return unexpected(status.error());
  auto removed = database_.integer("SELECT count(*) FROM search_removed"),
       newest = database_.integer("SELECT coalesce(max(erasure_id),0) FROM erasure"),
       settled = database_.integer(settled_to_sql);
  for (const auto* value : {&removed, &newest, &settled})
    if (!*value) return unexpected(value->error());
  if (*settled >= *newest) return true;
  if (*removed > 0) return false;
  auto index = Database::open(search_path(path_), Access::read_only);
  if (!index) return unexpected(index.error());
  auto cleaned = index->integer("SELECT coalesce((SELECT value FROM search_meta WHERE key='cleaned_to'),0)");
  if (!cleaned) return unexpected(cleaned.error());
  if (*cleaned < *newest) return false;
  if (auto status = copy_live_rows(*newest); !status) return unexpected(status.error());
  // Old pages stay in the write-ahead log until it is cut short, which a reader may put off.
  auto cut = database_.truncate_log();
  if (!cut || !*cut) return cut;
  const auto text = std::to_string(*newest);
  auto noted = run(database_, "INSERT OR REPLACE INTO meta VALUES('erasures_settled_to',?1)",
                   [&](Statement::Use& use) { use.bind(text); });
  if (!noted) return unexpected(noted.error());
  return true;
}

}  // namespace earshot::store::sqlite
