#pragma once
#include <bit>
#include <cstdint>

/// The exponential and what is made of it, with the same result on every machine: the C library's differs in
/// the last bits between processors, and a verdict must not.
namespace earshot::analysis {

/// e^x within 2·10⁻⁹ of its value (relative); 0 below −87, capped above 87.
constexpr double exponential(double x) {
  if (x < -87) return 0;
  if (x > 87) x = 87;
  constexpr double log2e = 1.4426950408889634, ln2 = 0.6931471805599453;
  const double scaled = x * log2e;
  const auto whole = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  const double r =
      (scaled - static_cast<double>(whole)) * ln2;  // within ±0.347: the series below is exact enough
  const double series =
      1 +
      r * (1 + r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r / 5040))))));
  return series * std::bit_cast<double>(static_cast<std::uint64_t>(whole + 1023) << 52);
}

/// 1 / (1 + e^−x), a logit as a probability.
constexpr float probability(float logit) {
  return static_cast<float>(1 / (1 + exponential(-static_cast<double>(logit))));
}

}  // namespace earshot::analysis
