#include "store/sqlite/reader.hpp"

#include <filesystem>

#include "store/sqlite/migrate.hpp"
#include "store/sqlite/store.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* brands_sql = "SELECT brand_id,name FROM brand ORDER BY brand_id";
constexpr const char* sources_sql =
    "SELECT "
    "source_id,name,connector,state,last_ok_at,last_error_at,last_error,fail_count,next_poll_at,received,"
    "stored,"
    "duplicate,updated,unmatched,malformed FROM source ORDER BY source_id";
constexpr const char* hours_sql =
    "SELECT "
    "hour_at,source_id,mentions,positive,neutral,negative,unscored,score_sum,questions,complaints,reach,own,"
    "spam,"
    "author_sketch,negative_sketch FROM rollup_hour WHERE brand_id=? AND hour_at>=? AND hour_at<? ORDER BY "
    "hour_at";
constexpr const char* issues_sql =
    "SELECT issue_id,sum(mentions),sum(negative) FROM rollup_issue WHERE brand_id=? AND hour_at>=? AND "
    "hour_at<? "
    "GROUP BY issue_id ORDER BY 2 DESC";
constexpr const char* gaps_sql =
    "SELECT g.source_id,s.name,g.stream,g.from_at,g.to_at,g.reason FROM gap g JOIN source s USING(source_id) "
    "WHERE g.to_at>? AND g.from_at<? ORDER BY g.from_at LIMIT 10000";
constexpr const char* baseline_sql =
    "SELECT hour_of_week,centre,spread,weeks FROM baseline WHERE brand_id=? AND source_id=? AND metric=? "
    "ORDER BY hour_of_week";
constexpr const char* incidents_sql =
    "SELECT "
    "incident_id,issue_id,state,title,severity,started_at,detected_at,last_at,authors,mentions,echoes,"
    "expected,"
    "threshold,first_mention,details FROM incident WHERE brand_id=? AND last_at>=? AND started_at<? "
    "ORDER BY started_at DESC LIMIT 1000";
constexpr const char* incident_members_sql = "SELECT mention_id FROM incident_mention WHERE incident_id=?";
constexpr const char* ideas_sql =
    "SELECT idea_id,key,state,title,askers,mentions,unanswered,trend,score,first_at,last_at,details FROM "
    "idea "
    "WHERE brand_id=? ORDER BY score DESC, idea_id LIMIT ?";
constexpr const char* idea_members_sql = "SELECT mention_id FROM idea_mention WHERE idea_id=?";
constexpr const char* extent_sql =
    "SELECT min(created_at),max(created_at) FROM "
    "(SELECT created_at FROM mention WHERE mention_id IN ((SELECT min(mention_id) FROM mention),"
    "(SELECT max(mention_id) FROM mention)))";
constexpr const char* issue_names_sql = "SELECT issue_id,name FROM issue_type ORDER BY issue_id";

std::optional<Timestamp> optional_time(const Statement::Use& use, int column) {
  if (const auto ms = use.optional_integer(column)) return from_ms(*ms);
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const std::string& path) {
  if (!std::filesystem::exists(path))
    return unexpected(ErrorKind::invalid, "there is no database " + path + ": start the daemon or give --db");
  auto database = Database::open(path, Access::read_only);
  if (!database) return unexpected(database.error());
  if (auto status = check_readable(*database); !status)
    return unexpected(status.error().kind, path + ": " + status.error().message);
  return std::unique_ptr<Reader>(std::make_unique<SqliteReader>(std::move(*database), path));
}

/// Runs `sql`, binds with `bind`, and turns each row into one element.
template <typename Row, typename Bind, typename Read>
Result<std::vector<Row>> rows_of(Database& database, const char* sql, Bind&& bind, Read&& read) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use);
  std::vector<Row> rows;
  while (use.step()) rows.push_back(read(use));
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

Result<std::vector<Delivery>> SqliteReader::deliveries(const DeliveryFilter& filter) {
  return list_deliveries(database_, filter);
}

Result<std::vector<DestinationState>> SqliteReader::destinations() { return list_destinations(database_); }

Result<std::vector<NamedBrand>> SqliteReader::brands() {
  return rows_of<NamedBrand>(
      database_, brands_sql, [](Statement::Use&) {},
      [](const Statement::Use& use) {
        return NamedBrand{.id = BrandId{use.integer(0)}, .name = std::string(use.text(1))};
      });
}

Result<std::vector<SourceStatus>> SqliteReader::sources() {
  return rows_of<SourceStatus>(
      database_, sources_sql, [](Statement::Use&) {},
      [](const Statement::Use& use) {
        return SourceStatus{.id = SourceId{use.integer(0)},
                            .name = std::string(use.text(1)),
                            .connector = std::string(use.text(2)),
                            .state = std::string(use.text(3)),
                            .last_ok_at = optional_time(use, 4),
                            .last_error_at = optional_time(use, 5),
                            .last_error = std::string(use.text(6)),
                            .fail_count = use.integer(7),
                            .next_poll_at = optional_time(use, 8),
                            .received = use.integer(9),
                            .stored = use.integer(10),
                            .duplicate = use.integer(11),
                            .updated = use.integer(12),
                            .unmatched = use.integer(13),
                            .malformed = use.integer(14)};
      });
}

Result<std::vector<HourRow>> SqliteReader::hours(BrandId brand, Timestamp since, Timestamp until) {
  return rows_of<HourRow>(
      database_, hours_sql,
      [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until)); },
      [](const Statement::Use& use) {
        HourRow row;
        row.hour_at = from_ms(use.integer(0));
        row.source = SourceId{use.integer(1)};
        std::int64_t* const fields[] = {&row.mentions, &row.positive,  &row.neutral,   &row.negative,
                                        &row.unscored, &row.score_sum, &row.questions, &row.complaints,
                                        &row.reach,    &row.own,       &row.spam};
        for (int i = 0; i < 11; ++i) *fields[i] = use.integer(i + 2);
        // A damaged sketch costs one hour's author counts, not the report; `verify_rollups` names it.
        static_cast<void>(DistinctSketch::decode(use.text(13), row.authors));
        static_cast<void>(DistinctSketch::decode(use.text(14), row.negative_authors));
        return row;
      });
}

Result<std::vector<IssueCount>> SqliteReader::issues(BrandId brand, Timestamp since, Timestamp until) {
  return rows_of<IssueCount>(
      database_, issues_sql,
      [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until)); },
      [](const Statement::Use& use) {
        return IssueCount{.issue = static_cast<std::uint8_t>(use.integer(0)),
                          .mentions = use.integer(1),
                          .negative = use.integer(2)};
      });
}

Result<std::vector<GapRow>> SqliteReader::gaps(Timestamp since, Timestamp until) {
  return rows_of<GapRow>(
      database_, gaps_sql, [&](Statement::Use& use) { use.bind(to_ms(since)).bind(to_ms(until)); },
      [](const Statement::Use& use) {
        return GapRow{.source = SourceId{use.integer(0)},
                      .source_name = std::string(use.text(1)),
                      .stream = std::string(use.text(2)),
                      .gap = Gap{.from = from_ms(use.integer(3)),
                                 .to = from_ms(use.integer(4)),
                                 .reason = std::string(use.text(5))}};
      });
}

Result<std::vector<BaselineRow>> SqliteReader::baseline(BrandId brand, SourceId source,
                                                        std::string_view metric) {
  return rows_of<BaselineRow>(
      database_, baseline_sql,
      [&](Statement::Use& use) { use.bind(brand.value).bind(source.value).bind(metric); },
      [&](const Statement::Use& use) {
        return BaselineRow{.source = source,
                           .metric = std::string(metric),
                           .hour_of_week = static_cast<int>(use.integer(0)),
                           .centre = use.real(1),
                           .spread = use.real(2),
                           .weeks = static_cast<int>(use.integer(3))};
      });
}

Result<std::vector<MentionId>> SqliteReader::members(const char* sql, std::int64_t owner) {
  return rows_of<MentionId>(
      database_, sql, [&](Statement::Use& use) { use.bind(owner); },
      [](const Statement::Use& use) { return MentionId{use.integer(0)}; });
}

Result<std::vector<IncidentRow>> SqliteReader::incidents(BrandId brand, Timestamp since, Timestamp until) {
  auto rows = rows_of<IncidentRow>(
      database_, incidents_sql,
      [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until)); },
      [&](const Statement::Use& use) {
        return IncidentRow{.id = IncidentId{use.integer(0)},
                           .brand = brand,
                           .issue = static_cast<std::uint8_t>(use.integer(1)),
                           .state = std::string(use.text(2)),
                           .title = std::string(use.text(3)),
                           .severity = static_cast<int>(use.integer(4)),
                           .started_at = from_ms(use.integer(5)),
                           .detected_at = from_ms(use.integer(6)),
                           .last_at = from_ms(use.integer(7)),
                           .authors = use.integer(8),
                           .mentions = use.integer(9),
                           .echoes = use.integer(10),
                           .expected = use.real(11),
                           .threshold = use.real(12),
                           .first_mention = MentionId{use.integer(13)},
                           .details = std::string(use.text(14)),
                           .members = {}};
      });
  if (!rows) return rows;
  for (auto& row : *rows) {
    auto found = members(incident_members_sql, row.id.value);
    if (!found) return unexpected(found.error());
    row.members = std::move(*found);
  }
  return rows;
}

Result<std::vector<IdeaRow>> SqliteReader::ideas(BrandId brand, std::size_t limit) {
  auto rows = rows_of<IdeaRow>(
      database_, ideas_sql,
      [&](Statement::Use& use) { use.bind(brand.value).bind(static_cast<std::int64_t>(limit)); },
      [&](const Statement::Use& use) {
        return IdeaRow{.id = IdeaId{use.integer(0)},
                       .brand = brand,
                       .key = std::string(use.text(1)),
                       .state = std::string(use.text(2)),
                       .title = std::string(use.text(3)),
                       .askers = use.integer(4),
                       .mentions = use.integer(5),
                       .unanswered = use.integer(6),
                       .trend = use.real(7),
                       .score = use.real(8),
                       .first_at = from_ms(use.integer(9)),
                       .last_at = from_ms(use.integer(10)),
                       .details = std::string(use.text(11)),
                       .members = {}};
      });
  if (!rows) return rows;
  for (auto& row : *rows) {
    auto found = members(idea_members_sql, row.id.value);
    if (!found) return unexpected(found.error());
    row.members = std::move(*found);
  }
  return rows;
}

Result<std::optional<std::pair<Timestamp, Timestamp>>> SqliteReader::extent() {
  auto statement = Statement::prepare(database_, extent_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  std::optional<std::pair<Timestamp, Timestamp>> out;
  if (use.step() && !use.is_null(0)) out = {from_ms(use.integer(0)), from_ms(use.integer(1))};
  return out;
}

Result<std::vector<std::pair<std::uint8_t, std::string>>> SqliteReader::issue_names() {
  return rows_of<std::pair<std::uint8_t, std::string>>(
      database_, issue_names_sql, [](Statement::Use&) {},
      [](const Statement::Use& use) {
        return std::pair(static_cast<std::uint8_t>(use.integer(0)), std::string(use.text(1)));
      });
}

}  // namespace earshot::store::sqlite
