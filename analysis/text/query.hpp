#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace earshot::analysis {

/// A word of a query in the form the tokenizer gives to texts.
struct QueryWord {
  std::string folded;        ///< with its '*' and '?' when it is a pattern
  std::uint64_t hash = 0;    ///< of `folded`, when it is no pattern
  std::string surface = {};  ///< as written, for case-sensitive words; else empty
  bool pattern = false;
  bool operator==(const QueryWord&) const = default;
};

enum class QueryKind : std::uint8_t {
  all,      ///< every child (AND)
  any,      ///< one child at least (OR)
  none,     ///< the child does not match (NOT)
  near,     ///< both children within `distance` words, in any order
  ordered,  ///< both, the first before the second
  words,    ///< one word or a phrase
  hashtag,
  handle,
  exact,  ///< these very characters between word boundaries
  author,
  site,
  lang,
  source,
  link,
};

/// A node of a parsed query. A tree of values: copied and compared as such.
struct QueryNode {
  QueryKind kind = QueryKind::all;
  std::vector<QueryNode> children = {};
  std::vector<QueryWord> words = {};
  std::string value = {};  ///< exact text or field value, folded but for exact
  int distance = 0;
  std::size_t column = 1;  ///< where it begins, from 1, for messages
  bool operator==(const QueryNode&) const = default;
};

/// The query in its canonical spelling, fully bracketed; for tests and `earshot check --explain`.
std::string to_string(const QueryNode& node);

}  // namespace earshot::analysis
