#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/people/signs.hpp"
#include "core/base/clock.hpp"
#include "core/base/time_zone.hpp"

namespace earshot::analysis {

/// By when, as a sentence says it.
struct DueWords {
  enum class Kind : std::uint8_t {
    none,     ///< it names no time
    within,   ///< "within two hours"
    day,      ///< "today", "tomorrow before noon"
    weekday,  ///< "by Friday": the next one, today's if it is one
    week,     ///< "this week", "next week"
  } kind = Kind::none;
  int amount = 0;                  ///< minutes, days from today, weekday from Monday, weeks from this one
  std::optional<int> minute = {};  ///< of the day: "before noon"
  bool operator==(const DueWords&) const = default;
};

/// A commitment in one of the brand's own replies.
struct Promise {
  Span span = {};  ///< the sentence
  DueWords due = {};
  bool operator==(const Promise&) const = default;
};

/// The first commitment that names a time, else the first. What is asked ("may we call you?") or hangs on
/// the customer ("send us the number and we'll look") is none. Both are of one text.
std::optional<Promise> read_promise(Tokens tokens, std::span<const SignHit> hits);

/// Where no time is named, a promise is due after two days.
inline constexpr std::chrono::hours promise_default{48};

/// When what was said at `said_at` is due, by the wall clock of the brand's place: a day ends at midnight, a
/// week on Sunday at midnight.
Timestamp due_of(const DueWords& due, Timestamp said_at, const TimeZone& zone);

}  // namespace earshot::analysis
