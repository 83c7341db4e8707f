#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/series/proportion.hpp"
#include "insight/job.hpp"
#include "insight/service_summary.hpp"

/// A brand beside its competitors.
namespace earshot::insight {

struct BrandFigures {
  std::string brand = {};
  bool own = false;  ///< the brand that is measured
  std::int64_t mentions = 0, positive = 0, neutral = 0, negative = 0, authors = 0, negative_authors = 0;
  std::optional<analysis::Interval> share = {};  ///< of all these brands' mentions
  std::optional<analysis::Interval> net_sentiment = {};
  std::optional<analysis::Interval> negative_author_share = {};
  ResponseSummary response = {};  ///< nothing to see where a brand's own accounts are not configured
};

struct Benchmark {
  std::string brand = {};
  Timestamp since = {}, until = {};
  std::vector<BrandFigures> rows = {};    ///< most mentions first
  std::vector<std::string> unknown = {};  ///< competitors that are named and of whom nothing is stored
};

/// Against `competitors` by name; without any, against every other brand there is.
Result<Benchmark> benchmark(const JobInput& input, const std::vector<std::string>& competitors,
                            Timestamp since, Timestamp until);

}  // namespace earshot::insight
