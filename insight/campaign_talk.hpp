#pragma once
#include <unordered_set>
#include <vector>

#include "insight/history.hpp"

/// What a campaign makes of the numbers: more is said, and that was to be expected. Private to insight/.
namespace earshot::insight {

/// Whole hours in which campaigns ran, for baselines to leave out: [first, end). A campaign of more than five
/// weeks is how things are and not left out; nor is anything when less than half of the hours would remain.
std::set<std::int64_t> campaign_hours(const std::vector<store::CampaignRow>& campaigns, std::int64_t first,
                                      std::int64_t end);

/// Mentions of the history that sound negative while a campaign runs, and only talk of it: they share two
/// words with its name and claims (or all there are), and neither complain, ask, nor say that they were
/// misled.
Result<std::unordered_set<MentionId>> campaign_talk(const JobInput& input, Timestamp since);

}  // namespace earshot::insight
