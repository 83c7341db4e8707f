#include "insight/troubles.hpp"

#include "core/model/identity.hpp"
#include "insight/campaign_talk.hpp"
#include "insight/history.hpp"
#include "insight/memory.hpp"

namespace earshot::insight {
namespace {

/// Enough for any incident a person reads about.
constexpr std::size_t troubles_max = 500'000;

}  // namespace

Result<std::vector<Trouble>> read_troubles(const JobInput& input, Timestamp since) {
  Memory fresh;
  auto& days = input.memory ? input.memory->troubles : fresh.troubles;
  const auto marks = marks_since(input, since);
  if (!marks) return unexpected(marks.error());
  auto status = renew(days, *marks, troubles_max, [&](const store::DayMark& mark) -> Result<TroubleDay> {
    auto rows = read_back<store::TroubleRow>(page_of(input, mark), troubles_max,
                                             [&](const auto& page) { return input.reader.troubles(page); });
    if (!rows) return unexpected(rows.error());
    TroubleDay day;
    day.rows = std::move(*rows);
    return day;
  });
  if (!status) return unexpected(status.error());
  auto talk = campaign_talk(input, since);
  if (!talk) return unexpected(talk.error());
  std::vector<Trouble> out;
  std::vector<std::uint64_t> fingerprints;
  std::vector<std::int64_t> text_bytes;
  const auto first = identity::make_id(since, 0);
  for (const auto& [day_at, day] : days) {
    for (const auto& row : day.rows) {
      if (row.id < first || talk->contains(row.id)) continue;
      out.push_back({.id = row.id,
                     .at_ms = to_ms(identity::time_of(row.id)),
                     .author = row.author_key,
                     .issues = row.issues != 0 ? row.issues
                                               : std::uint64_t{1} << static_cast<unsigned>(IssueType::other),
                     .source = row.source});
      fingerprints.push_back(row.fingerprint);
      text_bytes.push_back(row.text_bytes);
    }
  }
  mark_echoes(out, fingerprints, text_bytes);
  return out;
}

}  // namespace earshot::insight
