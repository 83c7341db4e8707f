#include "insight/idea_effect.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/time_format.hpp"

namespace earshot::insight {
namespace {

using std::chrono::days;

constexpr days before_max{28}, after_max{56}, last_week{7};
constexpr std::int64_t asked_min = 5;
constexpr double weeks_min = 4;

Timestamp day_of(Timestamp at) { return std::chrono::floor<days>(at); }

std::int64_t asked_in(const store::IdeaRow& row, Timestamp since, Timestamp until) {
  std::int64_t sum = 0;
  for (const auto& [day, asked] : row.asked_days)
    if (day >= since && day < until) sum += asked;
  return sum;
}

double weeks_in(Timestamp since, Timestamp until) {
  return std::max(0.0, std::chrono::duration<double>(until - since).count() / (7 * 86'400.0));
}

std::string number(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.1f", value);
  return out;
}

/// "-70 %", "+20 %", "no bound".
std::string change(double ratio) {
  if (std::isinf(ratio)) return "no upper bound";
  char out[32];
  std::snprintf(out, sizeof out, "%+.0f %%", (ratio - 1) * 100);
  return out;
}

std::string verdict_of(const IdeaEffect& effect) {
  if (effect.weeks_after * 7 < static_cast<double>(effect_days_min.count()) || effect.weeks_before < 1 ||
      effect.asked_before + effect.asked_after < asked_min)
    return "too early";
  if (effect.ratio.high < 1) return "fell";
  return effect.ratio.low > 1 ? "rose" : "no change yet";
}

}  // namespace

std::optional<IdeaEffect> effect_of(const store::IdeaRow& row) {
  if (row.state != "published" || !row.published_at) return std::nullopt;
  IdeaEffect out{.published_at = *row.published_at};
  const auto published = day_of(*row.published_at);
  const auto first = row.asked_days.empty() ? published : row.asked_days.front().first;
  const auto end = row.asked_days.empty() ? published : row.asked_days.back().first + days(1);
  const Timestamp since = std::max(first, published - before_max);
  const Timestamp until = std::min(end, published + after_max);
  out.weeks_before = weeks_in(since, std::min(published, end));
  out.weeks_after = weeks_in(published, until);
  out.asked_before = asked_in(row, since, published);
  out.asked_after = asked_in(row, published, until);
  if (out.weeks_before > 0 && out.weeks_after > 0)
    out.ratio = analysis::rate_ratio(out.asked_before, out.weeks_before, out.asked_after, out.weeks_after);
  out.verdict = verdict_of(out);
  const auto rate = [](std::int64_t asked, double weeks) {
    return weeks > 0 ? number(static_cast<double>(asked) / weeks) : std::string("0");
  };
  out.sentence = "Published " + format_rfc3339(out.published_at).substr(0, 10) + ": asked " +
                 rate(out.asked_before, out.weeks_before) + " times a week before, " +
                 rate(out.asked_after, out.weeks_after) + " after";
  if (out.verdict == "too early")
    out.sentence += "; too early to say";
  else
    out.sentence += " (" + change(out.ratio.value) + ", 95 % interval " + change(out.ratio.low) + " to " +
                    change(out.ratio.high) + "): " + out.verdict;
  return out;
}

IdeaMove move_of(const store::IdeaRow& row) {
  IdeaMove out;
  if (row.asked_days.empty()) return out;
  const auto end = row.asked_days.back().first + days(1);
  const auto since = std::max(row.asked_days.front().first, Timestamp(end - last_week - after_max));
  out.week = asked_in(row, end - last_week, end);
  out.before = asked_in(row, since, end - last_week);
  out.weeks_before = weeks_in(since, end - last_week);
  if (out.weeks_before < weeks_min) return out;
  out.ratio = analysis::rate_ratio(out.before, out.weeks_before, out.week, 1, analysis::z99);
  const bool often = static_cast<double>(out.before) / out.weeks_before >= static_cast<double>(asked_min);
  if (out.ratio.low > 1 && out.week >= asked_min) out.direction = "rising";
  if (out.ratio.high < 1 && often) out.direction = "falling";
  return out;
}

}  // namespace earshot::insight
