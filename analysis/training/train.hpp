#pragma once
#include <array>
#include <string>
#include <vector>

#include "analysis/training/corpus.hpp"
#include "analysis/training/shipped.hpp"

namespace earshot::analysis::training {

/// Topics whose words the posts in the tree know better than the lists by hand: app reviews say all that can
/// be wrong or wished for, and the lists cannot tell praise of service from praise of things.
inline constexpr std::array freed_topics{topic_of(IssueType::bug), topic_of(IssueType::feature_request),
                                         topic_of(IssueType::praise), topic_of(IssueType::usability)};

struct TrainOptions {
  double penalty = 45;     ///< of a word's weight; features in brackets pay a ninth of it
  double balance = 0.7;    ///< 0: classes as frequent as they are; 1: all classes weigh the same
  unsigned words_min = 4;  ///< posts a word or stem must stand in
  unsigned pairs_min = 6;
  double topic_penalty = 40;
  double topic_feature_penalty = 1000;  ///< of a feature's distance from its prior: what was thought of by
                                        ///< hand is not easily given up
  double freed_penalty = 6, freed_feature_penalty = 40;  ///< the same for topics in freed_topics
  double topic_balance = 0.5;
  unsigned topic_words_min = 4;
  unsigned topic_pairs_min = 8;
  /// Where learning sets out, for labels of one's own: a weight moves only where they insist. Every word
  /// counts then, however rare. Null: zeros, and the priors of topics.
  const ShippedWeights* from = nullptr;
};

/// What a model says of a post: three class probabilities, or the logits of all topics.
struct Guess {
  std::array<float, 3> polarity{};
  std::array<float, topic_count> topics{};
};

/// One learned line of a lexicon: a name and what it weighs.
struct LearnedLine {
  std::string name;
  std::array<double, 3> polarity{};
  std::array<double, topic_count> topics{};
};

/// Weights for polarity, or for topics, from the chosen posts, in order of their names. Sums of a column's
/// class weights are zero: adding a constant to all classes would change nothing.
std::vector<LearnedLine> train_polarity(const Corpus& corpus, const std::vector<std::uint32_t>& chosen,
                                        const TrainOptions& options);
/// `corpus` is without_negation().
std::vector<LearnedLine> train_topics(const Corpus& corpus, const std::vector<std::uint32_t>& chosen,
                                      const TrainOptions& options);

/// What such lines say of a post: the slow reading, by name.
class Learned {
 public:
  Learned(const std::vector<LearnedLine>& lines, const Corpus& corpus);
  Guess guess(std::uint32_t post) const;

 private:
  const Corpus& corpus_;
  std::vector<const LearnedLine*> by_column_;
};

/// Guesses on every post by models that did not see it: fold i holds the posts whose number leaves i.
std::vector<Guess> cross_validate(const Corpus& corpus, unsigned folds, const TrainOptions& options,
                                  std::vector<LearnedLine> (*train)(const Corpus&,
                                                                    const std::vector<std::uint32_t>&,
                                                                    const TrainOptions&));

}  // namespace earshot::analysis::training
