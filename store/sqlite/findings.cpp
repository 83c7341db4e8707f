// What the insight jobs write: baselines, incidents, ideas, and the outbox rows that announce them.
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "store/sqlite/members.hpp"
#include "store/sqlite/rows_of.hpp"
#include "store/sqlite/store.hpp"
#include "store/sqlite/write_rows.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* drop_baseline_sql = "DELETE FROM baseline WHERE brand_id=?";
constexpr const char* save_baseline_sql = "INSERT INTO baseline VALUES(?,?,?,?,?,?,?,?,?)";
constexpr const char* find_incident_sql =
    "SELECT incident_id,state FROM incident WHERE brand_id=? AND issue_id=? AND detected_at=?";
constexpr const char* save_incident_sql =
    "INSERT INTO "
    "incident(brand_id,issue_id,state,title,severity,started_at,detected_at,last_at,authors,mentions,echoes,"
    "expected,threshold,first_mention,details) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15) "
    "ON CONFLICT(brand_id,issue_id,detected_at) DO UPDATE SET "
    "state=?3,title=?4,severity=?5,started_at=?6,last_at=?8,"
    "authors=?9,mentions=?10,echoes=?11,expected=?12,threshold=?13,first_mention=?14,details=?15 "
    "RETURNING incident_id";
constexpr const char* list_incidents_sql =
    "SELECT incident_id,issue_id,detected_at FROM incident WHERE brand_id=?";
constexpr const char* drop_incident_sql = "DELETE FROM incident WHERE incident_id=?";
constexpr const char* list_ideas_sql =
    "SELECT idea_id,key,state<>'new' OR owner IS NOT NULL OR due IS NOT NULL OR url IS NOT NULL OR "
    "note IS NOT NULL FROM idea WHERE brand_id=?";
constexpr const char* drop_idea_sql = "DELETE FROM idea WHERE idea_id=?";
constexpr const char* save_idea_sql =
    "INSERT INTO "
    "idea(brand_id,key,title,askers,mentions,unanswered,trend,score,first_at,last_at,updated_at,details) "
    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) ON CONFLICT(brand_id,key) DO UPDATE SET "
    "title=?3,askers=?4,"
    "mentions=?5,unanswered=?6,trend=?7,score=?8,first_at=?9,last_at=?10,updated_at=?11,details=?12 "
    "RETURNING idea_id";
constexpr const char* drop_idea_days_sql = "DELETE FROM idea_day WHERE idea_id=? AND day_at>=?";
constexpr const char* save_idea_day_sql = "INSERT INTO idea_day VALUES(?,?,?)";
constexpr const char* save_idea_answer_sql =
    "INSERT INTO idea_answer VALUES(?1,?2,?3,?4) ON CONFLICT(idea_id) DO UPDATE SET "
    "mention_id=?2,answered_by=?3,thanked=?4";
constexpr const char* brand_name_sql = "SELECT name FROM brand WHERE brand_id=?";
constexpr const char* issue_name_sql = "SELECT name FROM issue_type WHERE issue_id=?";
constexpr const char* announce_alert_sql =
    "INSERT OR IGNORE INTO outbox(kind,key,payload,created_at) VALUES(?,?,?,?)";
constexpr const char* outbox_waiting_sql =
    "SELECT outbox_id,kind,key,payload,created_at FROM outbox WHERE delivered_at IS NULL ORDER BY outbox_id "
    "LIMIT ?";
constexpr const char* outbox_delivered_sql = "UPDATE outbox SET delivered_at=? WHERE outbox_id=?";

/// Runs an upsert with RETURNING and gives the id.
template <typename Bind>
Result<std::int64_t> returning(Database& database, const char* sql, Bind&& bind) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use);
  if (!use.step()) {
    if (auto status = use.finish(); !status) return unexpected(status.error());
    return unexpected(ErrorKind::internal, "an upsert returned no row");
  }
  const auto id = use.integer(0);
  use.step();
  return id;
}

constexpr MemberSql incident_members{
    .list = "SELECT mention_id FROM incident_mention WHERE incident_id=? ORDER BY mention_id",
    .save = "INSERT INTO incident_mention VALUES(?,?)",
    .drop = "DELETE FROM incident_mention WHERE incident_id=? AND mention_id=?"};
constexpr MemberSql idea_members{
    .list = "SELECT mention_id FROM idea_mention WHERE idea_id=? ORDER BY mention_id",
    .save = "INSERT INTO idea_mention VALUES(?,?)",
    .drop = "DELETE FROM idea_mention WHERE idea_id=? AND mention_id=?"};

/// How often it was asked, and its best answer.
Status save_idea_story(Database& database, std::int64_t idea, const IdeaRow& row) {
  if (!row.asked_days.empty()) {
    auto status = run(database, drop_idea_days_sql,
                      [&](Statement::Use& use) { use.bind(idea).bind(to_ms(row.asked_days.front().first)); });
    if (!status) return status;
  }
  auto save = Statement::prepare(database, save_idea_day_sql);
  if (!save) return unexpected(save.error());
  for (std::size_t i = 0; i < row.asked_days.size(); ++i) {
    const auto& [day_at, asked] = row.asked_days[i];
    // Silent days say nothing, but for those that say how far one looked.
    if (asked == 0 && i > 0 && i + 1 < row.asked_days.size()) continue;
    Statement::Use use(*save);
    use.bind(idea).bind(to_ms(day_at)).bind(asked);
    if (auto status = use.run(); !status) return status;
  }
  if (!row.answer) return Done{};
  return run(database, save_idea_answer_sql, [&](Statement::Use& use) {
    use.bind(idea).bind(row.answer->mention.value).bind(row.answer->own ? "brand" : "peer");
    use.bind(row.answer->thanked);
  });
}

Status announce(Database& database, std::string_view kind, const std::string& key, const std::string& payload,
                Timestamp now) {
  return run(database, announce_alert_sql,
             [&](Statement::Use& use) { use.bind(kind).bind(key).bind(payload).bind(to_ms(now)); });
}

/// Name of a brand or issue by its number; empty when there is none.
Result<std::string> name_of(Database& database, const char* sql, std::int64_t id) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(id);
  std::string name;
  if (use.step()) name = use.text(0);
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return name;
}

Status announce_incident(Database& database, BrandId brand, const IncidentRow& row, std::int64_t id,
                         Timestamp now) {
  auto brand_name = name_of(database, brand_name_sql, brand.value);
  if (!brand_name) return unexpected(brand_name.error());
  auto issue_name = name_of(database, issue_name_sql, static_cast<std::int64_t>(row.issue));
  if (!issue_name) return unexpected(issue_name.error());
  JsonWriter payload;
  payload.begin_object().field("incident", id).field("brand", *brand_name).field("issue", *issue_name);
  payload.field("title", row.title).field("state", row.state).field("severity", row.severity);
  payload.field("authors", row.authors).field("mentions", row.mentions).field("echoes", row.echoes);
  payload.field("started_at", format_rfc3339(row.started_at));
  payload.field("detected_at", format_rfc3339(row.detected_at));
  payload.field("last_at", format_rfc3339(row.last_at)).key("details");
  payload.raw(row.details.empty() ? "null" : row.details).end_object();
  const std::string kind = row.state == "open" ? "incident_opened" : "incident_closed";
  // Not the incident's number: SQLite gives that of a dropped row to the next.
  const auto key = kind + ":" + std::to_string(brand.value) + ":" + std::to_string(row.issue) + ":" +
                   std::to_string(to_ms(row.detected_at));
  return announce(database, kind, key, payload.str(), now);
}

Status write_incident(Database& database, BrandId brand, const IncidentRow& row, Timestamp now) {
  std::string before;
  {
    auto find = Statement::prepare(database, find_incident_sql);
    if (!find) return unexpected(find.error());
    Statement::Use use(*find);
    use.bind(brand.value).bind(static_cast<std::int64_t>(row.issue)).bind(to_ms(row.detected_at));
    if (use.step()) before = use.text(1);
    if (auto status = use.finish(); !status) return status;
  }
  auto id = returning(database, save_incident_sql, [&](Statement::Use& use) {
    use.bind(brand.value).bind(static_cast<std::int64_t>(row.issue)).bind(row.state).bind(row.title);
    use.bind(row.severity).bind(to_ms(row.started_at)).bind(to_ms(row.detected_at)).bind(to_ms(row.last_at));
    use.bind(row.authors).bind(row.mentions).bind(row.echoes).bind(row.expected).bind(row.threshold);
    use.bind(row.first_mention.value).bind(row.details);
  });
  if (!id) return unexpected(id.error());
  auto status = replace_members(database, incident_members, *id, row.members);
  if (!status || before == row.state) return status;
  return announce_incident(database, brand, row, *id, now);
}

}  // namespace

Status SqliteStore::write_baseline(BrandId brand, std::span<const BaselineRow> rows, Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto status = run(database_, drop_baseline_sql, [&](Statement::Use& use) { use.bind(brand.value); });
  if (!status) return status;
  auto save = Statement::prepare(database_, save_baseline_sql);
  if (!save) return unexpected(save.error());
  for (const auto& row : rows) {
    Statement::Use use(*save);
    use.bind(brand.value).bind(row.source.value).bind(row.issue).bind(row.metric).bind(row.hour_of_week);
    use.bind(row.centre).bind(row.spread).bind(row.weeks).bind(to_ms(now));
    if (status = use.run(); !status) return status;
  }
  return transaction->commit();
}

Status SqliteStore::write_incidents(BrandId brand, std::span<const IncidentRow> rows, Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  std::vector<std::int64_t> stale;
  {
    auto list = Statement::prepare(database_, list_incidents_sql);
    if (!list) return unexpected(list.error());
    Statement::Use use(*list);
    use.bind(brand.value);
    while (use.step()) {
      bool kept = false;
      for (const auto& row : rows)
        kept = kept || (row.issue == use.integer(1) && to_ms(row.detected_at) == use.integer(2));
      if (!kept) stale.push_back(use.integer(0));
    }
    if (auto status = use.finish(); !status) return status;
  }
  for (const auto id : stale) {
    auto status = run(database_, drop_incident_sql, [&](Statement::Use& use) { use.bind(id); });
    if (!status) return status;
  }
  for (const auto& row : rows)
    if (auto status = write_incident(database_, brand, row, now); !status) return status;
  return transaction->commit();
}

Status SqliteStore::write_ideas(BrandId brand, std::span<const IdeaRow> rows, Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  std::vector<std::int64_t> stale;
  {
    auto list = Statement::prepare(database_, list_ideas_sql);
    if (!list) return unexpected(list.error());
    Statement::Use use(*list);
    use.bind(brand.value);
    while (use.step()) {
      bool kept = use.integer(2) != 0;  // what a person took up stays, also when its question dries up
      for (const auto& row : rows) kept = kept || row.key == use.text(1);
      if (!kept) stale.push_back(use.integer(0));
    }
    if (auto status = use.finish(); !status) return status;
  }
  for (const auto id : stale) {
    auto status = run(database_, drop_idea_sql, [&](Statement::Use& use) { use.bind(id); });
    if (!status) return status;
  }
  auto brand_name = name_of(database_, brand_name_sql, brand.value);
  if (!brand_name) return unexpected(brand_name.error());
  for (const auto& row : rows) {
    auto id = returning(database_, save_idea_sql, [&](Statement::Use& use) {
      use.bind(brand.value)
          .bind(row.key)
          .bind(row.title)
          .bind(row.askers)
          .bind(row.mentions)
          .bind(row.unanswered);
      use.bind(row.trend).bind(row.score).bind(to_ms(row.first_at)).bind(to_ms(row.last_at)).bind(to_ms(now));
      use.bind(row.details);
    });
    if (!id) return unexpected(id.error());
    auto status = replace_members(database_, idea_members, *id, row.members);
    if (status) status = save_idea_story(database_, *id, row);
    if (!status) return status;
    JsonWriter payload;
    payload.begin_object().field("idea", *id).field("brand", *brand_name).field("title", row.title);
    payload.field("askers", row.askers).field("mentions", row.mentions).field("unanswered", row.unanswered);
    payload.key("trend").rounded(row.trend, 2).key("details");
    payload.raw(row.details.empty() ? "null" : row.details).end_object();
    status = announce(database_, "idea_new", "idea_new:" + std::to_string(brand.value) + ":" + row.key,
                      payload.str(), now);
    if (!status) return status;
  }
  return transaction->commit();
}

Result<std::vector<OutboxItem>> SqliteStore::outbox(std::size_t limit) {
  auto statement = Statement::prepare(database_, outbox_waiting_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(static_cast<std::int64_t>(limit));
  std::vector<OutboxItem> items;
  while (use.step())
    items.push_back(OutboxItem{.id = use.integer(0),
                               .kind = std::string(use.text(1)),
                               .key = std::string(use.text(2)),
                               .payload = std::string(use.text(3)),
                               .created_at = from_ms(use.integer(4))});
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return items;
}

Result<bool> SqliteStore::tell(std::string_view kind, const std::string& key, const std::string& payload,
                               Timestamp now) {
  if (auto status = announce(database_, kind, key, payload, now); !status) return unexpected(status.error());
  return database_.changes() > 0;
}

Status SqliteStore::delivered(std::int64_t outbox_id, Timestamp now) {
  return run(database_, outbox_delivered_sql,
             [&](Statement::Use& use) { use.bind(to_ms(now)).bind(outbox_id); });
}

}  // namespace earshot::store::sqlite
