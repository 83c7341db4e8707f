#pragma once
#include <cstdint>
#include <optional>

/// How sure a share is. Pure.
namespace earshot::analysis {

/// An estimate with its 95 % interval.
struct Estimate {
  double value = 0, low = 0, high = 0;
};

/// Wilson's interval of `part` out of `whole`; nothing of nothing.
std::optional<Estimate> proportion(std::int64_t part, std::int64_t whole);

/// Net sentiment (positive − negative) / (positive + neutral + negative) ± 1.96 standard errors, each mention
/// taken as independent of the others; cut to −1 … 1. Nothing when nothing was scored.
std::optional<Estimate> net_share(std::int64_t positive, std::int64_t neutral, std::int64_t negative);

}  // namespace earshot::analysis
