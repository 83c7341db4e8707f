#include "daemon/api/contract.hpp"

#include <algorithm>
#include <cctype>

#include "connectors/json_fields.hpp"
#include "core/base/assert.hpp"
#include "core/base/text.hpp"
#include "embedded/api.hpp"

namespace earshot::api {
namespace {

using connectors::JsonDocument;
using connectors::JsonValue;

constexpr std::string_view schemas = "#/components/schemas/";

/// "a, b or c"
std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return out;
}

std::string meant(const std::string& wanted, const std::vector<std::string>& known) {
  const auto nearest = nearest_name(wanted, known);
  if (!nearest.empty()) return "; did you mean \"" + nearest + "\"?";
  return known.empty() ? "; there are none here" : "; there are " + listed(known);
}

JsonValue schema_of(const JsonDocument& document, JsonValue schema) {
  const auto name = schema["$ref"].text();
  if (!name.starts_with(schemas)) return schema;
  return document["components"]["schemas"][name.substr(schemas.size())];
}

/// Members of an object, of the objects in a list, or of the first of several forms.
std::optional<std::vector<std::string>> members_of(const JsonDocument& document, JsonValue given) {
  const auto schema = schema_of(document, given);
  if (schema["anyOf"].is_array())
    for (const auto form : schema["anyOf"])
      if (auto out = members_of(document, form)) return out;
  if (schema["items"]) return members_of(document, schema["items"]);
  if (schema["type"].text() != "object") return std::nullopt;
  std::vector<std::string> out;
  for (const auto member : schema["properties"]) out.emplace_back(member.key());
  return out;
}

std::optional<Response> refuse_members(const JsonValue& object, const std::vector<std::string>& known) {
  for (const auto member : object) {
    const std::string name(member.key());
    if (std::ranges::find(known, name) == known.end())
      return problem(400, "there is no member \"" + printable(name) + "\"" + meant(name, known));
  }
  return std::nullopt;
}

}  // namespace

Contract::Contract(std::string_view text) {
  const auto document = connectors::parse_json(text);
  EARSHOT_ASSERT(document);
  for (const auto path : (*document)["paths"])
    for (const auto method : path) {
      std::string name(method.key());
      std::ranges::transform(name, name.begin(),
                             [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      Operation operation;
      for (const auto parameter : method["parameters"]) {
        if (parameter["in"].text() != "query") continue;
        auto& added = operation.query.emplace_back();
        added.name = parameter["name"].text();
        for (const auto value : parameter["schema"]["enum"]) added.values.emplace_back(value.text());
      }
      if (const auto body = method["requestBody"]["content"]["application/json"]["schema"])
        operation.members = members_of(*document, body);
      operations_.emplace(std::pair(std::move(name), std::string(path.key())), std::move(operation));
    }
}

const Contract& Contract::ours() {
  static const Contract out([] {
    for (const auto& file : embedded::api())
      if (file.name == "openapi.json") return std::string_view(file.bytes);
    return std::string_view();
  }());
  return out;
}

std::optional<Response> Contract::refuse(const Route& route, const Request& request) const {
  const auto found = operations_.find({route.method, route.pattern});
  if (found == operations_.end()) return std::nullopt;
  const auto& [query, members] = found->second;
  for (const auto& [name, value] : request.query) {
    const auto known = std::ranges::find(query, name, &Parameter::name);
    if (known == query.end()) {
      std::vector<std::string> names;
      for (const auto& parameter : query) names.push_back(parameter.name);
      return problem(400, "there is no parameter \"" + printable(name) + "\"" + meant(name, names));
    }
    const auto& values = known->values;
    if (values.empty() || value.empty() || std::ranges::find(values, value) != values.end()) continue;
    const auto nearest = nearest_name(value, values);
    return problem(400, name + "= is " + listed(values) +
                            (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
  }
  if (!members || request.body.empty()) return std::nullopt;
  const auto body = connectors::parse_json(request.body);
  if (!body) return std::nullopt;
  if (body->root().is_object()) return refuse_members(body->root(), *members);
  if (body->root().is_array())
    for (const auto element : body->root())
      if (element.is_object())
        if (auto refusal = refuse_members(element, *members)) return refusal;
  return std::nullopt;
}

}  // namespace earshot::api
