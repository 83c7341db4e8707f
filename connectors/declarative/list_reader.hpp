#pragma once
#include <string_view>

#include "connectors/declarative/platform.hpp"
#include "connectors/declarative/value_reader.hpp"

namespace earshot::connectors::declarative {

/// [items]: where a reply holds what it lists. Mistakes go where they belong.
ItemsSpec read_items(const TomlNode& node, const Names& names, TomlMistakes& mistakes);
/// [cursor]: what of it is remembered between polls.
CursorSpec read_cursor(const TomlNode& node, const Names& names, TomlMistakes& mistakes);
/// Whether {name} stands in its path or query.
bool names_variable(const RequestSpec& request, std::string_view name);

}  // namespace earshot::connectors::declarative
