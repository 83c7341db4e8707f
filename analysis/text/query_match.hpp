#pragma once
#include <string_view>
#include <vector>

#include "analysis/text/query.hpp"
#include "analysis/text/token.hpp"
#include "core/model/mention.hpp"

namespace earshot::analysis {

/// A token with its place among the words of a mention. Title words come first, without a span in the text.
struct PlacedToken {
  const Token* token = nullptr;
  std::string_view surface;  ///< as written
  std::string_view base;     ///< folded, without a possessive 's
  std::uint64_t base_hash = 0;
  int place = 0;
  bool in_text = true;
};

/// A stretch of words [first, last] by place, with its bytes when it lies in the text.
struct Place {
  int first = 0;
  int last = 0;
  Span span = {};
  bool in_text = true;
};

/// Everything a query can ask about one mention.
struct QuerySubject {
  const Mention& mention;
  const std::vector<PlacedToken>& words;
};

/// Evaluates the query. When it matches, `found` gets the places of the words that made it so.
bool matches(const QueryNode& query, const QuerySubject& subject, std::vector<Place>& found);

/// '*' any run of characters, '?' one character; linear in the text.
bool glob(std::string_view pattern, std::string_view text);

}  // namespace earshot::analysis
