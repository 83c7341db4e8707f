#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "analysis/people/stance.hpp"
#include "core/model/identity.hpp"
#include "insight/people.hpp"
#include "insight/service_queue.hpp"
#include "insight/stories.hpp"

namespace earshot::insight {
namespace {

using store::ContactRow;

constexpr double slow_share = 0.9;

/// Replies whose promise was broken, and the people to whom it was made.
struct Broken {
  std::unordered_set<std::size_t> replies;
  std::unordered_set<std::uint64_t> people;
};

Broken broken_promises(const Dialogue& dialogue, const People& people) {
  Broken out;
  for (const auto& word : people.promises) {
    if (word.state != KeptWord::State::missed) continue;
    out.replies.insert(word.reply);
    out.people.insert(dialogue.rows[word.to].author_key);
  }
  return out;
}

/// By when a post should be answered.
std::optional<Timestamp> due_of(const ContactRow& row, const ServiceTerms& terms) {
  const auto& target = answer_within(row.verdict, terms);
  return target ? terms.hours.after(row.created_at, *target) : std::nullopt;
}

std::vector<store::WaitingRow> find_waiting(const JobInput& input, const Dialogue& dialogue,
                                            const People& people) {
  const auto broken = broken_promises(dialogue, people);
  std::vector<const ContactRow*> posts;
  std::unordered_map<MentionId, Timestamp> due;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto& row = dialogue.rows[i];
    const auto& answer = dialogue.answers[i];
    if (!wants_answer(row) || answer.settled || input.now - row.created_at > waiting_max) continue;
    // An answer that promised more and brought nothing is none.
    if (answer.own && !broken.replies.contains(*answer.own)) continue;
    posts.push_back(&row);
    if (const auto at = due_of(row, input.terms)) due.emplace(row.id, *at);
  }
  auto out = queue_of(posts, broken.people);
  for (auto& row : out)
    if (const auto found = due.find(row.id); found != due.end()) row.due_at = found->second;
  return out;
}

/// The value within which `share` of the sorted values lie.
std::optional<std::int64_t> within(const std::vector<std::int64_t>& sorted, double share) {
  if (sorted.empty()) return std::nullopt;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5);
  return sorted[at];
}

std::vector<store::ResponseDay> count_days(const JobInput& input, const Dialogue& dialogue) {
  struct Day {
    store::ResponseDay row;
    std::vector<std::int64_t> seconds, open_seconds;
  };
  const auto& hours = input.terms.hours;
  const auto seconds_of = [](Milliseconds span) {
    return std::chrono::duration_cast<std::chrono::seconds>(span).count();
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
    const auto at = dialogue.answered_at(i);
    const auto due = due_of(row, input.terms);
    if (due && !dialogue.answers[i].settled && *due < at.value_or(input.now)) ++day.row.late;
    if (at) {
      ++day.row.answered;
      day.seconds.push_back(seconds_of(*at - row.created_at));
      if (!hours.always()) day.open_seconds.push_back(seconds_of(hours.between(row.created_at, *at)));
    } else if (dialogue.answers[i].settled) {
      ++day.row.settled;
    }
  }
  std::vector<store::ResponseDay> out;
  for (auto& [key, day] : days) {
    std::ranges::sort(day.seconds);
    day.row.median_s = within(day.seconds, 0.5);
    day.row.slow_s = within(day.seconds, slow_share);
    std::ranges::sort(day.open_seconds);
    day.row.open_median_s = within(day.open_seconds, 0.5);
    day.row.open_slow_s = within(day.open_seconds, slow_share);
    out.push_back(day.row);
  }
  return out;
}

}  // namespace

Result<store::ServiceFindings> service_job(const JobInput& input, const Dialogue& dialogue,
                                           const People& people,
                                           const std::vector<store::IncidentRow>& incidents) {
  auto journeys = find_journeys(input, dialogue, people, incidents);
  if (!journeys) return unexpected(journeys.error());
  return store::ServiceFindings{.since = dialogue.since,
                                .waiting = find_waiting(input, dialogue, people),
                                .days = count_days(input, dialogue),
                                .journeys = std::move(*journeys)};
}

}  // namespace earshot::insight
