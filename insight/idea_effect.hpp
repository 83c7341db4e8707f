#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "analysis/series/proportion.hpp"
#include "store/rows.hpp"

/// Whether an answer that was published made a question rarer, and which questions grow. Pure.
namespace earshot::insight {

/// Before that there is no verdict on an answer.
inline constexpr std::chrono::days effect_days_min{14};

/// How often a question was asked before and after its answer was published.
struct IdeaEffect {
  Timestamp published_at = {};
  std::int64_t asked_before = 0, asked_after = 0;
  double weeks_before = 0, weeks_after = 0;  ///< at most four before, eight after
  analysis::Interval ratio = {};             ///< of the rates, after ÷ before
  std::string verdict = {};                  ///< fell, rose, no change yet, too early
  std::string sentence = {};                 ///< all of it in words
};

/// Nothing when it is not published. "Too early" for two weeks, or while fewer than five questions were asked
/// before and after together; "fell" and "rose" when the ratio's interval leaves out 1. Days count as far as
/// the jobs looked.
std::optional<IdeaEffect> effect_of(const store::IdeaRow& row);

/// How often it was asked in the last seven days against the eight weeks before.
struct IdeaMove {
  std::int64_t week = 0, before = 0;
  double weeks_before = 0;        ///< up to eight, as many as are known
  analysis::Interval ratio = {};  ///< of the rates, with a 99 % interval: many questions are tried
  std::string direction = {};     ///< rising, falling; empty: neither
};

/// Rising needs five questions in the week, falling a usual five a week; four weeks at least must be known.
IdeaMove move_of(const store::IdeaRow& row);

}  // namespace earshot::insight
