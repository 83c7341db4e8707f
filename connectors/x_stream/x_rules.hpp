#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "connectors/json_fields.hpp"
#include "core/base/result.hpp"

/// The rules of X's filtered stream: they live at X, belong to the whole app, and say which posts come.
namespace earshot::connectors::x_stream {

struct Rule {
  std::string id;
  std::string value;
  std::string tag;
};

/// Rules of GET /2/tweets/search/stream/rules; an app without rules has none.
Result<std::vector<Rule>> read_rules(JsonValue root);

/// What makes the rules with our tag those that are wanted. Rules of other tags are others' and stay.
struct RuleChange {
  std::vector<std::string> add;     ///< values
  std::vector<std::string> remove;  ///< ids
};
RuleChange change_rules(const std::vector<Rule>& present, const std::vector<std::string>& wanted,
                        std::string_view tag);

/// Bodies of POST …/rules.
std::string add_body(const std::vector<std::string>& values, std::string_view tag);
std::string remove_body(const std::vector<std::string>& ids);

/// What X refused of a change, in its words; nothing when it took all of it. A rule that is there already is
/// no mistake.
std::optional<Error> refusal_in(JsonValue root);

}  // namespace earshot::connectors::x_stream
