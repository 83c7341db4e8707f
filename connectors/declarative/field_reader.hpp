#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "connectors/declarative/platform.hpp"
#include "connectors/declarative/value_reader.hpp"

namespace earshot::connectors::declarative {

/// Reads which value becomes which field of a mention; mistakes go where they belong, under `table`. Keys in
/// `others` are the caller's.
std::vector<FieldSpec> read_fields(const TomlNode& node, const std::string& table, const Names& names,
                                   TomlMistakes& mistakes, const std::vector<std::string>& others = {});

/// As it is written in files: "author.handle".
std::string_view to_string(Field field);

}  // namespace earshot::connectors::declarative
