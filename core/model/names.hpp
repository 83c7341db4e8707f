#pragma once
#include <optional>
#include <string_view>

#include "core/model/mention.hpp"
#include "core/model/verdict.hpp"

/// Every enum's one spelling, used alike in C++, SQL, JSON, TOML and the documentation.
namespace earshot {

std::string_view to_string(MentionKind value);
std::string_view to_string(Polarity value);
std::string_view to_string(IssueType value);
std::string_view to_string(Intent value);
std::string_view to_string(Emotion value);
std::string_view to_string(MatchKind value);

std::optional<MentionKind> mention_kind_from(std::string_view name);
std::optional<Polarity> polarity_from(std::string_view name);
std::optional<IssueType> issue_type_from(std::string_view name);
std::optional<Intent> intent_from(std::string_view name);
std::optional<MatchKind> match_kind_from(std::string_view name);

}  // namespace earshot
