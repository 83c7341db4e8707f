#include "connectors/exec/output.hpp"

#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"

namespace earshot::connectors::exec {

Result<Place> Place::read(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  Place out;
  const auto state = (*json)["state"];
  if (state.type() != JsonValue::Type::absent) out.state = state.raw();
  out.unsaved = (*json)["unsaved"].count().value_or(0);
  return out;
}

Cursor Place::write() const {
  JsonWriter out;
  out.begin_object();
  if (!state.empty()) out.key("state").raw(state);
  if (unsaved > 0) out.field("unsaved", unsaved);
  out.end_object();
  return Cursor{.schema = schema, .json = out.str()};
}

void Output::bad_line(std::string reason, Place& place, Page& page) {
  ++place.unsaved;
  ++lines_;
  page.bad_items.push_back({lines_, "line " + std::to_string(lines_) + ": " + std::move(reason)});
}

Result<Output::Kind> Output::take(std::string_view line, Timestamp now, Place& place, Page& page) {
  line = trim(line);
  if (line.empty()) return Kind::other;
  const auto json = parse_json(line);
  if (!json || !json->root().is_object()) {
    bad_line(json ? "the line is not an object" : json.error().message, place, page);
    return Kind::bad;
  }
  const auto root = json->root();
  // Types of messages are in capitals; a mention may have a `type` of its own.
  const auto type = root["type"].text();
  for (const auto* known : {"RECORD", "STATE", "SCHEMA", "ACTIVATE_VERSION", "BATCH"})
    if (type == known) return take_message(type, root, now, place, page);
  ++lines_;
  import::ImportOptions options;
  options.platform = platform_;
  options.now = now;
  auto mention = parser_.parse(line, options);
  if (mention)
    page.mentions.push_back(std::move(*mention));
  else
    page.bad_items.push_back({lines_, "line " + std::to_string(lines_) + ": " + mention.error().message});
  ++place.unsaved;
  return mention ? Kind::record : Kind::bad;
}

Result<Output::Kind> Output::take_message(std::string_view type, JsonValue root, Timestamp now, Place& place,
                                          Page& page) {
  if (type == "STATE") {
    const auto value = root["value"];
    if (value.type() == JsonValue::Type::absent || value.type() == JsonValue::Type::broken) {
      bad_line("a STATE without a `value`", place, page);
      return Kind::bad;
    }
    if (value.raw().size() > Place::state_bytes_max)
      return unexpected(ErrorKind::too_large, "its STATE has " + std::to_string(value.raw().size()) +
                                                  " bytes, and a checkpoint holds " +
                                                  std::to_string(Place::state_bytes_max) +
                                                  ": give it fewer streams to read");
    ++lines_;
    // One that says what the last one said makes nothing safe: what came in between counts on.
    if (value.raw() == place.state) return Kind::other;
    place = Place{.state = std::string(value.raw())};
    return Kind::state;
  }
  if (type != "RECORD") {
    ++lines_;
    return Kind::other;
  }
  const auto record = root["record"];
  if (!record.is_object() || !root["stream"].is_string()) {
    bad_line("a RECORD without `stream` or `record`", place, page);
    return Kind::bad;
  }
  ++lines_;
  ++place.unsaved;
  if (!map_.empty()) {
    map_.take(root["stream"].text(), record, lines_, now, page);
    return Kind::record;
  }
  import::ImportOptions options;
  options.platform = platform_;
  options.now = now;
  auto mention = parser_.parse(record.raw(), options);
  if (!mention)
    page.bad_items.push_back({lines_, "line " + std::to_string(lines_) + ": " + mention.error().message});
  else
    page.mentions.push_back(std::move(*mention));
  return Kind::record;
}

}  // namespace earshot::connectors::exec
