#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/text/lexicon.hpp"
#include "analysis/text/reading.hpp"
#include "analysis/text/token.hpp"
#include "core/model/verdict.hpp"

namespace earshot::analysis {

/// Numbers about a text that stand beside its words in the linear model. Their weights are lexicon lines like
/// any other, under the name in angle brackets.
enum class Feature : std::uint8_t {
  bias,
  pos_sum,
  neg_sum,
  pos_count,
  neg_count,
  last,
  max,
  min,
  only_pos,
  only_neg,
  both,
  blank,
  trouble,
  asks,
  url,
  handle,
  exclaim,
  caps,
  elongated,
  ellipsis,
  hashtag,
  number,
  negation,
  words_few,
  words_many,
  starts_handle,
};
inline constexpr std::size_t feature_total = 26;
using Features = std::array<float, feature_total>;
std::string_view to_string(Feature feature);  ///< "<pos_sum>"

/// Which clauses are looked at: one byte per clause of the reading; empty: all.
using ClauseMask = std::span<const std::uint8_t>;

/// The features of the clauses in `mask`.
Features features_of(const Reading& reading, const std::vector<Token>& tokens, ClauseMask mask);

/// Class weights of every Feature, taken out of a lexicon once.
class SentimentModel {
 public:
  explicit SentimentModel(const Lexicon& lexicon);

  /// Bias plus the weights of words, phrases and features, then `adjust` (from rules outside the text's
  /// words: a comparison of brands), through a softmax.
  Sentiment score(const Reading& reading, const std::vector<Token>& tokens, ClauseMask mask,
                  const ClassWeights& adjust) const;

  /// What each entry contributed, positive is good; appended to `out`.
  void explain(const Reading& reading, const std::vector<Token>& tokens, const Lexicon& lexicon,
               ClauseMask mask, std::vector<Evidence>& out) const;

 private:
  std::array<ClassWeights, feature_total> weights_{};
};

}  // namespace earshot::analysis
