#include "store/sqlite/reader.hpp"

#include <filesystem>

#include "store/sqlite/migrate.hpp"
#include "store/sqlite/rows_of.hpp"
#include "store/sqlite/store.hpp"

namespace earshot::store::sqlite {
namespace {

/// From column `first` on.
std::optional<Quota> quota_of(const Statement::Use& use, int first) {
  const auto remaining = use.optional_integer(first + 1);
  if (!remaining) return std::nullopt;
  return Quota{.limit = use.optional_integer(first),
               .remaining = *remaining,
               .resets_at = optional_time(use, first + 2)};
}

std::optional<HydrateStatus> hydrate_of(const Statement::Use& use, int first) {
  const auto at = optional_time(use, first);
  if (!at) return std::nullopt;
  return HydrateStatus{.at = *at,
                       .asked = use.integer(first + 1),
                       .gone = use.integer(first + 2),
                       .overdue = use.integer(first + 3),
                       .oldest_at = optional_time(use, first + 4)};
}

std::optional<double> optional_real(const Statement::Use& use, int column) {
  return use.is_null(column) ? std::nullopt : std::optional(use.real(column));
}

constexpr const char* brands_sql = "SELECT brand_id,name FROM brand ORDER BY brand_id";
constexpr const char* sources_sql =
    "SELECT "
    "source_id,name,connector,state,last_ok_at,last_error_at,last_error,fail_count,next_poll_at,received,"
    "stored,"
    "duplicate,updated,unmatched,malformed,quota_limit,quota_remaining,quota_resets_at,hydrated_at,"
    "hydrate_asked,hydrate_gone,hydrate_overdue,hydrate_oldest_at,poll_rate FROM source ORDER BY source_id";
constexpr const char* cursor_sql =
    "SELECT cursor_schema,cursor FROM stream WHERE source_id=? AND name=? AND cursor IS NOT NULL";
constexpr const char* gaps_sql =
    "SELECT g.source_id,s.name,g.stream,g.from_at,g.to_at,g.reason,g.rate FROM gap g JOIN source s "
    "USING(source_id) "
    "WHERE g.to_at>? AND g.from_at<? ORDER BY g.from_at LIMIT 10000";
constexpr const char* baseline_sql =
    "SELECT hour_of_week,centre,spread,weeks FROM baseline WHERE brand_id=? AND source_id=? AND issue_id=? "
    "AND metric=? "
    "ORDER BY hour_of_week";
constexpr const char* extent_sql =
    "SELECT min(created_at),max(created_at) FROM "
    "(SELECT created_at FROM mention WHERE mention_id IN ((SELECT min(mention_id) FROM mention),"
    "(SELECT max(mention_id) FROM mention)))";
constexpr const char* product_names_sql =
    "SELECT product_id,brand_id,name FROM product ORDER BY brand_id,name";
constexpr const char* versions_sql = "SELECT schema_version,views_version,lexicon_version FROM schema_info";
constexpr const char* issue_names_sql = "SELECT issue_id,name FROM issue_type ORDER BY issue_id";

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
                            .malformed = use.integer(14),
                            .quota = quota_of(use, 15),
                            .hydrate = hydrate_of(use, 18),
                            .poll_rate = optional_real(use, 23)};
      });
}

Result<std::optional<Cursor>> SqliteReader::cursor(SourceId source, std::string_view stream) {
  auto rows = rows_of<Cursor>(
      database_, cursor_sql, [&](Statement::Use& use) { use.bind(source.value).bind(stream); },
      [](const Statement::Use& use) {
        return Cursor{.schema = static_cast<std::uint32_t>(use.integer(0)), .json = std::string(use.text(1))};
      });
  if (!rows) return unexpected(rows.error());
  return rows->empty() ? std::nullopt : std::optional(std::move(rows->front()));
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
                                 .reason = std::string(use.text(5)),
                                 .rate = optional_real(use, 6)}};
      });
}

Result<std::vector<BaselineRow>> SqliteReader::baseline(BrandId brand, SourceId source,
                                                        std::string_view metric, int issue) {
  return rows_of<BaselineRow>(
      database_, baseline_sql,
      [&](Statement::Use& use) { use.bind(brand.value).bind(source.value).bind(issue).bind(metric); },
      [&](const Statement::Use& use) {
        return BaselineRow{.source = source,
                           .issue = issue,
                           .metric = std::string(metric),
                           .hour_of_week = static_cast<int>(use.integer(0)),
                           .centre = use.real(1),
                           .spread = use.real(2),
                           .weeks = static_cast<int>(use.integer(3))};
      });
}

Result<std::optional<std::pair<Timestamp, Timestamp>>> SqliteReader::extent() {
  auto statement = Statement::prepare(database_, extent_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  std::optional<std::pair<Timestamp, Timestamp>> out;
  if (use.step() && !use.is_null(0)) out = {from_ms(use.integer(0)), from_ms(use.integer(1))};
  return out;
}

Result<Versions> SqliteReader::versions() {
  auto rows = rows_of<Versions>(
      database_, versions_sql, [](Statement::Use&) {},
      [](const Statement::Use& use) {
        return Versions{
            .schema = use.integer(0), .views = std::string(use.text(1)), .lexicon = use.integer(2)};
      });
  if (!rows) return unexpected(rows.error());
  if (rows->empty()) return unexpected(ErrorKind::corrupt, "the database does not say its versions");
  return std::move(rows->front());
}

Result<std::vector<NamedProduct>> SqliteReader::product_names() {
  return rows_of<NamedProduct>(
      database_, product_names_sql, [](Statement::Use&) {},
      [](const Statement::Use& use) {
        return NamedProduct{.id = ProductId{use.integer(0)},
                            .brand = BrandId{use.integer(1)},
                            .name = std::string(use.text(2))};
      });
}

Result<std::vector<std::pair<std::uint8_t, std::string>>> SqliteReader::issue_names() {
  return rows_of<std::pair<std::uint8_t, std::string>>(
      database_, issue_names_sql, [](Statement::Use&) {},
      [](const Statement::Use& use) {
        return std::pair(static_cast<std::uint8_t>(use.integer(0)), std::string(use.text(1)));
      });
}

}  // namespace earshot::store::sqlite
