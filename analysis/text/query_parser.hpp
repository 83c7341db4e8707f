#pragma once
#include <string_view>

#include "analysis/text/query.hpp"
#include "core/base/result.hpp"

namespace earshot::analysis {

/// Parses a boolean query. Words beside each other are AND-ed. From loosest to tightest: OR, AND (or
/// nothing), NOT (or
/// '-'), NEAR/n and ONEAR/n, then words, "phrases", (groups), #tags, @handles, case:Word, exact:"C++",
/// author: site: lang: source: link:. '*' and '?' in a word stand for any and one letter. Operators are upper
/// case. Fails with `invalid`: "column 7: …". At most 64 levels deep and 10,000 bytes long.
Result<QueryNode> parse_query(std::string_view text);

/// What makes a query match (nearly) everything, or empty: only NOT, lang: or source:; a lone '*'; a single
/// letter; one of the commonest words.
std::string lint_query(const QueryNode& query);

}  // namespace earshot::analysis
