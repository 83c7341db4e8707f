#include "connectors/declarative/list_reader.hpp"

#include <algorithm>

namespace earshot::connectors::declarative {

ItemsSpec read_items(const TomlNode& node, const Names& names, TomlMistakes& mistakes) {
  TomlReader reader(node, "items", mistakes);
  ValueReader own(names, "items", mistakes);
  ItemsSpec items;
  if (const auto* at = reader.find("at")) items.at = own.pointers(*at);
  if (const auto* each = reader.find("each")) items.each = own.pointers(*each);
  items.members = reader.word("object", {"item", "members"}) == "members";
  items.undated = reader.flag("undated", false);
  items.wordless = reader.flag("wordless", false);
  if (const auto* empty = reader.find("empty")) items.empty = own.conditions(*empty);
  if (const auto* skip = reader.find("skip")) items.skip = own.conditions(*skip);
  reader.finish();
  return items;
}

CursorSpec read_cursor(const TomlNode& node, const Names& names, TomlMistakes& mistakes) {
  TomlReader reader(node, "cursor", mistakes);
  ValueReader own(names, "cursor", mistakes);
  CursorSpec cursor;
  static const std::vector<std::string> kinds = {"conditional", "ascending_id", "descending_id", "time",
                                                 "opaque"};
  static const CursorKind values_of[] = {CursorKind::conditional, CursorKind::ascending_id,
                                         CursorKind::descending_id, CursorKind::time, CursorKind::opaque};
  const auto kind = reader.word("kind", kinds);
  cursor.kind = values_of[std::ranges::find(kinds, kind) - kinds.begin()];
  if (const auto* value = reader.find("value")) cursor.value = own.value(*value);
  if (cursor.value.empty() && cursor.kind != CursorKind::conditional)
    reader.mistake("value", "is missing: which value of an item (or of the page) is remembered?");
  cursor.ascending = reader.word("order", {"newest_first", "oldest_first"}) == "oldest_first";
  static const std::vector<std::string> formats = {"rfc3339", "epoch_s", "epoch_ms", "date",
                                                   "discord_snowflake"};
  const auto format = reader.word("format", formats);
  cursor.format = static_cast<TimeFormat>(std::ranges::find(formats, format) - formats.begin());
  cursor.overlap = reader.duration("overlap", {}, {});
  cursor.lag = reader.duration("lag", {}, {});
  cursor.add = reader.integer("add", 0, 0, 1);
  reader.finish();
  return cursor;
}

bool names_variable(const RequestSpec& request, std::string_view name) {
  const auto does = [&](const Template& text) {
    return std::ranges::any_of(text.pieces, [&](const Template::Piece& piece) {
      return piece.kind == Template::Piece::Kind::variable && piece.text == name;
    });
  };
  return does(request.path) || std::ranges::any_of(request.query, [&](const auto& one) {
           return std::ranges::any_of(one.second, does);
         });
}

}  // namespace earshot::connectors::declarative
