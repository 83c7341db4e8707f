#include "connectors/declarative/field_reader.hpp"

#include "core/model/names.hpp"

namespace earshot::connectors::declarative {
namespace {

struct FieldName {
  std::string_view name;
  Field field;
};
constexpr FieldName field_names[] = {
    {"native_id", Field::native_id},
    {"kind", Field::kind},
    {"text", Field::text},
    {"title", Field::title},
    {"url", Field::url},
    {"lang", Field::lang},
    {"author.id", Field::author_id},
    {"author.handle", Field::author_handle},
    {"author.name", Field::author_name},
    {"author.followers", Field::author_followers},
    {"author.bot", Field::author_bot},
    {"created_at", Field::created_at},
    {"edited_at", Field::edited_at},
    {"in_reply_to", Field::in_reply_to},
    {"conversation", Field::conversation},
    {"rating", Field::rating},
    {"engagement.likes", Field::likes},
    {"engagement.reposts", Field::reposts},
    {"engagement.replies", Field::replies},
    {"engagement.views", Field::views},
    {"tags", Field::tags},
    {"links", Field::links},
    {"deleted", Field::deleted},
};

Value constant(const std::string& text) {
  Value::Alternative only;
  only.kind = Value::Alternative::Kind::constant;
  only.constant = text;
  return Value{{only}};
}

}  // namespace

std::vector<FieldSpec> read_fields(const TomlNode& node, const std::string& table, const Names& names,
                                   TomlMistakes& mistakes, const std::vector<std::string>& others) {
  std::vector<FieldSpec> fields;
  TomlReader reader(node, table, mistakes);
  for (const auto& other : others) (void)reader.find(other);
  ValueReader own(names, table, mistakes);
  for (const auto* group : {"author", "engagement"}) {
    const auto* members_table = reader.table(group);
    if (members_table == nullptr) continue;
    TomlReader members(*members_table, table + "." + group, mistakes);
    for (const auto& [name, field] : field_names)
      if (name.starts_with(std::string(group) + "."))
        if (const auto* found = members.find(name.substr(name.find('.') + 1)))
          fields.push_back({field, std::string(name), own.value(*found)});
    members.finish();
  }
  for (const auto& [name, field] : field_names) {
    if (name.find('.') != std::string_view::npos) continue;
    const auto* found = reader.find(name);
    if (found == nullptr) continue;
    if (field == Field::deleted)
      fields.push_back({field, std::string(name), {}, own.conditions(*found)});
    else if (field == Field::kind && mention_kind_from(found->text))
      fields.push_back({field, std::string(name), constant(found->text)});
    else
      fields.push_back({field, std::string(name), own.value(*found)});
  }
  if (const auto* extra = reader.table("extra"))
    for (const auto& [name, found] : extra->members) fields.push_back({Field::extra, name, own.value(found)});
  reader.finish();
  return fields;
}

std::string_view to_string(Field wanted) {
  for (const auto& [name, field] : field_names)
    if (field == wanted) return name;
  return {};
}

}  // namespace earshot::connectors::declarative
