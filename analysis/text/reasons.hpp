#pragma once
#include "analysis/text/lexicon.hpp"
#include "analysis/text/reading.hpp"
#include "core/model/verdict.hpp"

/// The words in which a writer says why, or since when ("because the driver never rang", "since the update").
namespace earshot::analysis {

/// A reason is cut off after so many words.
inline constexpr std::size_t reason_words_max = 12;

/// Fills the verdict's reasons where it is negative, a complaint or a question: first what its marked words
/// introduce (`reason` in the word lists), then, where there is room and trouble, a short clause that speaks
/// most for the likeliest issue type. None crosses the end of a clause, and none overlaps another. Allocates
/// nothing.
void find_reasons(const Reading& reading, Tokens tokens, const Lexicon& lexicon, Verdict& verdict);

}  // namespace earshot::analysis
