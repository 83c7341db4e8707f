#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::analysis {

/// What somebody asked. The views must outlive the call.
struct Question {
  std::string_view title = {};
  std::string_view text = {};
  std::string_view lang = {};  ///< questions of different languages never meet; "" and "und" count as English
};

struct ClusterOptions {
  std::vector<std::string> names =
      {};  ///< brand and product names, which everybody writes and which tell nothing
  /// Mean cosine between the members of two clusters that makes them one. Tried on the demo corpus from 0.1
  /// to 0.3: below 0.2 neighbouring questions flow together; 0.25 brings all ten of its recurring questions
  /// to the top fifteen.
  double likeness = 0.25;
};

/// One question that several people asked in their own words.
struct QuestionCluster {
  std::vector<std::size_t> members = {};  ///< indices of the questions, most central first
  std::vector<std::string> terms = {};    ///< keys of what it is about, weightiest first (see TermReader)
  std::vector<std::string> words = {};    ///< the commonest spelling of each term
  std::string label = {};                 ///< the most central question in its asker's words
  std::size_t wordings = 0;  ///< members that differ in their terms: copies and set phrases count once
  double cohesion = 0;       ///< mean cosine between members, 1 for a single one
};

/// Groups questions by what they ask, without being told how many groups there are; largest first. Each
/// question is the bag of its terms with tf–idf weights: sentences that ask count in full, others half, and
/// sentences that do not ask and recur in three or more questions (signatures, courtesies) not at all. Terms
/// that only one question has, and terms that more than 30 % of them have, tell nothing of likeness. Words of
/// a known concept weigh 2.5 times as much as others: they are what questions are about. Questions without a
/// term left stay out.
std::vector<QuestionCluster> cluster_questions(std::span<const Question> questions,
                                               const ClusterOptions& options);

}  // namespace earshot::analysis
