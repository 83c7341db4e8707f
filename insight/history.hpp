#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "analysis/series/baseline.hpp"
#include "insight/job.hpp"

/// How far the jobs look back, which hours they may trust, and reading in pages. Private to insight/.
namespace earshot::insight {

/// Twelve weeks: a quarter, long enough for eight samples of an hour of week and short enough to follow a
/// brand's growth.
inline constexpr std::chrono::hours history_span{12 * 168};
inline constexpr std::size_t page_rows = 5000;

inline std::int64_t hour_index(Timestamp at) {
  return std::chrono::floor<std::chrono::hours>(at).time_since_epoch().count();
}
inline Timestamp hour_start(std::int64_t hour) { return Timestamp{std::chrono::hours{hour}}; }

/// The whole hours of one brand up to now, and which of them each source did not hear in full.
struct HeardHours {
  std::int64_t first = 0;  ///< hour of the brand's first mention within the span
  std::int64_t end = 0;    ///< the running hour, which is not over, is out
  std::map<SourceId, std::set<std::int64_t>> gaps = {};
  /// Hours in which sources with more than 10 % of the brand's mentions were deaf: totals of these hours are
  /// too low.
  std::set<std::int64_t> total_gaps = {};
  /// Hours in which a campaign ran: more was said than is usual, as was expected.
  std::set<std::int64_t> campaigns = {};
  std::vector<store::HourRow> rows = {};

  std::size_t size() const { return end > first ? static_cast<std::size_t>(end - first) : 0; }
  /// Hours that say nothing of what is usual: gaps, and campaigns. SourceId 0: all sources together.
  std::vector<bool> mask(SourceId source) const;
};

/// Enters gaps into `gaps` and `total_gaps`; the rows must be there, as they say how much each source weighs.
void add_gaps(HeardHours& heard, const std::vector<store::GapRow>& gaps);

/// Without `since`: of the whole span.
Result<HeardHours> read_heard_hours(const JobInput& input, std::optional<Timestamp> since = {});

/// Reads a history query to its start or until `rows_max`, oldest first.
template <typename Row, typename Query>
Result<std::vector<Row>> read_back(store::HistoryPage page, std::size_t rows_max, Query&& query) {
  std::vector<Row> rows;
  page.limit = page_rows;
  while (rows.size() < rows_max) {
    Result<std::vector<Row>> more = query(page);
    if (!more) return more;
    const bool last = more->size() < page.limit;
    if (!more->empty()) page.before = more->back().id;
    for (auto& row : *more) rows.push_back(std::move(row));
    if (last) break;
  }
  return std::vector<Row>(std::make_move_iterator(rows.rbegin()), std::make_move_iterator(rows.rend()));
}

/// Issue types by bit, the company's own included.
std::string issue_name(const std::vector<std::pair<std::uint8_t, std::string>>& names, unsigned bit);

}  // namespace earshot::insight
