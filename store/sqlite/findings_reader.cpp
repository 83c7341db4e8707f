// Incidents and ideas as the jobs found them, with what people decided about them.
#include <algorithm>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* incident_columns =
    "SELECT "
    "i.incident_id,i.brand_id,i.issue_id,CASE WHEN d.dismissed_at IS NULL THEN i.state ELSE 'dismissed' "
    "END,i.title,i.severity,i.started_at,i.detected_at,i.last_at,"
    "i.authors,i.mentions,i.echoes,i.expected,i.threshold,i.first_mention,i.details,d.owner,d.note,"
    "d.acknowledged_at,d.dismissed_at,d.advised_at FROM incident i LEFT JOIN incident_decision d ON "
    "d.brand_id=i.brand_id AND d.issue_id=i.issue_id AND d.detected_at=i.detected_at ";
constexpr const char* incidents_where =
    "WHERE i.brand_id=? AND i.last_at>=? AND i.started_at<? ORDER BY i.started_at DESC LIMIT 1000";
constexpr const char* incident_members_sql =
    "SELECT mention_id FROM incident_mention WHERE incident_id=? ORDER BY mention_id DESC LIMIT ?";
constexpr const char* idea_columns =
    "SELECT idea_id,brand_id,key,state,title,askers,mentions,unanswered,trend,score,first_at,last_at,details,"
    "owner,url,note,due,decided_at,published_at FROM idea ";
constexpr const char* ideas_where = "WHERE brand_id=? ORDER BY score DESC, idea_id LIMIT ?";
// Of many ideas at once: an overview looks at up to a thousand.
constexpr const char* idea_days_sql =
    "SELECT d.idea_id,d.day_at,d.asked FROM json_each(?) j CROSS JOIN idea_day d ON d.idea_id=j.value "
    "ORDER BY j.key,d.day_at";
constexpr const char* idea_answer_sql =
    "SELECT a.idea_id,a.mention_id,a.answered_by,a.thanked FROM json_each(?) j CROSS JOIN idea_answer a ON "
    "a.idea_id=j.value ORDER BY j.key";
constexpr const char* idea_page_sql =
    "SELECT f.idea_id,p.url,p.title,f.score,f.terms FROM json_each(?) j CROSS JOIN idea_page f ON "
    "f.idea_id=j.value JOIN page p ON p.page_id=f.page_id ORDER BY j.key";
constexpr const char* idea_members_sql =
    "SELECT mention_id FROM idea_mention WHERE idea_id=? ORDER BY mention_id DESC LIMIT ?";

IncidentRow read_incident(const Statement::Use& use) {
  return IncidentRow{.id = IncidentId{use.integer(0)},
                     .brand = BrandId{use.integer(1)},
                     .issue = static_cast<std::uint8_t>(use.integer(2)),
                     .state = std::string(use.text(3)),
                     .title = std::string(use.text(4)),
                     .severity = static_cast<int>(use.integer(5)),
                     .started_at = from_ms(use.integer(6)),
                     .detected_at = from_ms(use.integer(7)),
                     .last_at = from_ms(use.integer(8)),
                     .authors = use.integer(9),
                     .mentions = use.integer(10),
                     .echoes = use.integer(11),
                     .expected = use.real(12),
                     .threshold = use.real(13),
                     .first_mention = MentionId{use.integer(14)},
                     .details = std::string(use.text(15)),
                     .owner = std::string(use.text(16)),
                     .note = std::string(use.text(17)),
                     .acknowledged_at = optional_time(use, 18),
                     .dismissed_at = optional_time(use, 19),
                     .advised_at = optional_time(use, 20)};
}

IdeaRow read_idea(const Statement::Use& use) {
  return IdeaRow{.id = IdeaId{use.integer(0)},
                 .brand = BrandId{use.integer(1)},
                 .key = std::string(use.text(2)),
                 .state = std::string(use.text(3)),
                 .title = std::string(use.text(4)),
                 .askers = use.integer(5),
                 .mentions = use.integer(6),
                 .unanswered = use.integer(7),
                 .trend = use.real(8),
                 .score = use.real(9),
                 .first_at = from_ms(use.integer(10)),
                 .last_at = from_ms(use.integer(11)),
                 .details = std::string(use.text(12)),
                 .owner = std::string(use.text(13)),
                 .url = std::string(use.text(14)),
                 .note = std::string(use.text(15)),
                 .due = optional_time(use, 16),
                 .decided_at = optional_time(use, 17),
                 .published_at = optional_time(use, 18)};
}

IdeaPage read_page(const Statement::Use& use) {
  IdeaPage page{.url = std::string(use.text(1)), .title = std::string(use.text(2)), .score = use.real(3)};
  for (const auto term : split(use.text(4), ' ')) page.terms.emplace_back(term);
  return page;
}

/// Hands what `sql` says of these ideas, which comes in their order, to the idea it is said of.
template <typename Take>
Status each_told(Database& database, const char* sql, std::vector<IdeaRow>& rows, const std::string& ids,
                 Take&& take) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(ids);
  auto at = rows.begin();
  while (use.step()) {
    while (at->id.value != use.integer(0)) ++at;
    take(*at, use);
  }
  return use.finish();
}

/// Adds how often each was asked, its best answer and the page that fits it.
Result<std::vector<IdeaRow>> with_story(Database& database, Result<std::vector<IdeaRow>> rows) {
  if (!rows) return rows;
  JsonWriter ids;
  ids.begin_array();
  for (const auto& row : *rows) ids.value(row.id.value);
  const auto list = ids.end_array().str();
  auto status = each_told(database, idea_days_sql, *rows, list, [](IdeaRow& row, const Statement::Use& use) {
    row.asked_days.emplace_back(from_ms(use.integer(1)), use.integer(2));
  });
  if (status)
    status = each_told(database, idea_answer_sql, *rows, list, [](IdeaRow& row, const Statement::Use& use) {
      row.answer = IdeaAnswer{
          .mention = MentionId{use.integer(1)}, .own = use.text(2) == "brand", .thanked = use.integer(3)};
    });
  if (status)
    status = each_told(database, idea_page_sql, *rows, list,
                       [](IdeaRow& row, const Statement::Use& use) { row.page = read_page(use); });
  if (!status) return unexpected(status.error());
  return rows;
}

template <typename Row>
Result<Row> only(Result<std::vector<Row>> rows, const char* what, std::int64_t id) {
  if (!rows) return unexpected(rows.error());
  if (rows->empty())
    return unexpected(ErrorKind::invalid, std::string("there is no ") + what + " " + std::to_string(id));
  return std::move(rows->front());
}

}  // namespace

template <typename Row>
Result<std::vector<Row>> SqliteReader::with_members(Result<std::vector<Row>> rows, const char* sql,
                                                    Members members) {
  if (!rows || members == Members::no) return rows;
  constexpr std::int64_t all = -1;
  const auto most = members == Members::newest ? static_cast<std::int64_t>(members_newest_max) : all;
  auto statement = Statement::prepare(database_, sql);
  if (!statement) return unexpected(statement.error());
  for (auto& row : *rows) {
    Statement::Use use(*statement);
    use.bind(row.id.value).bind(most);
    while (use.step()) row.members.push_back(MentionId{use.integer(0)});
    if (auto status = use.finish(); !status) return unexpected(status.error());
    std::ranges::reverse(row.members);
  }
  return rows;
}

Result<std::vector<IncidentRow>> SqliteReader::with_cover(Result<std::vector<IncidentRow>> rows) {
  if (!rows) return rows;
  for (auto& row : *rows) {
    auto cover = people_.cover(row.id);
    if (!cover) return unexpected(cover.error());
    row.cover = std::move(*cover);
  }
  return rows;
}

Result<std::vector<IncidentRow>> SqliteReader::incidents(BrandId brand, Timestamp since, Timestamp until,
                                                         Members members) {
  const auto bind = [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until)); };
  auto rows = with_cover(
      rows_of<IncidentRow>(database_, std::string(incident_columns) + incidents_where, bind, read_incident));
  return with_members(std::move(rows), incident_members_sql, members);
}

Result<IncidentRow> SqliteReader::incident(IncidentId id) {
  auto rows = rows_of<IncidentRow>(
      database_, std::string(incident_columns) + "WHERE i.incident_id=?",
      [&](Statement::Use& use) { use.bind(id.value); }, read_incident);
  return only(with_cover(with_members(std::move(rows), incident_members_sql, Members::yes)), "incident",
              id.value);
}

Result<std::vector<IdeaRow>> SqliteReader::ideas(BrandId brand, std::size_t limit, Members members) {
  const auto bind = [&](Statement::Use& use) {
    use.bind(brand.value).bind(static_cast<std::int64_t>(limit));
  };
  auto rows = with_story(
      database_, rows_of<IdeaRow>(database_, std::string(idea_columns) + ideas_where, bind, read_idea));
  return with_members(std::move(rows), idea_members_sql, members);
}

Result<IdeaRow> SqliteReader::idea(IdeaId id) {
  auto rows = rows_of<IdeaRow>(
      database_, std::string(idea_columns) + "WHERE idea_id=?",
      [&](Statement::Use& use) { use.bind(id.value); }, read_idea);
  return only(with_members(with_story(database_, std::move(rows)), idea_members_sql, Members::yes), "idea",
              id.value);
}

}  // namespace earshot::store::sqlite
