// Incidents and ideas as the jobs found them, with what people decided about them.
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
constexpr const char* incident_members_sql = "SELECT mention_id FROM incident_mention WHERE incident_id=?";
constexpr const char* idea_columns =
    "SELECT idea_id,brand_id,key,state,title,askers,mentions,unanswered,trend,score,first_at,last_at,details,"
    "owner,url,note,due,decided_at,published_at FROM idea ";
constexpr const char* ideas_where = "WHERE brand_id=? ORDER BY score DESC, idea_id LIMIT ?";
constexpr const char* idea_days_sql = "SELECT day_at,asked FROM idea_day WHERE idea_id=? ORDER BY day_at";
constexpr const char* idea_answer_sql =
    "SELECT mention_id,answered_by,thanked FROM idea_answer WHERE idea_id=?";
constexpr const char* idea_page_sql =
    "SELECT p.url,p.title,f.score,f.terms FROM idea_page f JOIN page p ON p.page_id=f.page_id WHERE "
    "f.idea_id=?";
constexpr const char* idea_members_sql = "SELECT mention_id FROM idea_mention WHERE idea_id=?";

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
  IdeaPage page{.url = std::string(use.text(0)), .title = std::string(use.text(1)), .score = use.real(2)};
  for (const auto term : split(use.text(3), ' ')) page.terms.emplace_back(term);
  return page;
}

/// Adds how often each was asked, its best answer and the page that fits it.
Result<std::vector<IdeaRow>> with_story(Database& database, Result<std::vector<IdeaRow>> rows) {
  if (!rows) return rows;
  for (auto& row : *rows) {
    const auto bind = [&](Statement::Use& use) { use.bind(row.id.value); };
    auto days = rows_of<std::pair<Timestamp, std::int64_t>>(
        database, idea_days_sql, bind,
        [](const Statement::Use& use) { return std::pair(from_ms(use.integer(0)), use.integer(1)); });
    if (!days) return unexpected(days.error());
    row.asked_days = std::move(*days);
    auto answers = rows_of<IdeaAnswer>(database, idea_answer_sql, bind, [](const Statement::Use& use) {
      return IdeaAnswer{
          .mention = MentionId{use.integer(0)}, .own = use.text(1) == "brand", .thanked = use.integer(2)};
    });
    if (!answers) return unexpected(answers.error());
    if (!answers->empty()) row.answer = answers->front();
    auto pages = rows_of<IdeaPage>(database, idea_page_sql, bind, read_page);
    if (!pages) return unexpected(pages.error());
    if (!pages->empty()) row.page = std::move(pages->front());
  }
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
Result<std::vector<Row>> SqliteReader::with_members(Result<std::vector<Row>> rows, const char* sql) {
  if (!rows) return rows;
  auto statement = Statement::prepare(database_, sql);
  if (!statement) return unexpected(statement.error());
  for (auto& row : *rows) {
    Statement::Use use(*statement);
    use.bind(row.id.value);
    while (use.step()) row.members.push_back(MentionId{use.integer(0)});
    if (auto status = use.finish(); !status) return unexpected(status.error());
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
  return members == Members::yes ? with_members(std::move(rows), incident_members_sql) : std::move(rows);
}

Result<IncidentRow> SqliteReader::incident(IncidentId id) {
  auto rows = rows_of<IncidentRow>(
      database_, std::string(incident_columns) + "WHERE i.incident_id=?",
      [&](Statement::Use& use) { use.bind(id.value); }, read_incident);
  return only(with_cover(with_members(std::move(rows), incident_members_sql)), "incident", id.value);
}

Result<std::vector<IdeaRow>> SqliteReader::ideas(BrandId brand, std::size_t limit, Members members) {
  const auto bind = [&](Statement::Use& use) {
    use.bind(brand.value).bind(static_cast<std::int64_t>(limit));
  };
  auto rows = with_story(
      database_, rows_of<IdeaRow>(database_, std::string(idea_columns) + ideas_where, bind, read_idea));
  return members == Members::yes ? with_members(std::move(rows), idea_members_sql) : std::move(rows);
}

Result<IdeaRow> SqliteReader::idea(IdeaId id) {
  auto rows = rows_of<IdeaRow>(
      database_, std::string(idea_columns) + "WHERE idea_id=?",
      [&](Statement::Use& use) { use.bind(id.value); }, read_idea);
  return only(with_members(with_story(database_, std::move(rows)), idea_members_sql), "idea", id.value);
}

}  // namespace earshot::store::sqlite
