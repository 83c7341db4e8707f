#include "insight/history.hpp"

#include <algorithm>

#include "core/model/names.hpp"
#include "insight/campaign_talk.hpp"

namespace earshot::insight {
namespace {

constexpr double deaf_share_max = 0.10;

}  // namespace

std::vector<bool> HeardHours::mask(SourceId source) const {
  std::vector<bool> out(size(), false);
  const auto found = gaps.find(source);
  static const std::set<std::int64_t> none;
  const auto& hours = !source ? total_gaps : found == gaps.end() ? none : found->second;
  for (const auto* list : {&hours, &campaigns})
    for (const auto hour : *list)
      if (hour >= first && hour < end) out[static_cast<std::size_t>(hour - first)] = true;
  return out;
}

void add_gaps(HeardHours& heard, const std::vector<store::GapRow>& gaps) {
  for (const auto& row : gaps) {
    if (row.gap.rate) continue;  // asked less often, and heard all the same
    const auto from = std::max(hour_index(row.gap.from), heard.first);
    const auto to = std::min(hour_index(row.gap.to - Milliseconds(1)), heard.end - 1);
    for (auto hour = from; hour <= to; ++hour) heard.gaps[row.source].insert(hour);
  }
  std::map<SourceId, std::int64_t> volume;
  std::int64_t total = 0;
  for (const auto& row : heard.rows) {
    volume[row.source] += row.mentions;
    total += row.mentions;
  }
  std::map<std::int64_t, std::int64_t> deaf;
  for (const auto& [source, hours] : heard.gaps)
    for (const auto hour : hours) deaf[hour] += volume.contains(source) ? volume[source] : 0;
  for (const auto& [hour, missing] : deaf)
    if (static_cast<double>(missing) > deaf_share_max * static_cast<double>(total))
      heard.total_gaps.insert(hour);
}

Result<HeardHours> read_heard_hours(const JobInput& input, std::optional<Timestamp> from) {
  const auto since = hour_start(hour_index(from.value_or(input.now - history_span)));
  HeardHours out;
  out.end = hour_index(input.now);
  auto rows = input.reader.hours(input.brand, since, hour_start(out.end));
  if (!rows) return unexpected(rows.error());
  out.rows = std::move(*rows);
  out.first = out.rows.empty() ? out.end : hour_index(out.rows.front().hour_at);
  auto gaps = input.reader.gaps(since, input.now);
  if (!gaps) return unexpected(gaps.error());
  add_gaps(out, *gaps);
  auto campaigns = input.reader.campaigns(input.brand);
  if (!campaigns) return unexpected(campaigns.error());
  out.campaigns = campaign_hours(*campaigns, out.first, out.end);
  return out;
}

std::string issue_name(const std::vector<std::pair<std::uint8_t, std::string>>& names, unsigned bit) {
  for (const auto& [at, name] : names)
    if (at == bit) return name;
  return bit < issue_type_count ? std::string(to_string(static_cast<IssueType>(bit)))
                                : "own_" + std::to_string(bit);
}

}  // namespace earshot::insight
