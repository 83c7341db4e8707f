// People who say that they were misled: what the job found, and when marketing was told.
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "store/sqlite/members.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"
#include "store/sqlite/store.hpp"
#include "store/sqlite/write_rows.hpp"

namespace earshot::store::sqlite {
namespace {

/// The same claim is not told again sooner than this.
constexpr std::chrono::hours told_rest{24 * 28};

constexpr const char* columns =
    "SELECT m.misled_id,m.brand_id,m.key,m.claim_id,m.title,m.people,m.mentions,m.first_at,m.last_at,"
    "m.details,t.told_at FROM misled m LEFT JOIN misled_told t ON t.brand_id=m.brand_id AND t.key=m.key ";
constexpr const char* members_sql = "SELECT mention_id FROM misled_mention WHERE misled_id=?";
constexpr const char* list_misled_sql = "SELECT misled_id,key FROM misled WHERE brand_id=?";
constexpr const char* drop_misled_sql = "DELETE FROM misled WHERE misled_id=?";
constexpr const char* save_misled_sql =
    "INSERT INTO misled(brand_id,key,claim_id,title,people,mentions,first_at,last_at,details) "
    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT(brand_id,key) DO UPDATE SET "
    "claim_id=?3,title=?4,people=?5,mentions=?6,first_at=?7,last_at=?8,details=?9 RETURNING misled_id";
constexpr MemberSql misled_members{
    .list = "SELECT mention_id FROM misled_mention WHERE misled_id=? ORDER BY mention_id",
    .save = "INSERT INTO misled_mention VALUES(?,?)",
    .drop = "DELETE FROM misled_mention WHERE misled_id=? AND mention_id=?"};
constexpr const char* told_sql = "SELECT told_at FROM misled_told WHERE brand_id=? AND key=?";
constexpr const char* save_told_sql =
    "INSERT INTO misled_told VALUES(?1,?2,?3) ON CONFLICT(brand_id,key) DO UPDATE SET told_at=?3";
constexpr const char* announce_misled_sql =
    "INSERT OR IGNORE INTO outbox(kind,key,payload,created_at) VALUES('misled_found',?,?,?)";

MisledRow read(const Statement::Use& use) {
  MisledRow row{.id = MisledId{use.integer(0)},
                .brand = BrandId{use.integer(1)},
                .key = std::string(use.text(2)),
                .title = std::string(use.text(4)),
                .people = use.integer(5),
                .mentions = use.integer(6),
                .first_at = from_ms(use.integer(7)),
                .last_at = from_ms(use.integer(8)),
                .details = std::string(use.text(9)),
                .told_at = optional_time(use, 10)};
  if (const auto claim = use.optional_integer(3)) row.claim = ClaimId{*claim};
  return row;
}

Result<std::vector<MisledRow>> read_rows(Database& database, const std::string& where, std::int64_t number) {
  auto rows = rows_of<MisledRow>(
      database, columns + where, [&](Statement::Use& use) { use.bind(number); }, read);
  if (!rows) return rows;
  for (auto& row : *rows) {
    auto members = rows_of<MentionId>(
        database, members_sql, [&](Statement::Use& use) { use.bind(row.id.value); },
        [](const Statement::Use& use) { return MentionId{use.integer(0)}; });
    if (!members) return unexpected(members.error());
    row.members = std::move(*members);
  }
  return rows;
}

Status drop_stale(Database& database, BrandId brand, std::span<const MisledRow> rows) {
  auto known = rows_of<std::pair<std::int64_t, std::string>>(
      database, list_misled_sql, [&](Statement::Use& use) { use.bind(brand.value); },
      [](const Statement::Use& use) { return std::pair(use.integer(0), std::string(use.text(1))); });
  if (!known) return unexpected(known.error());
  for (const auto& [id, key] : *known) {
    bool kept = false;
    for (const auto& row : rows) kept = kept || row.key == key;
    if (kept) continue;
    auto status = run(database, drop_misled_sql, [&, id = id](Statement::Use& use) { use.bind(id); });
    if (!status) return status;
  }
  return Done{};
}

Result<std::int64_t> save_row(Database& database, BrandId brand, const MisledRow& row) {
  auto ids = rows_of<std::int64_t>(
      database, save_misled_sql,
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(row.key);
        row.claim ? use.bind(row.claim->value) : use.bind_null();
        use.bind(row.title).bind(row.people).bind(row.mentions).bind(to_ms(row.first_at));
        use.bind(to_ms(row.last_at)).bind(row.details);
      },
      [](const Statement::Use& use) { return use.integer(0); });
  if (!ids) return unexpected(ids.error());
  if (ids->size() != 1) return unexpected(ErrorKind::internal, "an upsert returned no row");
  const auto id = ids->front();
  if (auto status = replace_members(database, misled_members, id, row.members); !status)
    return unexpected(status.error());
  return id;
}

Status announce_misled(Database& database, BrandId brand, const std::string& brand_name, std::int64_t id,
                       const MisledRow& row, Timestamp now) {
  auto told = rows_of<Timestamp>(
      database, told_sql, [&](Statement::Use& use) { use.bind(brand.value).bind(row.key); },
      [](const Statement::Use& use) { return from_ms(use.integer(0)); });
  if (!told) return unexpected(told.error());
  if (!told->empty() && now - told->front() < told_rest) return Done{};
  JsonWriter payload;
  payload.begin_object().field("misled", id).field("brand", brand_name).field("issue", "expectation_gap");
  payload.field("title", row.title).field("authors", row.people).field("mentions", row.mentions);
  payload.field("started_at", format_rfc3339(row.first_at)).key("details");
  payload.raw(row.details.empty() ? "null" : row.details).end_object();
  const auto key =
      "misled_found:" + std::to_string(brand.value) + ":" + row.key + ":" + std::to_string(to_ms(now));
  auto status = run(database, announce_misled_sql,
                    [&](Statement::Use& use) { use.bind(key).bind(payload.view()).bind(to_ms(now)); });
  if (!status) return status;
  return run(database, save_told_sql,
             [&](Statement::Use& use) { use.bind(brand.value).bind(row.key).bind(to_ms(now)); });
}

}  // namespace

Status SqliteStore::write_misled(BrandId brand, std::span<const MisledRow> rows, Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto names = rows_of<std::string>(
      database_, "SELECT name FROM brand WHERE brand_id=?",
      [&](Statement::Use& use) { use.bind(brand.value); },
      [](const Statement::Use& use) { return std::string(use.text(0)); });
  if (!names) return unexpected(names.error());
  auto status = drop_stale(database_, brand, rows);
  for (const auto& row : rows) {
    if (!status) return status;
    auto id = save_row(database_, brand, row);
    if (!id) return unexpected(id.error());
    if (row.tell)
      status = announce_misled(database_, brand, names->empty() ? "" : names->front(), *id, row, now);
  }
  return status ? transaction->commit() : status;
}

Result<std::vector<MisledRow>> SqliteReader::misled(BrandId brand) {
  return read_rows(database_,
                   "WHERE m.brand_id=? ORDER BY m.people DESC,m.last_at DESC,m.misled_id LIMIT 1000",
                   brand.value);
}

Result<MisledRow> SqliteReader::misled(MisledId id) {
  auto rows = read_rows(database_, "WHERE m.misled_id=?", id.value);
  if (!rows) return unexpected(rows.error());
  if (rows->empty()) return unexpected(ErrorKind::invalid, "there is no finding " + std::to_string(id.value));
  return std::move(rows->front());
}

}  // namespace earshot::store::sqlite
