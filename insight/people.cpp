#include "insight/people.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "insight/incident_detect.hpp"

namespace earshot::insight {
namespace {

using analysis::Sign;

std::vector<analysis::Utterance> utterances(const Dialogue& dialogue) {
  std::vector<analysis::Utterance> out;
  out.reserve(dialogue.rows.size());
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i) {
    const auto& row = dialogue.rows[i];
    const auto& v = row.verdict;
    const auto& remark = dialogue.remarks[i];
    const bool negative = v.polarity == Polarity::negative || (v.complaint && v.score < 0);
    const bool positive = v.polarity == Polarity::positive && !v.complaint;
    out.push_back({.at = row.created_at,
                   .post = row.post,
                   .parent = row.parent,
                   .thread = row.thread,
                   .author = row.author_key,
                   .own = is_own(row),
                   .negative = negative,
                   .takes_part = positive || (!negative && remark.has(Sign::correction)),
                   .asks = wants_answer(row) && (v.question || !v.complaint),
                   .thanks = !negative && v.has(Intent::thanks)});
  }
  return out;
}

std::vector<analysis::RolePost> role_posts(const Dialogue& dialogue, const std::vector<std::size_t>& posts,
                                           const std::unordered_set<std::size_t>& thanked) {
  std::vector<analysis::RolePost> out;
  for (const auto i : posts) {
    const auto& row = dialogue.rows[i];
    const auto& remark = dialogue.remarks[i];
    out.push_back({.article = row.article,
                   .claims_customer = remark.has(Sign::customer),
                   .claims_staff = remark.has(Sign::staff),
                   .advertises = remark.has(Sign::affiliate),
                   .thanked = thanked.contains(i),
                   .fingerprint = row.text_bytes >= echo_bytes ? row.fingerprint : 0});
  }
  return out;
}

}  // namespace

bool Person::is(analysis::Role role) const {
  return std::ranges::find(roles, role, &analysis::RoleFinding::role) != roles.end();
}

const Person* People::find(std::uint64_t author_key) const {
  const auto found = std::ranges::lower_bound(people, author_key, {}, &Person::author_key);
  return found == people.end() || found->author_key != author_key ? nullptr : &*found;
}

bool People::is_interested(std::uint64_t author_key) const {
  const auto* person = find(author_key);
  return person && person->interested;
}

People find_people(const Dialogue& dialogue, const TimeZone& zone, Timestamp now) {
  People out;
  const auto said = utterances(dialogue);
  out.peer_answers = analysis::find_peer_answers(said);
  std::unordered_set<std::size_t> thanked;
  for (const auto& answer : out.peer_answers) thanked.insert(answer.answer);
  std::map<std::uint64_t, std::vector<std::size_t>> authors;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i)
    if (dialogue.rows[i].author_key != 0 && !is_own(dialogue.rows[i]))
      authors[dialogue.rows[i].author_key].push_back(i);
  for (auto& [author, posts] : authors) {
    const auto& remark = dialogue.remarks[posts.back()];  // the name that they have today
    analysis::RoleAccount account{.name_says_staff = remark.name_says_staff,
                                  .name_says_bot = remark.name_says_bot};
    auto roles = analysis::find_roles(account, role_posts(dialogue, posts, thanked));
    const bool interested =
        std::ranges::any_of(roles, [](const auto& found) { return analysis::is_interested(found.role); });
    out.people.push_back({.author_key = author,
                          .posts = std::move(posts),
                          .roles = std::move(roles),
                          .interested = interested});
  }
  out.defences = analysis::find_defences(said);
  std::erase_if(out.defences, [&](const auto& defence) {
    return dialogue.rows[defence.reply].article || out.is_interested(dialogue.rows[defence.reply].author_key);
  });
  out.promises = find_promises(dialogue, zone, now);
  return out;
}

}  // namespace earshot::insight
