#pragma once
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "analysis/text/analyser.hpp"
#include "analysis/text/lexicon.hpp"
#include "analysis/text/token.hpp"

namespace earshot::analysis {

class Tokenizer;

/// A company's own issue types, learned from example sentences: a word counts for a type by how many of its
/// examples hold it and how few other types' examples do. Small on purpose; `earshot train` is for more.
class OwnIssues {
 public:
  OwnIssues(std::span<const OwnIssueType> types, const Lexicon& lexicon, const Tokenizer& tokenizer);

  bool empty() const { return weights_.empty(); }
  /// Appends types whose words cover enough of an example; ids start at `own_issue_first`, in the order
  /// configured.
  void score(Tokens tokens, std::vector<ScoredIssue>& out) const;

 private:
  struct Weight {
    std::uint8_t type = 0;
    float weight = 0;
  };
  std::size_t types_ = 0;
  std::unordered_multimap<std::uint64_t, Weight> weights_;
};

}  // namespace earshot::analysis
