#pragma once
#include <string>
#include <vector>

#include "daemon/cli/command_spec.hpp"
#include "store/store.hpp"

namespace earshot::cli {

/// --brand, --since, --until, --polarity, --issue, --source, --search and their like; `invalid` says which of
/// them is wrong.
OptionList mention_filter_options();
Result<store::MentionFilter> mention_filter(store::Reader& reader, const Options& options);

/// "?" for one that there is not.
std::string brand_name(const std::vector<store::NamedBrand>& brands, BrandId id);

}  // namespace earshot::cli
