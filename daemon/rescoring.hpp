#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "daemon/pipeline.hpp"
#include "store/rows.hpp"

namespace earshot::daemon {

/// Polarities as they are counted: negative, neutral, positive, unscored.
inline constexpr std::size_t polarity_count = 4;
constexpr std::size_t index_of(Polarity polarity) {
  return polarity == Polarity::unscored ? 3 : static_cast<std::size_t>(static_cast<int>(polarity) + 1);
}

/// What scoring again changes for one brand, without its own posts.
struct Rescored {
  std::int64_t mentions = 0;
  std::array<std::int64_t, polarity_count> before = {}, after = {};  ///< without spam, as rollups count
  std::array<std::array<std::int64_t, polarity_count>, polarity_count> moved = {};  ///< [before][after]
  std::int64_t issues = 0;                    ///< top issue type is another
  std::map<std::string, std::int64_t> terms;  ///< of verdicts that moved: what weighs most in the new one

  void merge(const Rescored& other);
  std::int64_t flips() const;
};
using RescoredBrands = std::map<BrandId, Rescored>;

/// (positive − negative) / scored; 0 where nothing is scored.
double net_sentiment(const std::array<std::int64_t, polarity_count>& counts);

/// Scores stored mentions anew with all cores, for the brands they are already kept for. Fills `rescored` and
/// says what changed. Mentions without words keep their verdicts.
RescoredBrands score_again(const Pipeline& pipeline, std::span<store::StoredMention> mentions);

}  // namespace earshot::daemon
