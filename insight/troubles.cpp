#include "insight/troubles.hpp"

#include "core/model/identity.hpp"
#include "insight/campaign_talk.hpp"
#include "insight/history.hpp"

namespace earshot::insight {
namespace {

/// Enough for any incident a person reads about.
constexpr std::size_t troubles_max = 500'000;

}  // namespace

Result<std::vector<Trouble>> read_troubles(const JobInput& input, Timestamp since) {
  const store::HistoryPage page{.brand = input.brand, .since = since, .until = input.now};
  auto rows = read_back<store::TroubleRow>(page, troubles_max,
                                           [&](const auto& p) { return input.reader.troubles(p); });
  if (!rows) return unexpected(rows.error());
  auto talk = campaign_talk(input, since);
  if (!talk) return unexpected(talk.error());
  std::vector<Trouble> out;
  std::vector<std::uint64_t> fingerprints;
  std::vector<std::int64_t> text_bytes;
  for (const auto& row : *rows) {
    if (talk->contains(row.id)) continue;
    out.push_back(
        {.id = row.id,
         .at_ms = to_ms(identity::time_of(row.id)),
         .author = row.author_key,
         .issues = row.issues != 0 ? row.issues : std::uint64_t{1} << static_cast<unsigned>(IssueType::other),
         .source = row.source});
    fingerprints.push_back(row.fingerprint);
    text_bytes.push_back(row.text_bytes);
  }
  mark_echoes(out, fingerprints, text_bytes);
  return out;
}

}  // namespace earshot::insight
