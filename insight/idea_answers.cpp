#include "insight/idea_answers.hpp"

#include <algorithm>
#include <tuple>

namespace earshot::insight {
namespace {

constexpr std::int64_t answer_bytes_min = 40;

bool gives_thanks(const store::ContactRow& row) {
  const auto& v = row.verdict;
  return v.has(Intent::thanks) || v.has(Intent::praise) || v.polarity == Polarity::positive;
}

}  // namespace

IdeaAnswers::IdeaAnswers(const Dialogue& dialogue) : dialogue_(dialogue) {
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto& row = dialogue.rows[i];
    row_of_.emplace(row.id, i);
    if (row.parent != 0) replies_to_.emplace(row.parent, i);
  }
}

void IdeaAnswers::collect(std::size_t question, std::map<std::size_t, Found>& out) const {
  const auto& rows = dialogue_.rows;
  const auto& asked = rows[question];
  const auto add = [&](std::size_t row, bool own, std::int64_t thanked) {
    if (rows[row].text_bytes < answer_bytes_min) return;
    auto& found = out.emplace(row, Found{.row = row, .own = own}).first->second;
    found.thanked += thanked;
  };
  const auto thanks_for = [&](std::size_t reply) {
    const auto [from, to] = replies_to_.equal_range(rows[reply].post);
    return std::any_of(from, to, [&](const auto& entry) {
      const auto& row = rows[entry.second];
      return row.author_key == asked.author_key && asked.author_key != 0 && gives_thanks(row);
    });
  };
  if (const auto own = dialogue_.answers[question].own) add(*own, true, thanks_for(*own) ? 1 : 0);
  if (asked.post == 0) return;
  const auto [from, to] = replies_to_.equal_range(asked.post);
  for (auto entry = from; entry != to; ++entry) {
    const auto& reply = rows[entry->second];
    if (is_own(reply) || (reply.author_key == asked.author_key && asked.author_key != 0)) continue;
    if (thanks_for(entry->second)) add(entry->second, false, 1);
  }
}

std::vector<store::IdeaAnswer> IdeaAnswers::ranked(std::span<const MentionId> questions) const {
  std::map<std::size_t, Found> found;
  for (const auto id : questions)
    if (const auto at = row_of_.find(id); at != row_of_.end()) collect(at->second, found);
  std::map<std::uint64_t, std::int64_t> same;
  for (const auto& [row, answer] : found) ++same[dialogue_.rows[row].fingerprint];
  const auto rank = [&](const Found& answer) {
    const auto& row = dialogue_.rows[answer.row];
    const auto agreeing = row.fingerprint == 0 ? 1 : same[row.fingerprint];
    return std::tuple(answer.own, answer.own ? agreeing : answer.thanked, row.created_at, row.id);
  };
  std::vector<Found> order;
  for (const auto& [row, answer] : found) order.push_back(answer);
  std::ranges::sort(order, [&](const Found& a, const Found& b) { return rank(a) > rank(b); });
  std::vector<store::IdeaAnswer> out;
  for (const auto& answer : order)
    out.push_back({.mention = dialogue_.rows[answer.row].id, .own = answer.own, .thanked = answer.thanked});
  return out;
}

std::optional<store::IdeaAnswer> IdeaAnswers::best(std::span<const MentionId> questions) const {
  const auto all = ranked(questions);
  return all.empty() ? std::nullopt : std::optional(all.front());
}

}  // namespace earshot::insight
