#pragma once
#include <vector>

#include "daemon/pipeline.hpp"
#include "store/rows.hpp"

namespace earshot::daemon {

/// Judges a stored mention anew, with evidence: one verdict for every brand it was stored for. `rows` are all
/// of one mention's.
std::vector<BrandVerdict> explain(const Pipeline& pipeline, const std::vector<store::MentionRow>& rows);

}  // namespace earshot::daemon
