#include "insight/stories.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "analysis/people/matter.hpp"
#include "analysis/people/stance.hpp"
#include "core/model/identity.hpp"
#include "insight/memory.hpp"

namespace earshot::insight {
namespace {

using analysis::Sign;

/// Reads the few posts whose words decide a story, and compares what they speak of. What was read is
/// remembered with the post's day.
class Matters {
 public:
  Matters(const JobInput& input, const Dialogue& dialogue)
      : input_(input), dialogue_(dialogue), terms_({input.brand_name}) {}

  /// A happy post refers back to the unhappy ones ("I take back every word"), or something joins it to them
  /// or to the replies they had. A failure is kept; nothing is the same matter then.
  bool same(std::size_t happy, const std::vector<std::size_t>& unhappy) {
    if (dialogue_.remarks[happy].has(Sign::refers_back)) return true;
    for (const auto i : unhappy)
      if (analysis::same_issue(dialogue_.rows[happy].verdict.issues, dialogue_.rows[i].verdict.issues))
        return true;
    std::vector<const analysis::MatterWords*> complaints, replies;
    for (const auto i : unhappy) {
      complaints.push_back(&words_of(i));
      if (const auto& own = dialogue_.answers[i].own; own && *own < happy) replies.push_back(&words_of(*own));
    }
    return analysis::same_words(words_of(happy), complaints, replies, dialogue_.counts);
  }

  const Status& status() const { return status_; }

 private:
  const analysis::MatterWords& words_of(std::size_t row) {
    const auto id = dialogue_.rows[row].id;
    const auto [place, added] = kept(id).try_emplace(id);
    if (!added) return place->second;
    auto found = input_.reader.mention(id);
    if (!found && status_) status_ = unexpected(found.error());
    if (found && !found->empty()) place->second = analysis::matter_words(found->front().text, terms_);
    return place->second;
  }

  std::unordered_map<MentionId, analysis::MatterWords>& kept(MentionId id) {
    if (!input_.memory) return read_;
    const auto day = input_.memory->days.find(std::chrono::floor<std::chrono::days>(identity::time_of(id)));
    return day == input_.memory->days.end() ? read_ : day->second.matters;
  }

  const JobInput& input_;
  const Dialogue& dialogue_;
  analysis::TermReader terms_;
  std::unordered_map<MentionId, analysis::MatterWords> read_;  ///< where nothing is remembered
  Status status_ = Done{};
};

std::unordered_set<MentionId> reports_of(const std::vector<store::IncidentRow>& incidents) {
  std::unordered_set<MentionId> out;
  for (const auto& incident : incidents) out.insert(incident.members.begin(), incident.members.end());
  return out;
}

std::unordered_set<std::uint64_t> own_posts(const Dialogue& dialogue) {
  std::unordered_set<std::uint64_t> out;
  for (const auto& row : dialogue.rows)
    if (is_own(row) && row.post != 0) out.insert(row.post);
  return out;
}

}  // namespace

Result<std::vector<store::JourneyRow>> find_journeys(const JobInput& input, const Dialogue& dialogue,
                                                     const People& people,
                                                     const std::vector<store::IncidentRow>& incidents) {
  const auto reports = reports_of(incidents);
  const auto own = own_posts(dialogue);
  Matters matters(input, dialogue);
  std::vector<store::JourneyRow> out;
  std::vector<analysis::StanceEvent> events;
  for (const auto& person : people.people) {
    if (person.interested) continue;
    events.clear();
    for (const auto i : person.posts) {
      const auto& row = dialogue.rows[i];
      events.push_back({.at = row.created_at,
                        .polarity = row.verdict.polarity,
                        .score = row.verdict.score,
                        .praise = is_praise(row),
                        .answered_at = dialogue.answered_at(i),
                        .complaint = row.verdict.complaint,
                        .thanks = row.verdict.has(Intent::thanks),
                        .settled = dialogue.remarks[i].has(Sign::settled),
                        .to_brand = own.contains(row.parent),
                        .common = reports.contains(row.id),
                        .issues = row.verdict.issues});
    }
    const analysis::SameMatter same = [&](std::size_t happy, std::span<const std::size_t> unhappy) {
      std::vector<std::size_t> rows;
      for (const auto i : unhappy) rows.push_back(person.posts[i]);
      return matters.same(person.posts[happy], rows);
    };
    for (const auto& journey : analysis::follow_stance(events, input.now, {}, same)) {
      const auto& rant = dialogue.rows[person.posts[journey.rant]];
      store::JourneyRow row{.rant = rant.id,
                            .author_key = person.author_key,
                            .outcome = std::string(to_string(journey.outcome)),
                            .fallen = journey.fallen,
                            .issue = rant.verdict.top_issue};
      if (journey.answered)
        row.reply = dialogue.rows[*dialogue.answers[person.posts[*journey.answered]].own].id;
      if (journey.last) row.last = dialogue.rows[person.posts[*journey.last]].id;
      out.push_back(std::move(row));
    }
  }
  if (!matters.status()) return unexpected(matters.status().error());
  return out;
}

}  // namespace earshot::insight
