#include "connectors/exec/record_map.hpp"

#include <algorithm>

#include "connectors/declarative/field_reader.hpp"
#include "connectors/declarative/page_reader.hpp"
#include "connectors/declarative/value_reader.hpp"
#include "connectors/normalise.hpp"
#include "core/base/json_writer.hpp"

namespace earshot::connectors::exec {
namespace {

using declarative::Condition;
using declarative::Field;
using declarative::FieldSpec;
using declarative::Pointer;
using declarative::Value;
using Used = std::set<std::string, std::less<>>;

void collect(const std::vector<Condition>& conditions, Used& used);

void collect(const Pointer& pointer, Used& used) {
  if (!pointer.steps.empty() && pointer.steps[0].kind == Pointer::Step::Kind::member)
    used.insert(pointer.steps[0].name);
}

/// The record's own keys that a value looks at.
void collect(const Value& value, Used& used) {
  for (const auto& how : value.alternatives) {
    collect(how.pointer, used);
    for (const auto& piece : how.text.pieces) collect(piece.pointer, used);
    for (const auto& part : how.parts) collect(part, used);
    collect(how.when, used);
  }
}

void collect(const std::vector<Condition>& conditions, Used& used) {
  for (const auto& condition : conditions) {
    collect(condition.at, used);
    collect(condition.all, used);
  }
}

bool has(const std::vector<FieldSpec>& fields, Field field) {
  return std::ranges::find(fields, field, &FieldSpec::field) != fields.end();
}

/// What was asked for by name, and every key that nobody asked for.
void keep_unknown(JsonValue record, const Used& used, Mention& mention) {
  JsonWriter extra;
  extra.begin_object();
  bool any = false;
  const auto named = parse_json(mention.extra);
  if (named)
    for (const auto member : named->root()) extra.key(member.key()).raw(member.raw());
  for (const auto member : record) {
    if (!member || used.contains(member.key())) continue;
    if (named && named->root()[member.key()].type() != JsonValue::Type::absent) continue;
    extra.key(member.key()).raw(member.raw());
    any = true;
  }
  extra.end_object();
  if (any) mention.extra = extra.str();
}

}  // namespace

RecordMap RecordMap::read(const std::string& platform, const std::vector<const TomlNode*>& tables,
                          TomlMistakes& mistakes) {
  RecordMap out;
  const declarative::Names names{.origins = {"page"}, .variables = {"stream"}};
  for (const auto* table : tables) {
    TomlReader reader(*table, "map", mistakes);
    StreamMap map;
    map.stream = reader.required_text("stream");
    for (const auto& other : out.streams_)
      if (other.stream == map.stream) reader.mistake("stream", "`" + map.stream + "` is mapped twice");
    map.platform.name = reader.text("platform", platform);
    declarative::StreamSpec stream;
    stream.name = map.stream;
    stream.items.at = {Pointer{}};
    stream.items.undated = reader.flag("undated", false);
    declarative::ValueReader values(names, "map", mistakes);
    if (const auto* skip = reader.find("skip")) stream.items.skip = values.conditions(*skip);
    stream.fields =
        declarative::read_fields(*table, "map", names, mistakes, {"stream", "platform", "undated", "skip"});
    if (!has(stream.fields, Field::native_id))
      reader.mistake("native_id", "is missing: which value is the id?");
    if (!has(stream.fields, Field::created_at) && !stream.items.undated)
      reader.mistake("created_at", "is missing; write undated = true when the records have no time");
    if (!has(stream.fields, Field::text) && !has(stream.fields, Field::title))
      reader.mistake("text", "is missing, and so is `title`");
    for (const auto& field : stream.fields) {
      collect(field.value, map.used);
      collect(field.conditions, map.used);
    }
    map.platform.streams.push_back(std::move(stream));
    out.streams_.push_back(std::move(map));
  }
  return out;
}

void RecordMap::take(std::string_view stream, JsonValue record, std::size_t index, Timestamp now,
                     Page& page) const {
  const auto map = std::ranges::find(streams_, stream, &StreamMap::stream);
  if (map == streams_.end()) return;
  const declarative::Variables variables{{"stream", map->stream}};
  auto read = declarative::read_page(map->platform, map->platform.streams.front(), record, variables, now);
  if (!read) {
    page.bad_items.push_back({index, read.error().message});
    return;
  }
  for (auto& bad : read->page.bad_items) page.bad_items.push_back({index, std::move(bad.reason)});
  for (auto& mention : read->page.mentions) {
    keep_unknown(record, map->used, mention);
    auto limited = normalise(std::move(mention));
    if (limited)
      page.mentions.push_back(std::move(*limited));
    else
      page.bad_items.push_back({index, limited.error().message});
  }
}

}  // namespace earshot::connectors::exec
