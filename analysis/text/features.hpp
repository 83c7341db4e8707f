#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/text/reading.hpp"
#include "analysis/text/sentiment.hpp"

namespace earshot::analysis {

/// The linear model's inputs for one text by name, as the trainer needs them: words ("not:good" inside a
/// negation), pairs, opinion phrases, and the numeric features. The weights learned for these names are what
/// `SentimentModel` adds up for the same text, so nobody has to write the tokenizer twice.
std::vector<std::pair<std::string, float>> named_features(const Reading& reading,
                                                          const std::vector<Token>& tokens,
                                                          const Lexicon& lexicon);

}  // namespace earshot::analysis
