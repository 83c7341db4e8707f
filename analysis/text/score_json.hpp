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
/// "complaint","urgency","severity","reasons"[,"evidence"]}; the reasons are quoted from `text`, which was
/// judged. `own_names` names the company's own issue types in their order.
void write_score(JsonWriter& out, std::string_view id, std::string_view text, const Verdict& verdict,
                 WithEvidence evidence, std::span<const std::string> own_names = {});

/// "urgency", "severity" and "reasons" into an open object.
void write_urgency(JsonWriter& out, std::string_view text, const Verdict& verdict);

}  // namespace earshot::analysis
