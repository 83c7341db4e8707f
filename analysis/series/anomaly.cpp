#include "analysis/series/anomaly.hpp"

#include <algorithm>
#include <limits>

namespace earshot::analysis {

Deviation deviation(double observed, double expected, double spread, const UnusualRule& rule) {
  Deviation out{.observed = observed, .expected = expected, .spread = spread};
  out.threshold = std::max({rule.least, rule.ratio * expected, expected + rule.spreads * spread});
  out.ratio = expected > 0 ? observed / expected : observed > 0 ? std::numeric_limits<double>::infinity() : 1;
  out.z = spread > 0 ? (observed - expected) / spread : 0;
  out.unusual = observed >= out.threshold;
  return out;
}

}  // namespace earshot::analysis
