#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"

/// Money, which is never shown without what it rests on.
namespace earshot::insight {

/// A figure that nobody knows exactly.
struct Range {
  double low = 0, expected = 0, high = 0;
  bool operator==(const Range&) const = default;
};

inline Range operator*(const Range& a, double factor) {
  return {a.low * factor, a.expected * factor, a.high * factor};
}
inline Range operator*(const Range& a, const Range& b) {
  return {a.low * b.low, a.expected * b.expected, a.high * b.high};
}
inline Range operator+(const Range& a, const Range& b) {
  return {a.low + b.low, a.expected + b.expected, a.high + b.high};
}

/// What a company believes of its own business, from a day on. Configured as [[money]].
struct MoneyAssumptions {
  std::string brand = {};  ///< empty: every brand
  Timestamp from = {};     ///< valid from here on
  std::string currency = {};
  Range saved_customer = {};                    ///< worth of a customer who stays
  std::optional<Range> cost_per_contact = {};   ///< of a call or mail that a public answer spares
  std::optional<Range> leaves_unanswered = {};  ///< share of unanswered complainers who leave, 0 … 1
};

/// The assumptions for a brand at a moment: the latest that are valid, those of the brand itself before those
/// of every brand. Nothing where there are none.
const MoneyAssumptions* assumptions_at(const std::vector<MoneyAssumptions>& all, const std::string& brand,
                                       Timestamp at);

}  // namespace earshot::insight
