#include "store/sqlite/pseudonyms.hpp"

#include "store/sqlite/store.hpp"

namespace earshot::store::sqlite {
namespace {

/// 1, 0 or nothing: not settled yet.
constexpr const char* known_sql = "SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE key='pseudonyms')";
constexpr const char* any_mention_sql = "SELECT EXISTS (SELECT 1 FROM mention)";
constexpr const char* settle_sql =
    "INSERT INTO meta VALUES('pseudonyms',?) ON CONFLICT(key) DO UPDATE SET value=excluded.value";

Result<std::optional<bool>> known(Database& database) {
  auto statement = Statement::prepare(database, known_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  std::optional<bool> out;
  if (use.step())
    if (const auto value = use.optional_integer(0)) out = *value != 0;
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return out;
}

}  // namespace

Result<std::shared_ptr<const KeyedHash>> SqliteStore::ensure_pseudonyms(bool wanted) {
  auto settled = known(database_);
  if (!settled) return unexpected(settled.error());
  // A database from before there was the choice keeps names.
  if (settled->value_or(false) != wanted) {
    auto any = database_.integer(any_mention_sql);
    if (!any) return unexpected(any.error());
    if (*any != 0)
      return unexpected(ErrorKind::invalid,
                        std::string("privacy.pseudonyms: ") + path_ +
                            (wanted ? " holds mentions with people's names" : " holds pseudonyms") +
                            ", and posts that come again would be stored twice: begin another database, or "
                            "leave the key as it was");
  }
  if (settled->value_or(!wanted) != wanted) {
    auto statement = Statement::prepare(database_, settle_sql);
    if (!statement) return unexpected(statement.error());
    Statement::Use use(*statement);
    use.bind(std::string_view(wanted ? "1" : "0"));
    if (auto status = use.run(); !status) return unexpected(status.error());
  }
  return wanted ? key_ : nullptr;
}

Result<std::string> stored_name(Database& database, const std::string& path, std::string_view name) {
  auto pseudonyms = known(database);
  if (!pseudonyms) return unexpected(pseudonyms.error());
  if (!pseudonyms->value_or(false) || is_pseudonym(name)) return std::string(name);
  auto key = KeyedHash::of_database(path, KeyedHash::Missing::refuse);
  if (!key) return unexpected(key.error());
  return key->pseudonym(name);
}

}  // namespace earshot::store::sqlite
