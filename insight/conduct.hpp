#pragma once
#include "insight/dialogue.hpp"
#include "store/people.hpp"

/// How the brand's own replies read. Private to insight/.
namespace earshot::insight {

/// Fills `conduct` and `conduct_days`. Canned: the words (without names and signature) of two or more earlier
/// replies to others within four weeks. Unanswered: the customer wrote again after the reply, wanted
/// something, and within a day got neither an answer nor was content.
void judge_conduct(const Dialogue& dialogue, Timestamp now, store::PeopleFindings& out);

}  // namespace earshot::insight
