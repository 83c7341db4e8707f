#include "connectors/webhook/body_map.hpp"

#include <algorithm>

#include "connectors/declarative/field_reader.hpp"
#include "connectors/declarative/page_reader.hpp"
#include "connectors/declarative/value_reader.hpp"
#include "embedded/webhooks.hpp"

namespace earshot::connectors::webhook {
namespace {

using declarative::Field;
using declarative::FieldSpec;

constexpr std::string_view file_ending = ".toml";

bool has(const std::vector<FieldSpec>& fields, Field field) {
  return std::ranges::find(fields, field, &FieldSpec::field) != fields.end();
}

}  // namespace

BodyMap BodyMap::read(const std::string& platform, const std::vector<const TomlNode*>& tables,
                      TomlMistakes& mistakes) {
  BodyMap out;
  const declarative::Names names{.origins = {"page", "parent"}, .variables = {}};
  for (const auto* table : tables) {
    TomlReader reader(*table, "map", mistakes);
    Map map;
    map.events = reader.list("event");
    map.platform.name = reader.text("platform", platform);
    declarative::StreamSpec spec;
    spec.name = "push";
    spec.items.at = {declarative::Pointer{}};
    spec.items.undated = reader.flag("undated", false);
    declarative::ValueReader values(names, "map", mistakes);
    if (const auto* at = reader.find("at")) spec.items.at = values.pointers(*at);
    if (const auto* each = reader.find("each")) spec.items.each = values.pointers(*each);
    if (const auto* empty = reader.find("empty")) spec.items.empty = values.conditions(*empty);
    if (const auto* skip = reader.find("skip")) spec.items.skip = values.conditions(*skip);
    spec.fields = declarative::read_fields(*table, "map", names, mistakes,
                                           {"event", "platform", "undated", "at", "each", "empty", "skip"});
    if (!has(spec.fields, Field::native_id))
      reader.mistake("native_id", "is missing: which value is the id?");
    if (!has(spec.fields, Field::created_at) && !spec.items.undated)
      reader.mistake("created_at", "is missing; write undated = true when the items have no time");
    if (!has(spec.fields, Field::text) && !has(spec.fields, Field::title))
      reader.mistake("text", "is missing, and so is `title`");
    map.platform.streams.push_back(std::move(spec));
    out.maps_.push_back(std::move(map));
  }
  return out;
}

Page BodyMap::take(std::string_view event, JsonValue body, Timestamp now) const {
  Page page;
  std::size_t index = 0;
  for (const auto& map : maps_) {
    if (!map.events.empty() && std::ranges::find(map.events, event) == map.events.end()) continue;
    auto read = declarative::read_page(map.platform, map.platform.streams.front(), body, {}, now);
    if (!read) {
      page.bad_items.push_back({index++, read.error().message});
      continue;
    }
    for (auto& bad : read->page.bad_items) page.bad_items.push_back({index + bad.index, std::move(bad.reason)});
    index += read->items;
    for (auto& mention : read->page.mentions) page.mentions.push_back(std::move(mention));
  }
  return page;
}

std::vector<std::string> shipped_maps() {
  std::vector<std::string> out;
  for (const auto& file : embedded::webhooks())
    out.emplace_back(file.name.substr(0, file.name.size() - file_ending.size()));
  return out;
}

Result<BodyMap> shipped_map(std::string_view name) {
  for (const auto& file : embedded::webhooks()) {
    if (file.name != std::string(name) + std::string(file_ending)) continue;
    auto root = parse_toml(file.bytes, std::string(file.name));
    if (!root) return unexpected(root.error());
    TomlMistakes mistakes{std::string(file.name)};
    TomlReader reader(*root, "webhook", mistakes);
    auto map = BodyMap::read("", reader.tables("map"), mistakes);
    reader.finish();
    if (!mistakes.empty()) return unexpected(ErrorKind::invalid, mistakes.text());
    return map;
  }
  return unexpected(ErrorKind::invalid, "there is no shipped map `" + std::string(name) + "`" +
                                            suggestion(name, shipped_maps()));
}

}  // namespace earshot::connectors::webhook
