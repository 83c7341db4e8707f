#include "store/sqlite/migrate.hpp"

#include <algorithm>
#include <string>

#include "core/model/names.hpp"
#include "embedded/migrations.hpp"
#include "embedded/views.hpp"

namespace earshot::store::sqlite {
namespace {

/// Marks the file as ours; "Ears" in ASCII.
constexpr std::int64_t application_id = 0x45617273;

Error newer_schema(std::int64_t found) {
  return Error{.kind = ErrorKind::forbidden,
               .message = "the database has schema " + std::to_string(found) + ", this program knows up to " +
                          std::to_string(newest_schema()) + ": use the newer program"};
}

Error older_schema(std::int64_t found) {
  return Error{.kind = ErrorKind::forbidden,
               .message = "the database has schema " + std::to_string(found) + ", this program reads " +
                          std::to_string(newest_schema()) +
                          ": start the daemon of this version once, it brings the database forward"};
}

Status apply(Database& database, int number, std::string_view sql) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return unexpected(transaction.error());
  const std::string script = std::string(sql) + ";PRAGMA user_version=" + std::to_string(number) +
                             ";PRAGMA application_id=" + std::to_string(application_id) +
                             ";INSERT INTO meta VALUES('schema_version','" + std::to_string(number) +
                             "') ON CONFLICT(key) DO UPDATE SET value=excluded.value;";
  if (auto status = database.execute(script.c_str()); !status)
    return unexpected(status.error().kind,
                      "migration " + std::to_string(number) + ": " + status.error().message);
  return transaction->commit();
}

template <typename Enum>
Status name_rows(Database& database, const char* sql, std::size_t count) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  for (std::size_t i = 0; i < count; ++i) {
    Statement::Use use(*statement);
    use.bind(static_cast<std::int64_t>(i)).bind(to_string(static_cast<Enum>(i)));
    if (auto status = use.run(); !status) return status;
  }
  return Done{};
}

/// Whether the file has the views of this program. Making them anew at every start would be a
/// write, and would have every reader prepare its statements again.
Result<bool> has_views(Database& database) {
  std::size_t wanted = 0, same = 0;
  constexpr std::string_view create = "CREATE VIEW ";
  for (const auto& file : embedded::views())
    for (auto at = file.bytes.find(create); at != std::string_view::npos;
         at = file.bytes.find(create, at + create.size()))
      ++wanted;
  auto statement = Statement::prepare(database, "SELECT sql FROM sqlite_schema WHERE type='view'");
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  while (use.step())
    same += std::ranges::any_of(embedded::views(), [sql = std::string(use.text(0)) + ";"](const auto& file) {
      return file.bytes.find(sql) != std::string_view::npos;
    });
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return same == wanted;
}

Status refresh_views(Database& database) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return unexpected(transaction.error());
  auto current = has_views(database);
  if (!current) return unexpected(current.error());
  for (const auto& file : embedded::views()) {
    if (*current) break;
    const std::string script(file.bytes);
    if (auto status = database.execute(script.c_str()); !status) return status;
  }
  auto named =
      name_rows<IssueType>(database, "INSERT OR IGNORE INTO issue_type VALUES(?,?)", issue_type_count);
  if (!named) return named;
  named = name_rows<Intent>(database, "INSERT OR IGNORE INTO intent_type VALUES(?,?)", intent_count);
  if (!named) return named;
  return transaction->commit();
}

}  // namespace

int newest_schema() { return static_cast<int>(embedded::migrations().size()); }

std::string migration_name(int number) {
  const std::string_view file = embedded::migrations()[static_cast<std::size_t>(number - 1)].name;
  const auto name = file.substr(file.rfind('/') + 1);
  return std::string(name.substr(0, name.rfind('.')));
}

Result<std::int64_t> schema_of(Database& database) {
  auto found = database.integer("PRAGMA user_version");
  if (!found) return unexpected(found.error());
  auto owner = database.integer("PRAGMA application_id");
  if (!owner) return unexpected(owner.error());
  if (*owner != 0 && *owner != application_id)
    return unexpected(ErrorKind::forbidden, "the file belongs to another program");
  if (*found > newest_schema()) return unexpected(newer_schema(*found));
  if (*found == 0) {
    auto tables = database.integer("SELECT count(*) FROM sqlite_schema");
    if (!tables) return unexpected(tables.error());
    if (*tables != 0) return unexpected(ErrorKind::forbidden, "the file is a database of another program");
  }
  return *found;
}

Status migrate(Database& database, const MigrationProgress& progress) {
  auto found = schema_of(database);
  if (!found) return unexpected(found.error());
  for (auto number = static_cast<int>(*found) + 1; number <= newest_schema(); ++number) {
    if (progress) progress("migration " + migration_name(number));
    auto status = apply(database, number, embedded::migrations()[static_cast<std::size_t>(number - 1)].bytes);
    if (!status) return status;
  }
  return refresh_views(database);
}

Status check_readable(Database& database) {
  auto owner = database.integer("PRAGMA application_id");
  if (!owner) return unexpected(owner.error());
  if (*owner != application_id) return unexpected(ErrorKind::forbidden, "not an Earshot database");
  auto found = database.integer("PRAGMA user_version");
  if (!found) return unexpected(found.error());
  if (*found > newest_schema()) return unexpected(newer_schema(*found));
  if (*found < newest_schema()) return unexpected(older_schema(*found));
  return Done{};
}

}  // namespace earshot::store::sqlite
