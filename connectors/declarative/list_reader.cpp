#include "connectors/declarative/list_reader.hpp"

#include <algorithm>

#include "connectors/declarative/field_reader.hpp"

namespace earshot::connectors::declarative {
namespace {

PageSpec read_page(const TomlNode& node, const net::CredentialForm& credential, const Names& names,
                   TomlMistakes& mistakes) {
  TomlReader reader(node, "page", mistakes);
  ValueReader own(names, "page", mistakes);
  PageSpec page;
  static const std::vector<std::string> kinds = {"none", "token", "number", "offset", "link", "url", "item"};
  const auto kind = reader.word("kind", kinds);
  page.kind = static_cast<PageKind>(std::ranges::find(kinds, kind) - kinds.begin());
  if (const auto* at = reader.find("at")) page.at = own.value(*at);
  const bool needs =
      page.kind == PageKind::token || page.kind == PageKind::url || page.kind == PageKind::item;
  if (needs && page.at.empty()) reader.mistake("at", "is missing: where does the next page's value stand?");
  const bool follows = page.kind == PageKind::link || page.kind == PageKind::url;
  if (follows && credential.kind == net::CredentialForm::Kind::url)
    reader.mistake("kind", "cannot follow addresses here: they would repeat the credential, and be stored");
  page.rel = reader.text("rel", "next");
  page.start = reader.integer("start", page.kind == PageKind::offset ? 0 : 1, 0, 1'000'000);
  page.size = reader.integer("size", 0, 1, 100'000);
  page.max = reader.integer("max", 0, 1, 1'000'000);
  page.add = reader.integer("add", 0, -1, 1);
  page.span = reader.integer("span", 0, 1, 100'000);
  const bool says_more =
      page.kind == PageKind::token || page.kind == PageKind::link || page.kind == PageKind::url;
  page.empty_ends = reader.flag("empty_ends", !says_more);
  if (const auto* stop = reader.find("stop")) page.stop = own.conditions(*stop);
  if (const auto* more = reader.find("more")) page.more = own.conditions(*more);
  reader.finish();
  return page;
}

bool names(const Template& text, std::string_view variable) {
  return std::ranges::any_of(text.pieces, [&](const Template::Piece& piece) {
    return piece.kind == Template::Piece::Kind::variable && piece.text == variable;
  });
}

bool names(const TomlNode& body, std::string_view variable) {
  if (body.is(TomlNode::Kind::text)) {
    std::string why;
    const auto text = parse_template(body.text, why);
    return text && names(*text, variable);
  }
  const auto does = [&](const TomlNode& node) { return names(node, variable); };
  return std::ranges::any_of(body.elements, does) ||
         std::ranges::any_of(body.members, [&](const auto& member) { return does(member.value); });
}

}  // namespace

const TomlNode* own_or_shared(TomlReader& own, TomlReader& root, std::string_view key) {
  const auto* shared = root.table(key);
  const auto* table = own.table(key);
  return table != nullptr ? table : shared;
}

void read_listing(TomlReader& own, TomlReader& root, const net::CredentialForm& credential,
                  const Names& names, StreamSpec& into) {
  auto& mistakes = own.mistakes();
  if (const auto* node = own_or_shared(own, root, "items")) into.items = read_items(*node, names, mistakes);
  if (const auto* node = own_or_shared(own, root, "page"))
    into.page = read_page(*node, credential, names, mistakes);
  if (const auto* node = own_or_shared(own, root, "fields"))
    into.fields = read_fields(*node, "fields", names, mistakes);
  const auto has = [&](Field field) {
    return std::ranges::find(into.fields, field, &FieldSpec::field) != into.fields.end();
  };
  if (into.items.at.empty()) own.mistake_at(own.node(), "has no `items.at`: where are the items?");
  for (const auto field : {Field::native_id, Field::created_at})
    if (!has(field)) own.mistake_at(own.node(), "has no field `" + std::string(to_string(field)) + "`");
  if (!has(Field::text) && !has(Field::title))
    own.mistake_at(own.node(), "has neither `text` nor `title` among its fields");
}

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
  cursor.counts_anew = reader.duration("counts_anew", {}, {});
  if (cursor.counts_anew.count() > 0 && cursor.kind != CursorKind::ascending_id)
    reader.mistake("counts_anew", "goes with `kind` `ascending_id`");
  cursor.reread = reader.duration("reread", {}, {});
  cursor.reread_every = reader.duration("reread_every", std::chrono::hours(24), std::chrono::minutes(1));
  if (cursor.reread.count() > 0 && cursor.kind != CursorKind::time &&
      cursor.kind != CursorKind::descending_id)
    reader.mistake("reread", "goes with `kind` `time` or `descending_id`: others cannot be set back");
  reader.finish();
  return cursor;
}

bool names_variable(const RequestSpec& request, std::string_view name) {
  const auto does = [&](const Template& text) { return names(text, name); };
  return does(request.path) || (request.has_body && names(request.body, name)) ||
         std::ranges::any_of(request.query,
                             [&](const auto& one) { return std::ranges::any_of(one.second, does); });
}

}  // namespace earshot::connectors::declarative
