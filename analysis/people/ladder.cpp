#include "analysis/people/ladder.hpp"

#include <algorithm>
#include <array>
#include <deque>

namespace earshot::analysis {
namespace {

constexpr std::array<std::string_view, stance_count> stance_names{"unknown", "neutral",  "ranter",
                                                                  "raver",   "advocate", "defender"};

class Climber {
 public:
  Climber(std::span<const LadderEvent> events, const LadderStart& start, const LadderRules& rules)
      : events_(events), rules_(rules), stance_(start.stance), last_support_(start.at) {}

  void take(std::size_t i) {
    const auto& event = events_[i];
    fall_silent(event.at);
    switch (event.shown) {
      case Shown::nothing:
        if (stance_ == Stance::unknown) move(Stance::neutral, event.at, i);
        return;  // says nothing of where they stand
      case Shown::unhappy:
        praises_.clear();
        move(Stance::ranter, event.at, i);
        break;
      case Shown::happy:
      case Shown::defence: support(i); break;
    }
    shown_ = i;
  }

  std::vector<LadderStep> finish(Timestamp now) {
    fall_silent(now);
    return std::move(steps_);
  }

 private:
  bool is_supporter() const { return stance_ == Stance::advocate || stance_ == Stance::defender; }

  void support(std::size_t i) {
    const auto& event = events_[i];
    praises_.push_back(i);
    while (event.at - events_[praises_.front()].at > rules_.praise_max) praises_.pop_front();
    if (event.shown == Shown::defence) {
      move(Stance::defender, event.at, i);
    } else if (stance_ != Stance::defender) {
      const bool often = std::ssize(praises_) >= rules_.praises_min;
      const bool long_enough = event.at - events_[praises_.front()].at >= rules_.span_min;
      if (stance_ != Stance::advocate)
        move(often && long_enough ? Stance::advocate : Stance::raver, event.at, i);
    }
    last_support_ = event.at;
  }

  void fall_silent(Timestamp now) {
    if (!is_supporter() || !last_support_ || now - *last_support_ <= rules_.silent_max) return;
    LadderStep step{.at = *last_support_ + rules_.silent_max, .from = stance_, .to = Stance::raver};
    if (!praises_.empty()) {
      step.before = praises_.front();
      step.after = praises_.back();
    }
    steps_.push_back(step);
    stance_ = Stance::raver;
    praises_.clear();
  }

  void move(Stance to, Timestamp at, std::size_t i) {
    if (to == stance_) return;
    steps_.push_back({.at = at, .from = stance_, .to = to, .before = shown_, .after = i});
    stance_ = to;
    shown_ = i;
  }

  std::span<const LadderEvent> events_;
  const LadderRules& rules_;
  Stance stance_;
  std::optional<Timestamp> last_support_;
  std::optional<std::size_t> shown_;  ///< the post that last showed the stance
  std::deque<std::size_t> praises_;   ///< happy posts and defences since the last unhappy one
  std::vector<LadderStep> steps_;
};

}  // namespace

std::string_view to_string(Stance stance) { return stance_names[static_cast<std::size_t>(stance)]; }

std::optional<Stance> stance_from(std::string_view name) {
  const auto found = std::ranges::find(stance_names, name);
  if (found == stance_names.end()) return std::nullopt;
  return static_cast<Stance>(found - stance_names.begin());
}

std::vector<LadderStep> climb(std::span<const LadderEvent> events, const LadderStart& start, Timestamp now,
                              const LadderRules& rules) {
  Climber climber(events, start, rules);
  for (std::size_t i = 0; i < events.size(); ++i) climber.take(i);
  return climber.finish(now);
}

}  // namespace earshot::analysis
