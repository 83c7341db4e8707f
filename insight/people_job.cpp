// Where people stand, what they did for the brand or against it, and whether it kept its word to them.
#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "analysis/people/ladder.hpp"
#include "insight/conduct.hpp"
#include "insight/people.hpp"
#include "insight/praise_queue.hpp"

namespace earshot::insight {
namespace {

using analysis::Sign;
using analysis::Stance;

constexpr double happy_min = 0.2;

/// Reads what the dialogue's rows show, and collects the findings.
class PeopleJob {
 public:
  PeopleJob(const JobInput& input, const Dialogue& dialogue, const People& people)
      : input_(input), dialogue_(dialogue), people_(people) {
    out_.since = dialogue.since;
    for (const auto& defence : people.defences) defences_.insert(defence.reply);
    for (std::size_t i = 0; i < dialogue.rows.size(); ++i)
      if (dialogue.rows[i].post != 0) by_post_.emplace(dialogue.rows[i].post, i);
  }

  Result<store::PeopleFindings> run() {
    auto before = input_.reader.people().last_steps(input_.brand, dialogue_.since);
    if (!before) return unexpected(before.error());
    for (const auto& step : *before) started_.emplace(step.author_key, step);
    for (const auto& person : people_.people) tell(person);
    for (const auto& defence : people_.defences)
      out_.defences.push_back({.mention = id(defence.reply),
                               .target = id(defence.target),
                               .author_key = dialogue_.rows[defence.reply].author_key});
    std::set<std::size_t> answered;
    for (const auto& answer : people_.peer_answers)
      if (answered.insert(answer.answer).second)
        out_.events.push_back({.kind = "peer_answer",
                               .mention = id(answer.answer),
                               .author_key = dialogue_.rows[answer.answer].author_key,
                               .about = id(answer.question),
                               .thanks = id(answer.thanks)});
    tell_promises();
    out_.praise = praise_queue(dialogue_, people_, stances_, input_.now);
    judge_conduct(dialogue_, input_.now, out_);
    return std::move(out_);
  }

 private:
  MentionId id(std::size_t row) const { return dialogue_.rows[row].id; }

  analysis::Shown shown(std::size_t i) const {
    const auto& row = dialogue_.rows[i];
    const auto& v = row.verdict;
    if (defences_.contains(i)) return analysis::Shown::defence;
    if (v.polarity == Polarity::negative || (v.complaint && v.polarity != Polarity::positive && v.score < 0))
      return analysis::Shown::unhappy;
    const bool happy = v.polarity == Polarity::positive && v.score >= happy_min && is_praise(row);
    return happy ? analysis::Shown::happy : analysis::Shown::nothing;
  }

  bool is_referral(std::size_t i) const {
    const auto& v = dialogue_.rows[i].verdict;
    if (v.polarity != Polarity::positive || v.complaint || v.question) return false;
    return dialogue_.remarks[i].has(Sign::referral) || v.has(Intent::recommendation);
  }

  void tell(const Person& person) {
    store::PersonRow row{.author_key = person.author_key, .stance = std::string(to_string(Stance::unknown))};
    for (const auto& role : person.roles)
      out_.roles.push_back({.author_key = person.author_key,
                            .role = std::string(to_string(role.role)),
                            .reason = std::string(role.reason),
                            .mention = id(person.posts[role.evidence])});
    std::vector<analysis::LadderEvent> events;
    for (const auto i : person.posts) {
      const auto what = shown(i);
      events.push_back({.at = dialogue_.rows[i].created_at, .shown = what});
      ++row.mentions;
      row.praises += what == analysis::Shown::happy;
      row.defences += what == analysis::Shown::defence;
      row.reach = std::max(row.reach, dialogue_.rows[i].reach);
      if (!person.interested && !dialogue_.rows[i].article) {
        row.referrals += is_referral(i);
        tell_events(i);
      }
    }
    row.last_at = dialogue_.rows[person.posts.back()].created_at;
    row.last_mention = id(person.posts.back());
    if (!person.interested) stand(person, events, row);
    out_.people.push_back(std::move(row));
  }

  void stand(const Person& person, const std::vector<analysis::LadderEvent>& events, store::PersonRow& row) {
    const auto earlier = started_.find(person.author_key);
    auto stance = Stance::unknown;
    std::optional<MentionId> shown_before;
    if (earlier != started_.end()) {
      stance = analysis::stance_from(earlier->second.to).value_or(Stance::unknown);
      shown_before = earlier->second.after;
      row.stance_at = earlier->second.at;
    }
    const auto mention = [&](const std::optional<std::size_t>& event) {
      return event ? std::optional(id(person.posts[*event])) : std::nullopt;
    };
    const analysis::LadderStart start{.stance = stance, .at = row.stance_at};
    for (const auto& step : analysis::climb(events, start, input_.now)) {
      out_.steps.push_back({.at = step.at,
                            .author_key = person.author_key,
                            .from = std::string(to_string(step.from)),
                            .to = std::string(to_string(step.to)),
                            .before = step.before ? mention(step.before) : shown_before,
                            .after = mention(step.after)});
      stance = step.to;
      row.stance_at = step.at;
    }
    row.stance = std::string(to_string(stance));
    stances_.emplace(person.author_key, stance);
  }

  void tell_events(std::size_t i) {
    const auto& v = dialogue_.rows[i].verdict;
    const auto& remark = dialogue_.remarks[i];
    const auto tell_one = [&](const char* kind, const analysis::SignHit* hit) {
      const auto parent = by_post_.find(dialogue_.rows[i].parent);
      const bool known = dialogue_.rows[i].parent != 0 && parent != by_post_.end();
      out_.events.push_back({.kind = kind,
                             .mention = id(i),
                             .author_key = dialogue_.rows[i].author_key,
                             .about = known ? std::optional(id(parent->second)) : std::nullopt,
                             .span = hit ? std::optional(hit->span) : std::nullopt,
                             .reason = remark.reason});
    };
    if (is_referral(i)) tell_one("referral", remark.find(Sign::referral));
    if (v.has(Intent::purchase_intent)) tell_one("purchase_intent", nullptr);
    if (v.has(Intent::churn_threat)) tell_one("churn_threat", nullptr);
    // Who comes from a competitor is glad of it or says nothing; who goes to one is not glad of the brand.
    if (const auto* hit = remark.find(Sign::switched_from); hit && v.polarity != Polarity::negative)
      tell_one("switched_from", hit);
    if (const auto* hit = remark.find(Sign::switched_to); hit && v.polarity != Polarity::positive)
      tell_one("switched_to", hit);
  }

  void tell_promises() {
    for (const auto& word : people_.promises) {
      store::PromiseRow row{.mention = id(word.reply),
                            .to = id(word.to),
                            .author_key = dialogue_.rows[word.to].author_key,
                            .due_at = word.due_at,
                            .named = word.named,
                            .state = std::string(to_string(word.state)),
                            .span = dialogue_.remarks[word.reply].promise->span};
      if (word.settled) {
        row.settled = id(*word.settled);
        row.settled_at = dialogue_.rows[*word.settled].created_at;
      }
      out_.promises.push_back(std::move(row));
    }
  }

  const JobInput& input_;
  const Dialogue& dialogue_;
  const People& people_;
  store::PeopleFindings out_;
  std::unordered_set<std::size_t> defences_;
  std::unordered_map<std::uint64_t, std::size_t> by_post_;
  std::unordered_map<std::uint64_t, store::StanceStepRow> started_;
  std::unordered_map<std::uint64_t, Stance> stances_;
};

}  // namespace

Result<store::PeopleFindings> people_job(const JobInput& input, const Dialogue& dialogue,
                                         const People& people) {
  return PeopleJob(input, dialogue, people).run();
}

}  // namespace earshot::insight
