#pragma once
#include <unordered_map>

#include "analysis/people/ladder.hpp"
#include "insight/people.hpp"
#include "store/people.hpp"

/// Praise that nobody thanked for. Private to insight/.
namespace earshot::insight {

/// The newest praise of each person that the brand did not reply to, at most four weeks old, most worth a
/// thank-you first: by reach, by what the person is to the brand, and by how fresh it is.
std::vector<store::PraiseRow> praise_queue(const Dialogue& dialogue, const People& people,
                                           const std::unordered_map<std::uint64_t, analysis::Stance>& stances,
                                           Timestamp now);

}  // namespace earshot::insight
