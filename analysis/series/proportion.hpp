#pragma once
#include <cstdint>
#include <optional>

/// How sure a share, a change of a share, and a change of a rate are. Pure arithmetic on counts.
namespace earshot::analysis {

/// z of a two-sided interval that holds the truth 95 and 99 times in a hundred.
inline constexpr double z95 = 1.959964, z99 = 2.575829;

struct Interval {
  double value = 0, low = 0, high = 0;
  bool operator==(const Interval&) const = default;
};

/// `part` of `whole`, with Wilson's interval: it stays within 0 … 1 and is right for small counts, where the
/// usual one is not. Without a whole nothing is known: 0, from 0 to 1. Needs 0 ≤ part ≤ whole.
Interval proportion(std::int64_t part, std::int64_t whole, double z = z95);

/// The same, but nothing of nothing.
std::optional<Interval> share(std::int64_t part, std::int64_t whole);

/// Net sentiment (positive − negative) / (positive + neutral + negative) ± 1.96 standard errors, each mention
/// taken as independent of the others; cut to −1 … 1. Nothing when nothing was scored.
std::optional<Interval> net_share(std::int64_t positive, std::int64_t neutral, std::int64_t negative);

/// Share after minus share before, with Newcombe's interval (his method 10), which is made of the two Wilson
/// intervals.
Interval difference(const Interval& before, const Interval& after);

/// Rate after ÷ rate before, of events counted over stretches of time (in any one unit, above 0). Given how
/// many there were together, the later ones are a binomial share of them; Wilson's interval of that share
/// becomes the ratio's. Without an event before, `high` is infinite; without any, so is all that is known: 1,
/// from 0 to infinity.
Interval rate_ratio(std::int64_t before, double time_before, std::int64_t after, double time_after,
                    double z = z95);

}  // namespace earshot::analysis
