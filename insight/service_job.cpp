#include <algorithm>
#include <map>

#include "analysis/people/stance.hpp"
#include "insight/dialogue.hpp"
#include "insight/service_queue.hpp"

namespace earshot::insight {
namespace {

using store::ContactRow;

constexpr double slow_share = 0.9;

bool is_praise(const store::VerdictRow& verdict) {
  return verdict.has(Intent::praise) || verdict.has(Intent::recommendation) || verdict.has(IssueType::praise);
}

std::vector<store::WaitingRow> find_waiting(const Dialogue& dialogue, Timestamp now) {
  std::vector<const ContactRow*> posts;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto& row = dialogue.rows[i];
    const auto& answer = dialogue.answers[i];
    if (wants_answer(row) && !answer.own && !answer.settled && now - row.created_at <= waiting_max)
      posts.push_back(&row);
  }
  return queue_of(posts);
}

/// The value within which `share` of the sorted values lie.
std::optional<std::int64_t> within(const std::vector<std::int64_t>& sorted, double share) {
  if (sorted.empty()) return std::nullopt;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5);
  return sorted[at];
}

std::vector<store::ResponseDay> count_days(const Dialogue& dialogue) {
  struct Day {
    store::ResponseDay row;
    std::vector<std::int64_t> seconds;
  };
  std::map<std::pair<Timestamp, SourceId>, Day> days;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto& row = dialogue.rows[i];
    if (!wants_answer(row)) continue;
    const Timestamp day_at = std::chrono::floor<std::chrono::days>(row.created_at);
    auto& day = days[{day_at, row.source}];
    day.row.day_at = day_at;
    day.row.source = row.source;
    ++day.row.contacts;
    if (const auto at = dialogue.answered_at(i)) {
      ++day.row.answered;
      day.seconds.push_back(std::chrono::duration_cast<std::chrono::seconds>(*at - row.created_at).count());
    } else if (dialogue.answers[i].settled) {
      ++day.row.settled;
    }
  }
  std::vector<store::ResponseDay> out;
  for (auto& [key, day] : days) {
    std::ranges::sort(day.seconds);
    day.row.median_s = within(day.seconds, 0.5);
    day.row.slow_s = within(day.seconds, slow_share);
    out.push_back(day.row);
  }
  return out;
}

std::vector<store::JourneyRow> find_journeys(const Dialogue& dialogue, Timestamp now) {
  std::map<std::uint64_t, std::vector<std::size_t>> people;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto& row = dialogue.rows[i];
    if (row.author_key != 0 && !is_own(row) && !row.article) people[row.author_key].push_back(i);
  }
  std::vector<store::JourneyRow> out;
  std::vector<analysis::StanceEvent> events;
  for (const auto& [author, posts] : people) {
    events.clear();
    for (const auto i : posts)
      events.push_back({.at = dialogue.rows[i].created_at,
                        .polarity = dialogue.rows[i].verdict.polarity,
                        .score = dialogue.rows[i].verdict.score,
                        .praise = is_praise(dialogue.rows[i].verdict),
                        .answered_at = dialogue.answered_at(i)});
    for (const auto& journey : analysis::follow_stance(events, now)) {
      const auto& rant = dialogue.rows[posts[journey.rant]];
      store::JourneyRow row{.rant = rant.id,
                            .author_key = author,
                            .outcome = std::string(to_string(journey.outcome)),
                            .fallen = journey.fallen,
                            .issue = rant.verdict.top_issue};
      if (journey.answered) row.reply = dialogue.rows[*dialogue.answers[posts[*journey.answered]].own].id;
      if (journey.last) row.last = dialogue.rows[posts[*journey.last]].id;
      out.push_back(std::move(row));
    }
  }
  return out;
}

}  // namespace

store::ServiceFindings service_job(const Dialogue& dialogue, Timestamp now) {
  return store::ServiceFindings{.since = dialogue.since,
                                .waiting = find_waiting(dialogue, now),
                                .days = count_days(dialogue),
                                .journeys = find_journeys(dialogue, now)};
}

}  // namespace earshot::insight
