#pragma once
#include <span>
#include <string>
#include <string_view>

#include "analysis/text/analyser.hpp"
#include "core/base/json_writer.hpp"
#include "core/model/verdict.hpp"

namespace earshot::analysis {

/// One object of `earshot score`:
/// {"id","label","score","probabilities","issues","intents","emotion","lang","question",
/// "complaint"[,"evidence"]}. `own_names` names the company's own issue types in their order.
void write_score(JsonWriter& out, std::string_view id, const Verdict& verdict, WithEvidence evidence,
                 std::span<const std::string> own_names = {});

}  // namespace earshot::analysis
