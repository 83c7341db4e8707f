#pragma once
#include <optional>
#include <string>
#include <vector>

#include "daemon/api/json_views.hpp"
#include "store/store.hpp"

namespace earshot::cli {

using api::write_json;

/// As the lists print them.
void print_incident(const store::IncidentRow& row);
/// With its arithmetic, what people say, and exemplars.
void print_incident_page(const store::IncidentRow& row);
/// A draft for followers, what to check in it, and where they wait for it.
void print_advisory(const store::IncidentRow& row);
std::string advisory_json(const store::IncidentRow& row);
/// `rank` 0: none is shown.
void print_idea(const store::IdeaRow& row, int rank = 0);

/// One line about a mention: what it is here, when it was written, by whom, its words and its id; nothing
/// without an id.
void print_mention(store::Reader& reader, const char* what, const std::optional<MentionId>& id);

/// What is on within a week of a moment, the claims made, and who felt misled by any.
struct OnThisWeek {
  std::vector<store::CampaignRow> campaigns = {};
  std::vector<store::ClaimRow> claims = {};
  std::vector<store::MisledRow> misled = {};
  /// How many people say that this claim misled them.
  std::int64_t misled_by(ClaimId claim) const;
};
Result<OnThisWeek> on_this_week(store::Reader& reader, BrandId brand, Timestamp now);
void print_campaigns(const OnThisWeek& week);

/// The quotes an idea was given, most typical first.
std::vector<std::string> quotes_of(const store::IdeaRow& row);

/// "billing, refund" of a mask.
std::string issue_list(std::uint64_t mask);
std::string intent_list(std::uint32_t mask);

}  // namespace earshot::cli
