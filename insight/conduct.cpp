#include "insight/conduct.hpp"

#include <map>
#include <unordered_map>

#include "insight/promises.hpp"

namespace earshot::insight {
namespace {

constexpr std::chrono::hours canned_span{24 * 28};
constexpr std::int64_t canned_min = 3;
constexpr std::chrono::hours patience{24};

/// Uses of the same words in replies, the oldest forgotten after four weeks.
struct Uses {
  std::vector<std::size_t> replies;
};

}  // namespace

void judge_conduct(const Dialogue& dialogue, Timestamp now, store::PeopleFindings& out) {
  const auto to_whom = addressees(dialogue);
  std::map<Timestamp, store::ConductDay> days;
  std::unordered_map<std::uint64_t, Uses> by_words;
  // The reply after which each person may write again, by person and thread.
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> last_reply;
  const auto day_of = [&](std::size_t row) -> store::ConductDay& {
    const Timestamp at = std::chrono::floor<std::chrono::days>(dialogue.rows[row].created_at);
    auto& day = days[at];
    day.day_at = at;
    return day;
  };
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto& row = dialogue.rows[i];
    if (to_whom[i]) {
      auto& day = day_of(i);
      ++day.replies;
      last_reply[{dialogue.rows[*to_whom[i]].author_key, dialogue.threads[*to_whom[i]]}] = i;
      const auto words = dialogue.remarks[i].reply_words;
      if (words == 0) continue;
      auto& uses = by_words[words].replies;
      std::erase_if(uses, [&](std::size_t use) {
        return row.created_at - dialogue.rows[use].created_at > canned_span;
      });
      uses.push_back(i);
      if (std::ssize(uses) < canned_min) continue;
      ++day.canned;
      out.conduct.push_back({.kind = "canned",
                             .mention = row.id,
                             .about = dialogue.rows[uses.front()].id,
                             .times = std::ssize(uses)});
      continue;
    }
    if (is_own(row) || row.author_key == 0 || !wants_answer(row)) continue;
    const auto reply = last_reply.find({row.author_key, dialogue.threads[i]});
    if (reply == last_reply.end()) continue;
    const auto& answer = dialogue.answers[i];
    if (answer.own || answer.settled || now - row.created_at > patience) {
      auto& day = day_of(reply->second);
      ++day.followups;
      if (!answer.own && !answer.settled) {
        ++day.unanswered;
        out.conduct.push_back(
            {.kind = "unanswered", .mention = dialogue.rows[reply->second].id, .about = row.id});
      }
    }
    last_reply.erase(reply);  // one follow-up per reply
  }
  for (const auto& [at, day] : days) out.conduct_days.push_back(day);
}

}  // namespace earshot::insight
