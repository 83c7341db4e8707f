#include "connectors/declarative/request_reader.hpp"

#include <algorithm>

namespace earshot::connectors::declarative {
namespace {

using Kind = TomlNode::Kind;

void read_headers(TomlReader& reader, ValueReader& own, const TomlNode* table, RequestSpec& request) {
  if (table == nullptr) return;
  for (const auto& [name, node] : table->members) {
    auto value = own.text(node);
    if (name.find_first_of("\r\n: ") != std::string::npos ||
        value.written.find_first_of("\r\n") != std::string::npos)
      reader.mistake_at(node, "a header holds no line breaks");
    request.headers.emplace_back(name, std::move(value));
  }
}

/// A duration, or the place of the reply's own word for it.
void read_lasts(TomlReader& reader, ValueReader& own, StepSpec& step) {
  const auto* node = reader.find("lasts");
  if (node == nullptr) return;
  if (node->is(Kind::text) && !looks_like_pointer(node->text))
    step.lasts = reader.duration("lasts", step.lasts, std::chrono::seconds(1));
  else
    step.lasts_s = own.value(*node);
}

}  // namespace

bool is_taken_name(std::string_view name) {
  static constexpr std::string_view taken[] = {
      "base",         "cursor",       "start",          "page",      "each",
      "host",         "credential",   "file",           "name",      "brands",
      "about",        "type",         "interval",       "enabled",   "connector",
      "hydrate",      "interval_max", "pages_per_poll", "pages_max", "history_days",
      "hydrate_paid", "ids",          "answered_by",    "heard",     "requests_per_day"};
  return std::ranges::find(taken, name) != std::end(taken);
}

bool is_free_name(std::string_view name, const Names& names) {
  const bool well_made = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  return well_made && !is_taken_name(name) &&
         std::ranges::find(names.variables, name) == names.variables.end();
}

std::string read_setting_name(TomlReader& reader, std::string_view key, SettingSpec::Kind kind,
                              const std::vector<SettingSpec>& settings) {
  auto name = reader.text(key);
  if (name.empty()) return name;
  std::vector<std::string> known;
  for (const auto& setting : settings)
    if (setting.kind == kind) known.push_back(setting.name);
  if (std::ranges::find(known, name) == known.end())
    reader.mistake(key, std::string("must name a setting that is a ") +
                            (kind == SettingSpec::Kind::list ? "list" : "flag") + suggestion(name, known));
  return name;
}

RequestSpec read_request(TomlReader& reader, const TomlNode* shared, const Names& names) {
  RequestSpec request;
  ValueReader own(names, reader.name(), reader.mistakes());
  request.method = reader.word("method", {"GET", "POST"});
  if (const auto* path = reader.find("path"))
    request.path = own.text(*path);
  else
    reader.mistake("path", "is missing");
  if (!request.path.written.starts_with('/') && reader.find("path") != nullptr)
    reader.mistake("path", "begins with '/'");
  if (const auto* query = reader.table("query"))
    for (const auto& [name, node] : query->members) request.query.emplace_back(name, own.texts(node));
  read_headers(reader, own, shared, request);
  read_headers(reader, own, reader.table("headers"), request);
  if (const auto* body = reader.table("body")) {
    own.body(*body);
    request.body = *body;
    request.has_body = true;
    if (request.method != "POST") reader.mistake("body", "goes with method = \"POST\"");
  }
  return request;
}

StepSpec read_step(const TomlNode& table, const TomlNode* shared, const Platform& platform, Names& names,
                   TomlMistakes& mistakes) {
  TomlReader reader(table, "step", mistakes);
  StepSpec step;
  step.stream.name = reader.required_text("name");
  for (const auto& other : platform.steps)
    if (other.stream.name == step.stream.name)
      reader.mistake("name", "`" + step.stream.name + "` is used twice");
  step.stream.each = read_setting_name(reader, "each", SettingSpec::Kind::list, platform.settings);
  const auto before = names.variables;
  if (!step.stream.each.empty()) names.variables.emplace_back("each");
  step.stream.request = read_request(reader, shared, names);
  names.variables = before;
  ValueReader own(names, "step", mistakes);
  read_lasts(reader, own, step);
  const auto* values = reader.table("values");
  if (values == nullptr || values->members.empty())
    reader.mistake("values", "is missing: what of the reply do later requests use?");
  else
    for (const auto& [name, node] : values->members) {
      if (!is_free_name(name, names))
        reader.mistake_at(node, "the name `" + name + "` is taken, or not made of a-z, 0-9 and _");
      else
        step.values.emplace_back(name, own.value(node));
    }
  for (const auto& [name, value] : step.values) names.variables.push_back(name);
  reader.finish();
  return step;
}

}  // namespace earshot::connectors::declarative
