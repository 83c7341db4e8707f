#include "insight/promises.hpp"

#include <algorithm>
#include <unordered_map>

namespace earshot::insight {
namespace {

constexpr std::chrono::minutes same_answer{15};
/// A loop in hostile data ends here.
constexpr int parts_max = 16;

/// Row `later` settles what was promised to the author of `to`, and nothing before it did.
bool settles(const Dialogue& dialogue, const KeptWord& word, std::size_t later,
             const std::vector<std::optional<std::size_t>>& to_whom) {
  const auto& row = dialogue.rows[later];
  if (dialogue.threads[later] != dialogue.threads[word.to]) return false;
  if (is_own(row))
    return to_whom[later] && row.created_at - dialogue.rows[word.reply].created_at >= same_answer;
  const auto& v = row.verdict;
  if (v.polarity == Polarity::negative || v.complaint || v.question) return false;
  if (dialogue.remarks[later].has(analysis::Sign::settled)) return true;
  return row.created_at >= word.due_at && (v.has(Intent::thanks) || v.has(Intent::praise));
}

}  // namespace

std::string_view to_string(KeptWord::State state) {
  constexpr std::string_view names[] = {"open", "kept", "late", "missed"};
  return names[static_cast<std::size_t>(state)];
}

std::vector<std::optional<std::size_t>> addressees(const Dialogue& dialogue) {
  std::unordered_map<std::uint64_t, std::size_t> index;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i)
    if (dialogue.rows[i].post != 0) index.emplace(dialogue.rows[i].post, i);
  const auto find = [&](std::uint64_t post) -> std::optional<std::size_t> {
    const auto found = post == 0 ? index.end() : index.find(post);
    return found == index.end() ? std::nullopt : std::optional(found->second);
  };
  std::vector<std::optional<std::size_t>> out(dialogue.rows.size());
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    if (!is_own(dialogue.rows[i])) continue;
    auto parent = find(dialogue.rows[i].parent);
    for (int part = 0; parent && is_own(dialogue.rows[*parent]) && part < parts_max; ++part)
      parent = find(dialogue.rows[*parent].parent);
    if (parent && *parent < i && !is_own(dialogue.rows[*parent])) out[i] = parent;
  }
  return out;
}

std::vector<KeptWord> find_promises(const Dialogue& dialogue, const TimeZone& zone, Timestamp now) {
  const auto to_whom = addressees(dialogue);
  // What each person wrote, and what was written to them, in the order of time.
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> talk;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto author = to_whom[i] ? dialogue.rows[*to_whom[i]].author_key : dialogue.rows[i].author_key;
    if (author != 0 && (to_whom[i] || !is_own(dialogue.rows[i]))) talk[author].push_back(i);
  }
  std::vector<KeptWord> out;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto& promise = dialogue.remarks[i].promise;
    if (!promise || !to_whom[i]) continue;
    KeptWord word{.reply = i,
                  .to = *to_whom[i],
                  .due_at = analysis::due_of(promise->due, dialogue.rows[i].created_at, zone),
                  .named = promise->due.kind != analysis::DueWords::Kind::none};
    const auto& posts = talk[dialogue.rows[word.to].author_key];
    for (auto at = std::ranges::upper_bound(posts, i); at != posts.end() && !word.settled; ++at)
      if (settles(dialogue, word, *at, to_whom)) word.settled = *at;
    if (word.settled)
      word.state = dialogue.rows[*word.settled].created_at <= word.due_at ? KeptWord::State::kept
                                                                          : KeptWord::State::late;
    else if (now > word.due_at)
      word.state = KeptWord::State::missed;
    out.push_back(word);
  }
  return out;
}

}  // namespace earshot::insight
