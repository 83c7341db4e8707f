#include "connectors/x_stream/x_rules.hpp"

#include <algorithm>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"

namespace earshot::connectors::x_stream {

Result<std::vector<Rule>> read_rules(JsonValue root) {
  if (!root.is_object() || (!root["data"] && !root["meta"].is_object()))
    return unexpected(ErrorKind::malformed, "not a list of rules");
  std::vector<Rule> rules;
  for (const auto item : root["data"])
    if (!item["id"].id().empty())
      rules.push_back(Rule{.id = std::string(item["id"].id()),
                           .value = std::string(item["value"].text()),
                           .tag = std::string(item["tag"].text())});
  return rules;
}

RuleChange change_rules(const std::vector<Rule>& present, const std::vector<std::string>& wanted,
                        std::string_view tag) {
  RuleChange change;
  std::vector<std::string> kept;
  for (const auto& rule : present) {
    if (rule.tag != tag) continue;
    const bool is_wanted = std::ranges::find(wanted, rule.value) != wanted.end();
    if (is_wanted && std::ranges::find(kept, rule.value) == kept.end())
      kept.push_back(rule.value);
    else
      change.remove.push_back(rule.id);
  }
  for (const auto& value : wanted) {
    if (std::ranges::find(kept, value) != kept.end()) continue;
    kept.push_back(value);
    change.add.push_back(value);
  }
  return change;
}

std::string add_body(const std::vector<std::string>& values, std::string_view tag) {
  JsonWriter out;
  out.begin_object().key("add").begin_array();
  for (const auto& value : values) out.begin_object().field("value", value).field("tag", tag).end_object();
  out.end_array().end_object();
  return out.str();
}

std::string remove_body(const std::vector<std::string>& ids) {
  JsonWriter out;
  out.begin_object().key("delete").begin_object().key("ids").begin_array();
  for (const auto& id : ids) out.value(id);
  out.end_array().end_object().end_object();
  return out.str();
}

std::optional<Error> refusal_in(JsonValue root) {
  for (const auto error : root["errors"]) {
    const auto title = error["title"].text();
    if (title == "DuplicateRule") continue;
    std::string message = "X refused a rule: " + printable(title);
    if (!error["value"].text().empty())
      message += " in `" + printable(error["value"].text().substr(0, 200)) + "`";
    for (const auto detail : error["details"]) message += "; " + printable(detail.text().substr(0, 200));
    return Error{.kind = ErrorKind::bad_request, .message = std::move(message)};
  }
  return std::nullopt;
}

}  // namespace earshot::connectors::x_stream
