#pragma once
#include <string>
#include <vector>

#include "core/base/json_writer.hpp"
#include "store/rows.hpp"

namespace earshot::cli {

/// JSON of rows, as every --json prints them: one spelling with the views and the documentation.
void write_json(JsonWriter& out, const store::MentionRow& row, const std::string& brand);
void write_json(JsonWriter& out, const store::SourceStatus& row);
void write_json(JsonWriter& out, const store::IncidentRow& row);
void write_json(JsonWriter& out, const store::IdeaRow& row);

/// The quotes an idea was given, most typical first.
std::vector<std::string> quotes_of(const store::IdeaRow& row);

/// "billing, refund" of a mask.
std::string issue_list(std::uint64_t mask);
std::string intent_list(std::uint32_t mask);

}  // namespace earshot::cli
