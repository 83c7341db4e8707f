#pragma once
#include <string_view>

#include "connectors/declarative/platform.hpp"
#include "connectors/declarative/value_reader.hpp"

namespace earshot::connectors::declarative {

/// [items]: where a reply holds what it lists. Mistakes go where they belong.
ItemsSpec read_items(const TomlNode& node, const Names& names, TomlMistakes& mistakes);
/// What a table does not say itself, the file's top says for all of them.
const TomlNode* own_or_shared(TomlReader& own, TomlReader& root, std::string_view key);
/// `items`, `page` and `fields` of a stream or a follow-up, which gives mentions: what they cannot do without
/// is a mistake.
void read_listing(TomlReader& own, TomlReader& root, const net::CredentialForm& credential,
                  const Names& names, StreamSpec& into);
/// [cursor]: what of it is remembered between polls.
CursorSpec read_cursor(const TomlNode& node, const Names& names, TomlMistakes& mistakes);
/// Whether {name} stands in its path or query.
bool names_variable(const RequestSpec& request, std::string_view name);

}  // namespace earshot::connectors::declarative
