#include "analysis/people/stance.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace earshot::analysis {
namespace {

constexpr std::array<std::pair<Outcome, std::string_view>, 7> names{
    {{Outcome::open, "open"},
     {Outcome::unanswered, "unanswered"},
     {Outcome::silent, "silent"},
     {Outcome::angry, "angry"},
     {Outcome::converted, "converted"},
     {Outcome::converted_alone, "converted_alone"},
     {Outcome::relieved, "relieved"}}};

/// The stance of one author, and the story that is being told.
class Follower {
 public:
  Follower(std::span<const StanceEvent> events, const StanceRules& rules, const SameMatter& same_matter)
      : events_(events), rules_(rules), same_matter_(same_matter) {}

  void take(std::size_t i) {
    const auto& event = events_[i];
    if (story_ && event.at - last_heard() > rules_.story_max) end(event.at);
    if (is_unhappy(event)) {
      rant(i);
      return;
    }
    if (event.polarity != Polarity::positive) return;
    if (story_ && relieves(event)) {
      story_->last = i;
      close(Outcome::relieved);
      return;
    }
    const bool praises = event.praise && event.score >= rules_.happy_min;
    if (!story_) {
      raver_ = raver_ || praises;
      return;
    }
    // Thanks to the one who answered are politeness, unless they say that all is well.
    if (event.to_brand && event.thanks && !event.settled) return;
    const bool same = same_matter_ && same_matter_(i, rants_);
    if (same_matter_ ? same && glad(event) : praises) happy(i);
  }

  /// Nothing more is known until `now`.
  std::vector<Journey> finish(Timestamp now) {
    if (story_) end(now);
    return std::move(journeys_);
  }

 private:
  /// When author or brand last said something in this story.
  Timestamp last_heard() const { return answered_at_ ? std::max(*answered_at_, last_rant_) : last_rant_; }
  bool answered_before(Timestamp at) const { return answered_at_ && *answered_at_ <= at; }
  bool glad(const StanceEvent& event) const {
    return event.praise ? event.score >= rules_.happy_same_matter_min : event.score >= rules_.delighted_min;
  }
  /// What was settled for everybody converts nobody: the trouble ended, and its reporters say so.
  bool relieves(const StanceEvent& event) const {
    const auto& rant = events_[story_->answered.value_or(rants_.back())];
    return rant.common && (event.thanks || event.settled || (event.issues & rant.issues) != 0);
  }

  void rant(std::size_t i) {
    const auto& event = events_[i];
    if (!story_) {
      story_ = Journey{.rant = i, .fallen = std::exchange(raver_, false)};
      answered_at_.reset();
      rants_.clear();
    } else if (answered_before(event.at)) {
      story_->last = i;
    }
    rants_.push_back(i);
    last_rant_ = event.at;
    if (event.answered_at && (!answered_at_ || *event.answered_at < *answered_at_)) {
      answered_at_ = event.answered_at;
      story_->answered = i;
    }
  }

  void happy(std::size_t i) {
    const auto& event = events_[i];
    const bool answered = answered_before(event.at);
    if (answered && event.at - *answered_at_ < rules_.gap_min) return;  // politeness within the thread
    story_->last = i;
    if (!answered) story_->answered.reset();
    close(answered ? Outcome::converted : Outcome::converted_alone);
    raver_ = true;
  }

  void close(Outcome outcome) {
    story_->outcome = outcome;
    journeys_.push_back(*std::exchange(story_, std::nullopt));
  }

  void end(Timestamp now) {
    if (answered_at_ && story_->last)
      story_->outcome = Outcome::angry;
    else if (now - last_heard() >= rules_.silence_min)
      story_->outcome = answered_at_ ? Outcome::silent : Outcome::unanswered;
    journeys_.push_back(*std::exchange(story_, std::nullopt));
  }

  std::span<const StanceEvent> events_;
  const StanceRules& rules_;
  const SameMatter& same_matter_;
  std::vector<std::size_t> rants_;  ///< of the story
  std::vector<Journey> journeys_;
  std::optional<Journey> story_;
  std::optional<Timestamp> answered_at_;
  Timestamp last_rant_ = {};
  bool raver_ = false;
};

}  // namespace

std::string_view to_string(Outcome outcome) { return names[static_cast<std::size_t>(outcome)].second; }

std::optional<Outcome> outcome_from(std::string_view name) {
  for (const auto& [outcome, text] : names)
    if (text == name) return outcome;
  return std::nullopt;
}

bool is_unhappy(const StanceEvent& event) {
  return event.polarity == Polarity::negative ||
         (event.complaint && event.polarity != Polarity::positive && event.score < 0);
}

std::vector<Journey> follow_stance(std::span<const StanceEvent> events, Timestamp now,
                                   const StanceRules& rules, const SameMatter& same_matter) {
  Follower follower(events, rules, same_matter);
  for (std::size_t i = 0; i < events.size(); ++i) follower.take(i);
  return follower.finish(now);
}

}  // namespace earshot::analysis
