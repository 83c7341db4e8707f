#include <algorithm>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "core/base/hash.hpp"
#include "core/model/identity.hpp"
#include "insight/campaign_talk.hpp"
#include "insight/history.hpp"
#include "insight/incident_story.hpp"
#include "insight/memory.hpp"
#include "insight/troubles.hpp"

namespace earshot::insight {
namespace {

/// Enough for any incident a person reads about; the counts in the row are of all troubles.
constexpr std::size_t texts_max = 3'000, scanned_max = 100'000;
/// Within the first two weeks of the span too little history stands before an incident to find it again: what
/// was found then stays as it was.
constexpr std::chrono::hours frozen_span = history_span - std::chrono::hours(2 * 168);

/// The members' texts, oldest first.
Result<std::vector<store::MentionRow>> read_texts(const JobInput& input, const std::vector<Trouble>& troubles,
                                                  const FoundIncident& found) {
  std::unordered_set<MentionId> wanted;
  for (const auto member : found.members) {
    if (wanted.size() == texts_max) break;
    wanted.insert(troubles[member].id);
  }
  store::MentionFilter filter{.brand = input.brand,
                              .since = from_ms(found.started_ms),
                              .until = from_ms(found.last_ms + 1),
                              .limit = 1000};
  std::vector<store::MentionRow> out;
  for (std::size_t scanned = 0; out.size() < wanted.size() && scanned < scanned_max;) {
    auto rows = input.reader.mentions(filter);
    if (!rows) return rows;
    if (rows->empty()) break;
    scanned += rows->size();
    filter.before = rows->back().id;
    for (auto& row : *rows)
      if (wanted.contains(row.id)) out.push_back(std::move(row));
  }
  std::ranges::reverse(out);
  return out;
}

/// The incident's issue types: the one it is named after, then those of most members.
std::vector<std::string> names_of(const FoundIncident& found, const std::vector<Trouble>& troubles,
                                  const std::vector<std::pair<std::uint8_t, std::string>>& names) {
  std::vector<std::pair<std::int64_t, unsigned>> order;
  for (unsigned bit = 0; bit < 64; ++bit) {
    if (bit == found.issue || (found.issues >> bit & 1U) == 0) continue;
    const auto count = std::ranges::count_if(
        found.members, [&](std::size_t i) { return (troubles[i].issues >> bit & 1U) != 0; });
    order.emplace_back(-count, bit);
  }
  std::ranges::sort(order);
  std::vector<std::string> out{issue_name(names, found.issue)};
  for (const auto& [count, bit] : order) out.push_back(issue_name(names, bit));
  return out;
}

/// Of all that an incident is told by; for the words of its days their marks stand.
class StoryHash {
 public:
  StoryHash(const JobInput& input, const FoundIncident& found, std::int64_t gap_hours)
      : hash_(hash_of_names(input)) {
    add(found.issue), add(found.issues), add(found.started_ms), add(found.last_ms);
    add(found.authors), add(found.mentions), add(found.echoes), add(gap_hours);
    for (const auto* a : {&found.fired, &found.peak}) {
      add(a->at_ms), add(a->weeks), add(a->samples), add(a->warm_up);
      const auto& d = a->deviation;
      add(d.observed), add(d.expected), add(d.spread), add(d.threshold), add(d.ratio), add(d.z);
    }
  }

  void add(const Trouble& trouble) {
    add(trouble.id.value), add(trouble.at_ms), add(trouble.author), add(trouble.echo);
  }
  void add(const std::string& text) { hash_ = hash64(text, hash_); }
  template <typename Number>
  requires std::is_arithmetic_v<Number>
  void add(Number number) { hash_ = hash64({reinterpret_cast<const char*>(&number), sizeof number}, hash_); }

  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_;
};

/// Tells incidents, and remembers those whose words stayed as they are.
class Teller {
 public:
  Teller(const JobInput& input, const std::vector<Trouble>& troubles, std::int64_t gap_hours)
      : input_(input), troubles_(troubles), gap_hours_(gap_hours) {
    if (input.memory) before_ = std::exchange(input.memory->stories, {});
  }

  Status look() {
    auto marks = marks_since(input_, input_.now - history_span);
    if (!marks) return unexpected(marks.error());
    marks_ = std::move(*marks);
    return Done{};
  }

  Result<Story> tell(const FoundIncident& found, const std::vector<std::string>& issue_names) {
    const auto made_of = hash(found, issue_names);
    auto node = before_.extract(made_of);
    if (!node) {
      auto texts = read_texts(input_, troubles_, found);
      if (!texts) return unexpected(texts.error());
      auto story = insight::tell({.incident = found,
                                  .troubles = troubles_,
                                  .mentions = *texts,
                                  .issue_names = issue_names,
                                  .brand_name = input_.brand_name,
                                  .gap_hours = gap_hours_});
      if (input_.memory) input_.memory->stories.emplace(made_of, story);
      return story;
    }
    auto story = node.mapped();
    input_.memory->stories.insert(std::move(node));
    return story;
  }

 private:
  std::uint64_t hash(const FoundIncident& found, const std::vector<std::string>& issue_names) const {
    StoryHash out(input_, found, gap_hours_);
    for (const auto& name : issue_names) out.add(name);
    for (const auto member : found.members) out.add(troubles_[member]);
    const Timestamp first = std::chrono::floor<std::chrono::days>(from_ms(found.started_ms));
    for (const auto& mark : marks_)
      if (mark.day >= first && mark.day <= from_ms(found.last_ms)) out.add(mark.mark);
    return out.value();
  }

  const JobInput& input_;
  const std::vector<Trouble>& troubles_;
  std::int64_t gap_hours_;
  std::vector<store::DayMark> marks_;
  std::unordered_map<std::uint64_t, Story> before_;
};

bool overlap(const store::IncidentRow& a, const store::IncidentRow& b) {
  const Milliseconds slack(quiet_ms);
  return a.started_at <= b.last_at + slack && b.started_at <= a.last_at + slack;
}

/// An incident that was told of keeps its identity (issue and hour of detection) when later data move it:
/// receivers must not hear of it twice.
void keep_identity(store::IncidentRow& row, std::uint64_t issues, std::vector<store::IncidentRow>& known) {
  const auto same = std::ranges::find_if(
      known, [&](const auto& k) { return (issues >> k.issue & 1U) != 0 && overlap(k, row); });
  if (same == known.end()) return;
  row.issue = same->issue;
  row.detected_at = same->detected_at;
  known.erase(same);
}

}  // namespace

Result<std::vector<store::IncidentRow>> incident_job(const JobInput& input) {
  auto heard = read_heard_hours(input);
  if (!heard) return unexpected(heard.error());
  auto troubles = read_troubles(input, input.now - history_span);
  if (!troubles) return unexpected(troubles.error());
  auto names = input.reader.issue_names();
  if (!names) return unexpected(names.error());
  auto known = input.reader.incidents(input.brand, from_ms(0), input.now + std::chrono::hours(1));
  if (!known) return unexpected(known.error());

  std::vector<store::IncidentRow> out;
  for (const auto& row : *known)
    if (row.started_at < input.now - frozen_span) out.push_back(row);
  for (auto& row : out) row.state = input.now - row.last_at < Milliseconds(quiet_ms) ? "open" : "closed";
  const auto frozen = out.size();
  std::erase_if(*known, [&](const auto& row) { return row.started_at < input.now - frozen_span; });

  const auto mask = heard->mask(SourceId{});
  const auto gap_hours = std::ranges::count_if(
      heard->total_gaps, [&](std::int64_t hour) { return hour >= heard->first && hour < heard->end; });
  Teller teller(input, *troubles, gap_hours);
  if (auto status = teller.look(); !status) return unexpected(status.error());
  for (const auto& found : detect_incidents(
           {.troubles = *troubles, .first_hour = heard->first, .end_hour = heard->end, .left_out = mask})) {
    const auto story = teller.tell(found, names_of(found, *troubles, *names));
    if (!story) return unexpected(story.error());
    store::IncidentRow row{
        .brand = input.brand,
        .issue = found.issue,
        .state = to_ms(input.now) - found.last_ms < quiet_ms ? "open" : "closed",
        .title = story->title,
        .severity = story->severity,
        .started_at = from_ms(found.started_ms),
        .detected_at = hour_start(hour_index(from_ms(found.fired.at_ms))),
        .last_at = from_ms(found.last_ms),
        .authors = found.authors,
        .mentions = found.mentions,
        .echoes = found.echoes,
        .expected = found.fired.deviation.expected,
        .threshold = found.fired.deviation.threshold,
        .first_mention = found.members.empty() ? MentionId{} : (*troubles)[found.members.front()].id,
        .details = story->details};
    for (const auto member : found.members) row.members.push_back((*troubles)[member].id);
    const bool told = std::any_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(frozen),
                                  [&](const auto& old) { return overlap(old, row); });
    if (told && row.started_at < input.now - frozen_span + Milliseconds(quiet_ms)) continue;
    keep_identity(row, found.issues, *known);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace earshot::insight
