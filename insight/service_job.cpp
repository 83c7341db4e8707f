#include <algorithm>
#include <map>

#include "analysis/people/dialogue.hpp"
#include "analysis/people/stance.hpp"
#include "insight/history.hpp"
#include "insight/service_queue.hpp"

namespace earshot::insight {
namespace {

using analysis::Answer;
using store::ContactRow;

constexpr std::size_t contacts_max = 200'000;  ///< newest first; following them takes well under a second
constexpr double slow_share = 0.9;

bool is_own(const ContactRow& row) { return row.verdict.match == MatchKind::own; }

/// Somebody should answer it: also the question that is put to everybody, which the brand can answer best.
bool wants_answer(const ContactRow& row) {
  const auto& v = row.verdict;
  return !is_own(row) && !row.article &&
         (v.complaint || v.question || v.has(Intent::request) || v.has(Intent::churn_threat));
}

bool is_thankful(const ContactRow& row) {
  const auto& v = row.verdict;
  return v.polarity == Polarity::positive || v.has(Intent::thanks) || v.has(Intent::praise);
}

bool is_praise(const store::VerdictRow& verdict) {
  return verdict.has(Intent::praise) || verdict.has(Intent::recommendation) || verdict.has(IssueType::praise);
}

/// Everything the job knows: contacts in the order of their times, and how each was settled.
struct Dialogue {
  std::vector<ContactRow> rows;
  std::vector<Answer> answers;

  std::optional<Timestamp> answered_at(std::size_t i) const {
    return answers[i].own ? std::optional(rows[*answers[i].own].created_at) : std::nullopt;
  }
};

Result<Dialogue> read_dialogue(const JobInput& input, Timestamp since) {
  const store::HistoryPage page{.brand = input.brand, .since = since, .until = input.now};
  auto rows =
      read_back<ContactRow>(page, contacts_max, [&](const auto& p) { return input.reader.contacts(p); });
  if (!rows) return unexpected(rows.error());
  Dialogue out{.rows = std::move(*rows), .answers = {}};
  std::ranges::stable_sort(out.rows, {}, &ContactRow::created_at);
  std::vector<analysis::Contact> contacts;
  contacts.reserve(out.rows.size());
  for (const auto& row : out.rows)
    contacts.push_back({.at = row.created_at,
                        .post = row.post,
                        .parent = row.parent,
                        .thread = row.thread,
                        .author = row.author_key,
                        .own = is_own(row),
                        .wants = wants_answer(row),
                        .thankful = is_thankful(row)});
  out.answers = analysis::find_answers(contacts);
  return out;
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

Result<store::ServiceFindings> service_job(const JobInput& input) {
  const Timestamp since = std::chrono::floor<std::chrono::days>(input.now - history_span);
  auto dialogue = read_dialogue(input, since);
  if (!dialogue) return unexpected(dialogue.error());
  return store::ServiceFindings{.since = since,
                                .waiting = find_waiting(*dialogue, input.now),
                                .days = count_days(*dialogue),
                                .journeys = find_journeys(*dialogue, input.now)};
}

}  // namespace earshot::insight
