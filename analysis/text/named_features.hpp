#pragma once
#include <string>
#include <utility>
#include <vector>

#include "analysis/text/features.hpp"
#include "analysis/text/reading.hpp"

namespace earshot::analysis {

/// The linear models' inputs for one text by name, as the trainer needs them: words ("not:good" inside a
/// negation), stems ("deliv*"), pairs, opinion phrases, and the numeric features. The weights learned for
/// these names are what the models add up for the same text, so nobody has to write the tokenizer twice. A
/// word that stands twice is there twice.
std::vector<std::pair<std::string, float>> named_features(const Reading& reading, Tokens tokens,
                                                          const Features& features, const Lexicon& lexicon);

/// Letters of the stems that are learned: what five letters say is said of their whole family (see
/// docs/analysis.md).
inline constexpr std::size_t learned_stem_letters = 5;

}  // namespace earshot::analysis
