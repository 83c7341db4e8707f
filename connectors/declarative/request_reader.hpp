#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "connectors/declarative/platform.hpp"
#include "connectors/declarative/value_reader.hpp"

/// Requests out of a file's tables: those of streams, and the steps before them.
namespace earshot::connectors::declarative {

/// Names that settings and values of steps cannot have, since they mean something already.
bool is_taken_name(std::string_view name);

/// The name under `key`, of a setting of that kind; empty when it is absent.
std::string read_setting_name(TomlReader& reader, std::string_view key, SettingSpec::Kind kind,
                              const std::vector<SettingSpec>& settings);

/// `method`, `path`, `query`, `headers` and `body`; `shared` headers stand before its own.
RequestSpec read_request(TomlReader& reader, const TomlNode* shared, const Names& names);

/// A name under which a value can be used by templates: made of a-z, 0-9 and _, and nobody's yet.
bool is_free_name(std::string_view name, const Names& names);

/// One [[step]]; its values are names for what comes after it.
StepSpec read_step(const TomlNode& table, const TomlNode* shared, const Platform& platform, Names& names,
                   TomlMistakes& mistakes);

}  // namespace earshot::connectors::declarative
