#pragma once
#include <cstddef>

#include "analysis/text/reading.hpp"
#include "analysis/text/rules.hpp"

/// Rules that look further than at the words before: at a sentence, at the whole text. The reader
/// calls them only where it has seen what they are about.
namespace earshot::analysis {

/// Within a sentence, what stands before its last contrast counts less and what follows counts more.
void weigh_contrast(const RuleStrengths& rules, Reading& reading);
/// Multiplies all valences above zero.
void weigh_praise(float factor, Reading& reading);

}  // namespace earshot::analysis
