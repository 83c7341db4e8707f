#include "insight/service_queue.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "core/base/json_writer.hpp"
#include "insight/incident_detect.hpp"

namespace earshot::insight {
namespace {

// A hundred points to give. What is at stake for the writer weighs most; reach alone makes nobody urgent.
constexpr double urgency_points = 25, severity_points = 25, reach_points = 20;
constexpr int complaint_points = 10, question_points = 5, leaving_points = 15, danger_points = 15,
              repeat_points = 5, repeats_max = 3, echo_points = 10, promise_points = 15;
/// Copies at which the points for them are all given.
constexpr double echoes_full = 100;
/// Followers at which the points for reach are all given.
constexpr double reach_full = 100'000;
/// Urgency from which a post's target is that of high, of medium urgency.
constexpr double urgency_high = 0.5, urgency_medium = 0.25;

bool is_danger(const store::VerdictRow& verdict) {
  return verdict.has(IssueType::safety) || verdict.has(IssueType::security) ||
         verdict.has(IssueType::privacy);
}

int rounded(double points) { return static_cast<int>(std::lround(points)); }

}  // namespace

store::WaitingRow prioritise(const Unanswered& post) {
  const auto& verdict = post.row->verdict;
  const double reach = static_cast<double>(std::max<std::int64_t>(0, post.row->reach));
  const std::pair<const char*, int> parts[] = {
      {"urgency", rounded(verdict.urgency * urgency_points)},
      {"severity", rounded(verdict.severity * severity_points)},
      {"complaint", verdict.complaint ? complaint_points : 0},
      {"question", verdict.question && !verdict.complaint ? question_points : 0},
      {"churn_threat", verdict.has(Intent::churn_threat) ? leaving_points : 0},
      {"danger", is_danger(verdict) ? danger_points : 0},
      {"promise_missed", post.promised ? promise_points : 0},
      {"repeat", std::min(post.earlier, repeats_max) * repeat_points},
      {"echoes",
       rounded(std::min(1.0, std::log10(1 + post.echoes) / std::log10(1 + echoes_full)) * echo_points)},
      {"reach", rounded(std::min(1.0, std::log10(1 + reach) / std::log10(1 + reach_full)) * reach_points)},
  };
  store::WaitingRow out{.id = post.row->id,
                        .at_risk = verdict.complaint || verdict.has(Intent::churn_threat)};
  JsonWriter reasons;
  reasons.begin_object();
  for (const auto& [name, points] : parts) {
    if (points == 0) continue;
    out.priority += points;
    reasons.field(name, points);
  }
  out.priority = std::min(out.priority, 100);
  out.reasons = reasons.end_object().str();
  return out;
}

const std::optional<Milliseconds>& answer_within(const store::VerdictRow& verdict,
                                                 const ServiceTerms& terms) {
  if (verdict.urgency >= urgency_high || is_danger(verdict)) return terms.answer_high;
  return verdict.urgency >= urgency_medium ? terms.answer_medium : terms.answer_low;
}

std::vector<store::WaitingRow> queue_of(std::span<const store::ContactRow* const> posts,
                                        const std::unordered_set<std::uint64_t>& promised) {
  std::map<std::uint64_t, Unanswered> people;
  std::deque<Unanswered> unknown;                   // who has no name is somebody else every time
  std::map<std::uint64_t, Unanswered*> first_said;  // by the words of a long text
  for (const auto* post : posts) {
    const bool long_enough = post->fingerprint != 0 && post->text_bytes >= echo_bytes;
    const auto said = long_enough ? first_said.find(post->fingerprint) : first_said.end();
    if (said != first_said.end() && said->second->row->author_key != post->author_key) {
      ++said->second->echoes;
      continue;
    }
    auto& person = post->author_key == 0 ? unknown.emplace_back() : people[post->author_key];
    if (person.row) ++person.earlier;
    person.row = post;
    person.promised = post->author_key != 0 && promised.contains(post->author_key);
    if (long_enough) first_said.emplace(post->fingerprint, &person);
  }
  std::vector<store::WaitingRow> out;
  for (const auto& [author, post] : people) out.push_back(prioritise(post));
  for (const auto& post : unknown) out.push_back(prioritise(post));
  std::ranges::sort(out, [](const auto& a, const auto& b) {
    return std::pair(-a.priority, a.id) < std::pair(-b.priority, b.id);
  });
  return out;
}

}  // namespace earshot::insight
