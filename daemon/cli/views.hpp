#pragma once
#include <string>
#include <vector>

#include "daemon/api/json_views.hpp"
#include "store/store.hpp"

namespace earshot::cli {

using api::write_json;

/// As the lists print them.
void print_incident(const store::IncidentRow& row);
/// `rank` 0: none is shown.
void print_idea(const store::IdeaRow& row, int rank = 0);

/// What is on within a week of `now`, with the claims made and who felt misled by them.
Status print_campaigns(store::Reader& reader, BrandId brand, Timestamp now);

/// The quotes an idea was given, most typical first.
std::vector<std::string> quotes_of(const store::IdeaRow& row);

/// "billing, refund" of a mask.
std::string issue_list(std::uint64_t mask);
std::string intent_list(std::uint32_t mask);

}  // namespace earshot::cli
