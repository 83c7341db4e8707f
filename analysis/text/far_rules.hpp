#pragma once
#include <array>
#include <cstdint>

#include "analysis/text/reading.hpp"
#include "analysis/text/rules.hpp"

/// Rules that look further than at the words before: at a sentence, at quotes, at the whole text. The reader
/// calls them only where it has seen what they are about.
namespace earshot::analysis {

/// Within a sentence, what stands before its last contrast counts less and what follows counts more.
void weigh_contrast(const RuleStrengths& rules, Reading& reading);
/// Multiplies the valence of courtesies.
void weigh_courtesy(float factor, Reading& reading);
/// Multiplies all valences above zero.
void weigh_praise(float factor, Reading& reading);
/// "Thanks for losing my bag": praise from a mocking phrase up to a mishap at most `reach` words behind it is
/// turned, as a negator would.
void turn_mocked(std::size_t reach, Reading& reading);

/// Which units stand between quotation marks. More than four quotes are not looked at.
class Quotes {
 public:
  /// `unit` is the one that the mark stands before, `glued` says that no separating mark stands before it.
  void mark(std::uint32_t unit, bool glued, const Token& token) {
    if (open_ == none) {
      if (!glued || token.has(after_space)) open_ = unit;
      return;
    }
    if (count_ < quotes_.size() && unit - open_ >= rules::quoted_words_min) quotes_[count_++] = {open_, unit};
    open_ = none;
  }
  /// A text that is one quote speaks for itself.
  void finish(std::size_t units) {
    std::size_t quoted = 0;
    for (std::size_t i = 0; i < count_; ++i) quoted += quotes_[i].end - quotes_[i].begin;
    if (units - quoted < rules::quoted_words_min) count_ = 0;
  }
  bool hold(std::uint32_t unit) const {
    for (std::size_t i = 0; i < count_; ++i)
      if (unit >= quotes_[i].begin && unit < quotes_[i].end) return true;
    return false;
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Units {
    std::uint32_t begin, end;
  };
  std::array<Units, 4> quotes_;  ///< only the first `count_`
  std::size_t count_ = 0;
  std::uint32_t open_ = none;
};

}  // namespace earshot::analysis
