// How often the rules were right, and what the metrics are: the documented views, read for reports.
#include "store/sqlite/deliveries.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* accuracy_sql =
    "SELECT lexicon_version,polarity,labels,agreed,said,meant,hits,drawn,agreement,agreement_low,"
    "agreement_high,precision,precision_low,precision_high,recall,recall_low,recall_high FROM v_accuracy "
    "WHERE source='*' AND brand=(SELECT name FROM brand WHERE brand_id=?) ORDER BY lexicon_version "
    "DESC,polarity";
constexpr const char* issue_accuracy_sql =
    "SELECT lexicon_version,issue,labels,drawn,said,meant,hits,precision,precision_low,precision_high,recall,"
    "recall_low,recall_high FROM v_issue_accuracy WHERE source='*' AND brand=(SELECT name FROM brand WHERE "
    "brand_id=?) ORDER BY lexicon_version DESC,issue<>'*',meant DESC,issue";
constexpr const char* precision_sql =
    "SELECT count(*),coalesce(sum((l.issues >> t.issue_id) & 1),0) FROM label l JOIN brand b USING(brand_id) "
    "JOIN issue_type t ON t.name=?2 WHERE b.name=?1 AND l.issues IS NOT NULL AND "
    "(l.rule_issues >> t.issue_id) & 1";
constexpr const char* metrics_sql = "SELECT name,unit,definition FROM v_metric ORDER BY name";

std::optional<LabelShare> share_at(const Statement::Use& use, int column) {
  if (use.is_null(column)) return std::nullopt;
  return LabelShare{.value = use.real(column), .low = use.real(column + 1), .high = use.real(column + 2)};
}

}  // namespace

Result<std::vector<AccuracyRow>> SqliteReader::accuracy(BrandId brand) {
  return rows_of<AccuracyRow>(
      database_, accuracy_sql, [&](Statement::Use& use) { use.bind(brand.value); },
      [](const Statement::Use& use) {
        return AccuracyRow{.lexicon_version = static_cast<std::uint32_t>(use.integer(0)),
                           .polarity = std::string(use.text(1)),
                           .labels = use.integer(2),
                           .agreed = use.integer(3),
                           .said = use.integer(4),
                           .meant = use.integer(5),
                           .hits = use.integer(6),
                           .drawn = use.integer(7),
                           .agreement = share_at(use, 8),
                           .precision = share_at(use, 11),
                           .recall = share_at(use, 14)};
      });
}

Result<std::vector<IssueAccuracyRow>> SqliteReader::issue_accuracy(BrandId brand) {
  return rows_of<IssueAccuracyRow>(
      database_, issue_accuracy_sql, [&](Statement::Use& use) { use.bind(brand.value); },
      [](const Statement::Use& use) {
        return IssueAccuracyRow{.lexicon_version = static_cast<std::uint32_t>(use.integer(0)),
                                .issue = std::string(use.text(1)),
                                .labels = use.integer(2),
                                .drawn = use.integer(3),
                                .said = use.integer(4),
                                .meant = use.integer(5),
                                .hits = use.integer(6),
                                .precision = share_at(use, 7),
                                .recall = share_at(use, 10)};
      });
}

Result<std::vector<MetricRow>> SqliteReader::metrics() {
  return rows_of<MetricRow>(
      database_, metrics_sql, [](Statement::Use&) {},
      [](const Statement::Use& use) {
        return MetricRow{.name = std::string(use.text(0)),
                         .unit = std::string(use.text(1)),
                         .definition = std::string(use.text(2))};
      });
}

Result<Deliveries::Precision> SqliteDeliveries::precision(std::string_view brand, std::string_view issue) {
  auto rows = rows_of<Precision>(
      database_, precision_sql, [&](Statement::Use& use) { use.bind(brand).bind(issue); },
      [](const Statement::Use& use) {
        return Precision{.labels = use.integer(0), .agreed = use.integer(1)};
      });
  if (!rows) return unexpected(rows.error());
  return rows->front();
}

}  // namespace earshot::store::sqlite
