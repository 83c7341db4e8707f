#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/analyser.hpp"
#include "analysis/text/lexicon.hpp"
#include "analysis/training/logistic_fit.hpp"

namespace earshot::analysis::training {

/// A set of topics, one bit each by topic_of().
using TopicSet = std::uint64_t;
static_assert(topic_count <= 64);
template <typename Topic>
constexpr TopicSet topic_bit(Topic topic) {
  return TopicSet{1} << topic_of(topic);
}

/// One post and what people said of it. What nobody judged trains nothing.
struct LabelledPost {
  std::string text;
  std::string set;                       ///< where it comes from, for figures per set
  std::optional<std::uint8_t> polarity;  ///< 0 negative, 1 neutral, 2 positive
  TopicSet topics = 0;                   ///< those it has …
  TopicSet judged = 0;                   ///< … of those that were looked for
  float weight = 1;                      ///< beside other posts; 0: it is only measured
};

/// Posts with their features, each name a number.
class Corpus {
 public:
  /// Reads every post with the analyser's own eyes. A text that came before (but for case, links, handles and
  /// punctuation) is left out: sets share posts, and folds must not.
  Corpus(std::vector<LabelledPost> posts, const Analyser& analyser, std::string_view lang);

  const std::vector<LabelledPost>& posts() const { return posts_; }
  const std::vector<std::string>& names() const { return names_; }
  const Rows& rows() const { return rows_; }
  /// What column `column` weighs for a topic before anything is learned.
  double prior(std::uint32_t column, std::size_t topic) const {
    const auto found = priors_.find(names_[column]);
    return found == priors_.end() ? 0.0 : static_cast<double>(found->second[topic]);
  }
  std::size_t size() const { return posts_.size(); }

  /// Columns that at least `words` posts of `chosen` (indices) have; pairs of words need `pairs`. Features in
  /// angle brackets always.
  std::vector<std::uint32_t> vocabulary(const std::vector<std::uint32_t>& chosen, unsigned words,
                                        unsigned pairs) const;
  /// The chosen posts' rows with only the chosen columns, renumbered by their place in `columns`.
  Rows matrix(const std::vector<std::uint32_t>& chosen, const std::vector<std::uint32_t>& columns) const;

  /// The same posts for questions of topic, where "not:late" is as good as "late".
  Corpus without_negation() const;

 private:
  Corpus() = default;
  std::vector<LabelledPost> posts_;
  std::vector<std::string> names_;
  std::map<std::string, std::array<float, topic_count>, std::less<>> priors_;  ///< of features alone
  Rows rows_;
};

/// "<pos_sum>" and its kind: few, trusted, and penalised less than single words. Placeholders such as <n> are
/// words.
bool is_feature(std::string_view name);

}  // namespace earshot::analysis::training
