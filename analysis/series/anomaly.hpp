#pragma once

/// Is a number unusual, and by what arithmetic. Pure.
namespace earshot::analysis {

/// When something is unusual: at least `least`, at least `ratio` times what is expected, and `spreads` above
/// it. Five spreads, because every issue is tried in every hour: at a usual 0.5, 1 and 2 authors an hour
/// chance alone passes once in 100,000 to 1,000,000 hours (Poisson tail), while three would ring every few
/// weeks for one issue or other.
struct UnusualRule {
  double least = 5;
  double ratio = 3;
  double spreads = 5;
};

/// The whole arithmetic, so that a person can check it.
struct Deviation {
  double observed = 0;
  double expected = 0;
  double spread = 0;
  double threshold = 0;  ///< max(least, ratio · expected, expected + spreads · spread)
  double ratio = 0;      ///< observed / expected; infinite when nothing is expected
  double z = 0;          ///< (observed − expected) / spread; 0 without a spread
  bool unusual = false;  ///< observed ≥ threshold
  bool operator==(const Deviation&) const = default;
};

Deviation deviation(double observed, double expected, double spread, const UnusualRule& rule = {});

}  // namespace earshot::analysis
