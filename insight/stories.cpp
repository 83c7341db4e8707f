#include "insight/stories.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "analysis/people/stance.hpp"

namespace earshot::insight {
namespace {

using analysis::Sign;

/// Reads the few posts whose words decide a story, and compares what they speak of.
class Matters {
 public:
  Matters(const JobInput& input, const Dialogue& dialogue)
      : input_(input), dialogue_(dialogue), terms_(names_of(input)) {}

  /// A failure is kept; nothing is the same matter then.
  bool same(std::size_t happy, const std::vector<std::size_t>& unhappy) {
    const auto& happy_text = text_of(happy);
    std::vector<analysis::MatterText> complaints;
    std::vector<std::string_view> replies;
    for (const auto i : unhappy) {
      complaints.push_back({.text = text_of(i), .issues = dialogue_.rows[i].verdict.issues});
      if (const auto& own = dialogue_.answers[i].own; own && *own < happy) replies.push_back(text_of(*own));
    }
    return analysis::same_matter({.text = happy_text, .issues = dialogue_.rows[happy].verdict.issues},
                                 complaints, replies, dialogue_.remarks[happy].has(Sign::refers_back), terms_,
                                 dialogue_.counts);
  }

  const Status& status() const { return status_; }

 private:
  static std::vector<std::string> names_of(const JobInput& input) { return {input.brand_name}; }

  const std::string& text_of(std::size_t row) {
    const auto [place, added] = texts_.try_emplace(row);
    if (!added) return place->second;
    auto found = input_.reader.mention(dialogue_.rows[row].id);
    if (!found && status_) status_ = unexpected(found.error());
    if (found && !found->empty()) place->second = std::move(found->front().text);
    return place->second;
  }

  const JobInput& input_;
  const Dialogue& dialogue_;
  analysis::TermReader terms_;
  std::unordered_map<std::size_t, std::string> texts_;
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
