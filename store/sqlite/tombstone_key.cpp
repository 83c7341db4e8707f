#include "store/sqlite/tombstone_key.hpp"

#include <sqlite3.h>

namespace earshot::store::sqlite {
namespace {

// SQLite calls it from C: nothing may be thrown through it.
void keyed_hash(sqlite3_context* context, int, sqlite3_value** values) noexcept try {
  const auto& key = *static_cast<const KeyedHash*>(sqlite3_user_data(context));
  const auto number = static_cast<std::uint64_t>(sqlite3_value_int64(values[0]));
  sqlite3_result_int64(context, static_cast<std::int64_t>(key(number)));
} catch (const std::bad_alloc&) {
  sqlite3_result_error_nomem(context);
}

/// What is left of those that were taken back before there was a key; the same arithmetic as in bury_sql.
constexpr const char* convert_sql =
    "UPDATE mention_alias SET native_hash=keyed_hash(native_hash) WHERE mention_id IN (SELECT mention_id "
    "FROM mention WHERE deleted_at IS NOT NULL);"
    "UPDATE mention SET native_hash=keyed_hash(native_hash),content_hash=CASE content_hash WHEN 0 THEN 0 "
    "ELSE keyed_hash(content_hash) END WHERE deleted_at IS NOT NULL;";
constexpr const char* known_sql =
    "SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE key='tombstone_key')";
constexpr const char* any_tombstone_sql =
    "SELECT EXISTS (SELECT 1 FROM mention WHERE deleted_at IS NOT NULL)";
constexpr const char* remember_sql =
    "INSERT INTO meta VALUES('tombstone_key',?) ON CONFLICT(key) DO UPDATE SET value=excluded.value";

Result<std::optional<std::int64_t>> known_key(Database& database) {
  auto statement = Statement::prepare(database, known_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  std::optional<std::int64_t> known;
  if (use.step()) known = use.optional_integer(0);
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return known;
}

Status remember(Database& database, std::int64_t fingerprint) {
  auto statement = Statement::prepare(database, remember_sql);
  if (!statement) return unexpected(statement.error());
  const auto text = std::to_string(fingerprint);
  Statement::Use use(*statement);
  use.bind(text);
  return use.run();
}

}  // namespace

Status add_keyed_hash(Database& database, const KeyedHash& key) {
  const int code = sqlite3_create_function_v2(
      database.handle(), "keyed_hash", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
      const_cast<KeyedHash*>(&key), keyed_hash, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return unexpected(database.last_error("keyed_hash"));
  return Done{};
}

Result<bool> needs_its_key(Database& database) {
  auto known = known_key(database);
  if (!known) return unexpected(known.error());
  if (!*known) return false;
  auto any = database.integer(any_tombstone_sql);
  if (!any) return unexpected(any.error());
  return *any != 0;
}

Status adopt_key(Database& database, const KeyedHash& key) {
  const auto fingerprint = static_cast<std::int64_t>(key.fingerprint());
  auto known = known_key(database);
  if (!known) return unexpected(known.error());
  if (*known == fingerprint) return Done{};
  auto transaction = Transaction::begin(database);
  if (!transaction) return unexpected(transaction.error());
  auto needed = needs_its_key(database);
  if (!needed) return unexpected(needed.error());
  // An empty file of the key's name says that the old key is lost, and that this is known.
  if (*needed && !key.replaces_lost())
    return unexpected(ErrorKind::forbidden,
                      key.where() +
                          " is not the key that this database's deleted posts are known by: put that "
                          "one back. If it is lost, put an empty file of mode 0600 in its place: "
                          "what was deleted may then be heard again");
  if (!*known)
    if (auto status = database.execute(convert_sql); !status) return status;
  if (auto status = remember(database, fingerprint); !status) return status;
  return transaction->commit();
}

}  // namespace earshot::store::sqlite
